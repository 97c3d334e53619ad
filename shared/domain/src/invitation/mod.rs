//! Invitations: an offer to an e-mail address to join an organization with a role until it expires.

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
pub use respond::{AcceptError, Acceptance, accept, decline, ensure_open};

/// An invitation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id of the invitation.
    pub id: InvitationId,
    /// The id of the organization to join.
    pub org_id: OrgId,
    /// The organization's name when the invitation was created or last resent, for the mail.
    pub org_name: String,
    /// The invited address.
    pub email: EmailAddress,
    /// The role that the invitation grants.
    pub role: Role,
    /// The recorded state. A pending invitation expires without a write: see
    /// [`Invitation::status`].
    pub state: State,
    /// The delivery of the invitation's last mail.
    pub delivery: Delivery,
    /// The member who created the invitation.
    pub invited_by: Inviter,
    /// The user id of the person who accepted the invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<UserId>,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time at which the invitation expires.
    pub expires_at: DateTime<Utc>,
    /// The validity period, which starts again with each resend.
    #[serde(rename = "open_for")]
    pub validity: ExpiresInDays,
    /// The number of requested mails: 1 at creation, increased by 1 with each resend.
    pub send_seq: u32,
    /// The `send_seq` of the last mail that SES accepted; 0 before the first one.
    pub sent_seq: u32,
    /// The hashes of the secrets in the links for the current `send_seq`. A retried delivery adds
    /// another one.
    #[serde(skip)]
    pub secrets: Vec<SecretHash>,
    /// The hashes of the secrets in the opt-out links of all mails. These links stay valid after a
    /// resend.
    #[serde(skip)]
    pub opt_outs: Vec<SecretHash>,
    /// The version: 1 at creation, increased by 1 with each change that the API shows.
    pub version: u32,
}

/// The recorded state of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The invitation is open until it expires.
    Pending,
    /// A person accepted the invitation.
    Accepted,
    /// The recipient declined the invitation.
    Declined,
    /// A member revoked the invitation.
    Revoked,
}

/// The status of an invitation.
///
/// - `pending`: the recipient can accept or decline it until it expires.
/// - `accepted`: a person accepted it and became a member.
/// - `declined`: the recipient declined it.
/// - `revoked`: a member of the organization revoked it.
/// - `expired`: its validity period is over. It can be resent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InvitationStatus)]
pub enum Status {
    /// The recipient can accept or decline the invitation until it expires.
    Pending,
    /// A person accepted the invitation and became a member.
    Accepted,
    /// The recipient declined the invitation.
    Declined,
    /// A member of the organization revoked the invitation.
    Revoked,
    /// The validity period is over. The invitation can be resent.
    Expired,
}

/// The member who created an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inviter {
    /// The inviter's user id.
    #[schema(value_type = String, example = "auth0|5e1f00")]
    pub user_id: UserId,
    /// The inviter's name, or the masked e-mail address (`a***@example.com`) if the inviter has no
    /// name.
    #[schema(example = "Ann")]
    pub name: String,
}

impl Invitation {
    /// Returns the status at `now`.
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

    /// Returns true if `secret` belongs to a link of the invitation's current mail.
    #[must_use]
    pub fn accepts_link_secret(&self, secret: &Secret) -> bool {
        secret.hash().is_among(&self.secrets)
    }

    /// Returns true if `secret` belongs to an opt-out link of one of the invitation's mails.
    #[must_use]
    pub fn accepts_opt_out_secret(&self, secret: &Secret) -> bool {
        secret.hash().is_among(&self.opt_outs)
    }
}

/// The number of days for which an invitation is valid: 1 to 30, by default 7.
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

/// The lock of an address in an organization. It makes the address unique: an address has at most
/// one pending invitation or one membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AddressLock {
    /// The address has an invitation. The address is free again when the invitation expires.
    Pending {
        /// The id of the invitation.
        invitation_id: InvitationId,
        /// The time at which the invitation expires, in milliseconds since 1970.
        exp: i64,
    },
    /// The address belongs to a member.
    Member {
        /// The user id of the member.
        user_id: UserId,
    },
}

impl AddressLock {
    /// Returns true if the address is taken at `now`.
    #[must_use]
    pub fn is_taken(&self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Pending { exp, .. } => *exp > now.timestamp_millis(),
            Self::Member { .. } => true,
        }
    }
}
