//! Invitations: an address is asked to join, as a role, until a time.

mod delivery;
mod issue;
mod respond;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::email::EmailAddress;
use crate::id::{InvitationId, OrgId, UserId};
use crate::invalid::InvalidError;
use crate::role::Role;
use crate::token::{Secret, SecretHash};

pub use delivery::{Block, Delivery, Outcome};
pub use issue::{
    InvitationClosure, Invite, InviteError, NewInvitation, NotPendingError, Resend, invite, resend,
    revoke,
};
pub use respond::{AcceptError, Acceptance, JoinError, accept, decline, ensure_open};

/// An invitation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The organization to join.
    pub org_id: OrgId,
    /// The organization's name when the invitation was made, for the mail.
    pub org_name: String,
    /// Who is asked.
    pub email: EmailAddress,
    /// As what.
    pub role: Role,
    /// What became of it; time alone makes a pending one expired.
    pub state: State,
    /// What became of its mail.
    pub delivery: Delivery,
    /// Who asks.
    pub invited_by: Inviter,
    /// Who accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<UserId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// For how long it is open, from each time that it is sent.
    #[serde(rename = "open_for")]
    pub validity: ExpiresInDays,
    /// How many mails were asked for: 1, and one more with each resend.
    pub send_seq: u32,
    /// The last one that was handed to SES.
    pub sent_seq: u32,
    /// Hashes of the secrets mailed for the current `send_seq` (more than one after a retried
    /// delivery).
    #[serde(skip)]
    pub secrets: Vec<SecretHash>,
    /// Hashes of the secrets in all its mails' opt-out links, which stay good when it is sent
    /// again.
    #[serde(skip)]
    pub opt_outs: Vec<SecretHash>,
    /// 1 at creation, one more with each change that shows.
    pub version: u32,
}

/// What was decided about an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing yet.
    Pending,
    /// Accepted.
    Accepted,
    /// Declined.
    Declined,
    /// Revoked.
    Revoked,
}

/// What an invitation shows of itself: its state, and `expired` for a pending one after its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InvitationStatus)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    Pending,
    Accepted,
    Declined,
    Revoked,
    Expired,
}

/// Who invites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inviter {
    /// The inviter's user id.
    #[schema(value_type = String, example = "auth0|5e1f00")]
    pub user_id: UserId,
    /// The inviter's name, or address where the token had no name.
    #[schema(example = "Ann")]
    pub name: String,
}

impl Invitation {
    /// The status at `now`.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        match self.state {
            State::Pending if now >= self.expires_at => Status::Expired,
            State::Pending => Status::Pending,
            State::Accepted => Status::Accepted,
            State::Declined => Status::Declined,
            State::Revoked => Status::Revoked,
        }
    }

    /// Whether `secret` is in a link that this invitation's mails carried.
    #[must_use]
    pub fn accepts_link_secret(&self, secret: &Secret) -> bool {
        secret.hash().is_among(&self.secrets)
    }

    /// Whether `secret` is in an opt-out link of this invitation's mails.
    #[must_use]
    pub fn accepts_opt_out_secret(&self, secret: &Secret) -> bool {
        secret.hash().is_among(&self.opt_outs)
    }

    /// The invitation on the wire.
    #[must_use]
    pub fn view(&self, now: DateTime<Utc>) -> InvitationView {
        InvitationView {
            id: self.id.to_string(),
            org_id: self.org_id.to_string(),
            email: self.email.as_entered().to_owned(),
            role: self.role,
            status: self.status(now),
            delivery: self.delivery,
            invited_by: self.invited_by.clone(),
            accepted_by: self.accepted_by.as_ref().map(ToString::to_string),
            created_at: self.created_at,
            expires_at: self.expires_at,
            version: self.version,
        }
    }
}

/// An invitation on the wire; never its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// `inv_` and 32 hex digits.
    #[schema(example = "inv_019ab3c0d5e07f10a2b3c4d5e6f70813")]
    pub id: String,
    /// The organization to join.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: String,
    /// The address, as it was typed.
    #[schema(example = "bob@example.com")]
    pub email: String,
    /// The role that accepting gives.
    pub role: Role,
    /// `expired` is a pending one seen after `expires_at`.
    pub status: Status,
    /// What became of the mail.
    pub delivery: Delivery,
    /// Who invites.
    pub invited_by: Inviter,
    /// Who accepted, null until then.
    #[schema(example = json!(null))]
    pub accepted_by: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// 1 at creation, one more with each change that shows, the mail's delivery included.
    #[schema(example = 1)]
    pub version: u32,
}

/// For how many days an invitation is open: 1 to 30, 7 unless it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ExpiresInDays(u8);

impl ExpiresInDays {
    fn duration(self) -> Duration {
        Duration::days(i64::from(self.0))
    }
}

impl Default for ExpiresInDays {
    fn default() -> Self {
        Self(7)
    }
}

impl<'de> Deserialize<'de> for ExpiresInDays {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = i64::deserialize(deserializer)?;
        u8::try_from(days).ok().filter(|days| (1..=30).contains(days)).map(Self).ok_or_else(|| {
            serde::de::Error::custom(InvalidError::new("out_of_range", "must be 1 to 30 days"))
        })
    }
}

/// What an address is to an organization, as its lock says: one lock is one pending invitation or
/// one membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AddressLock {
    /// Invited; free again after the time.
    Pending {
        /// The invitation.
        invitation_id: InvitationId,
        /// When the invitation expires, in milliseconds since 1970.
        exp: i64,
    },
    /// A member's address.
    Member {
        /// The member.
        user_id: UserId,
    },
}

impl AddressLock {
    /// Whether the address is taken at `now`.
    #[must_use]
    pub fn is_taken(&self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Pending { exp, .. } => *exp > now.timestamp_millis(),
            Self::Member { .. } => true,
        }
    }
}
