//! Invitations: an address is asked to join, as a role, until a time.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::email::EmailAddress;
use crate::id::{InvitationId, OrgId, UserId};
use crate::invalid::Invalid;
use crate::member::Member;
use crate::org::Org;
use crate::person::Person;
use crate::role::Role;
use crate::token::{Secret, SecretHash};

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
    /// How many mails were asked for: 1, and one more with each resend.
    pub send_seq: u32,
    /// The last one that was handed to SES.
    pub sent_seq: u32,
    /// Hashes of the secrets mailed for the current `send_seq` (more than one after a retried delivery).
    #[serde(skip)]
    pub secrets: Vec<SecretHash>,
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

/// What became of an invitation's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// To be sent.
    Queued,
    /// Handed to SES.
    Sent,
    /// Taken by the recipient's server.
    Delivered,
    /// Refused by the recipient's server.
    Bounced,
    /// Reported as unwanted.
    Complained,
    /// Not sent: SES refused it, or was away for too long.
    Failed,
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
    pub fn knows(&self, secret: &Secret) -> bool {
        secret.hash().is_among(&self.secrets)
    }

    /// The invitation on the wire.
    #[must_use]
    pub fn view(&self, now: DateTime<Utc>) -> InvitationView {
        InvitationView {
            id: self.id.to_string(),
            org_id: self.org_id.to_string(),
            email: self.email.typed().to_owned(),
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

impl Default for ExpiresInDays {
    fn default() -> Self {
        Self(7)
    }
}

impl<'de> Deserialize<'de> for ExpiresInDays {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = i64::deserialize(deserializer)?;
        u8::try_from(days)
            .ok()
            .filter(|days| (1..=30).contains(days))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(Invalid::new("out_of_range", "must be 1 to 30 days")))
    }
}

/// What an address is to an organization, as its lock says: one lock is one pending invitation or one membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AddressLock {
    /// Invited; free again after the time.
    Pending {
        /// The invitation.
        invitation_id: InvitationId,
        /// When the invitation expires, in seconds since 1970.
        exp: i64,
    },
    /// A member's address.
    Member {
        /// The member.
        user_id: UserId,
    },
}

/// Why an address was not invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteRefused {
    /// The address is a member's.
    #[error("the address is already a member's")]
    AlreadyMember,
    /// The address has an invitation that can still be accepted.
    #[error("the address already has a pending invitation")]
    AlreadyInvited(InvitationId),
}

/// The decision to invite an address.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct Invite {
    invitation: Invitation,
}

impl Invite {
    /// The new invitation.
    #[must_use]
    pub fn invitation(&self) -> &Invitation {
        &self.invitation
    }
}

/// Who is to be invited, as what, for how long.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// A fresh id.
    pub id: InvitationId,
    /// The address.
    pub email: EmailAddress,
    /// The role that accepting gives.
    pub role: Role,
    /// For how long.
    pub days: ExpiresInDays,
}

/// Invites an address, unless it is a member's or has an invitation that can still be accepted, as its `lock` says.
///
/// # Errors
/// [`InviteRefused`].
pub fn invite(
    org: &Org,
    inviter: &Member,
    new: NewInvitation,
    lock: Option<&AddressLock>,
    now: DateTime<Utc>,
) -> Result<Invite, InviteRefused> {
    match lock {
        Some(AddressLock::Member { .. }) => return Err(InviteRefused::AlreadyMember),
        Some(AddressLock::Pending { invitation_id, exp }) if *exp > now.timestamp() => {
            return Err(InviteRefused::AlreadyInvited(*invitation_id));
        }
        Some(AddressLock::Pending { .. }) | None => {}
    }
    let NewInvitation { id, email, role, days } = new;
    let invitation = Invitation {
        id,
        org_id: org.id,
        org_name: org.name.as_str().to_owned(),
        email,
        role,
        state: State::Pending,
        delivery: Delivery::Queued,
        invited_by: Inviter { user_id: inviter.user_id.clone(), name: inviter.shown_name() },
        accepted_by: None,
        created_at: now,
        expires_at: now + Duration::days(i64::from(days.0)),
        send_seq: 1,
        sent_seq: 0,
        secrets: Vec::new(),
        version: 1,
    };
    Ok(Invite { invitation })
}

/// Why an invitation was not accepted; the e-mail address is judged by the policies, before this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptRefused {
    /// Its time is over.
    #[error("the invitation has expired")]
    Expired,
    /// It was revoked, or it makes an owner and its inviter is one no longer.
    #[error("the invitation was revoked")]
    Revoked,
    /// It was declined.
    #[error("the invitation was declined")]
    Declined,
    /// It was accepted before.
    #[error("the invitation was used")]
    Used,
}

/// The reasons against accepting that lie in the invitation alone. The inviter's own ownership is a condition of the commit.
///
/// # Errors
/// [`AcceptRefused`].
pub fn open_for(invitation: &Invitation, caller: &UserId, now: DateTime<Utc>) -> Result<(), AcceptRefused> {
    match invitation.status(now) {
        Status::Pending if invitation.role == Role::Owner && invitation.invited_by.user_id == *caller => Err(AcceptRefused::Revoked),
        Status::Pending => Ok(()),
        Status::Expired => Err(AcceptRefused::Expired),
        Status::Revoked => Err(AcceptRefused::Revoked),
        Status::Declined => Err(AcceptRefused::Declined),
        Status::Accepted => Err(AcceptRefused::Used),
    }
}

/// Why an open invitation does not make a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefused {
    /// The caller is in already.
    #[error("the caller is already a member")]
    AlreadyMember,
    /// The plan has no seat left; the invitation stays pending.
    #[error("the organization has no seat left")]
    SeatLimitReached,
}

/// The decision to accept an invitation.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct Acceptance {
    before: Invitation,
    after: Invitation,
    member: Member,
    org: Org,
}

impl Acceptance {
    /// The invitation as it was read.
    #[must_use]
    pub fn before(&self) -> &Invitation {
        &self.before
    }

    /// The accepted invitation.
    #[must_use]
    pub fn after(&self) -> &Invitation {
        &self.after
    }

    /// The new member.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// The organization with its new member counted.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }
}

/// Makes the person behind an open invitation a member.
///
/// # Errors
/// [`JoinRefused`].
pub fn accept(
    org: &Org,
    invitation: &Invitation,
    person: &Person,
    existing: Option<&Member>,
    now: DateTime<Utc>,
) -> Result<Acceptance, JoinRefused> {
    if existing.is_some() {
        return Err(JoinRefused::AlreadyMember);
    }
    if org.seat_limit.is_some_and(|limit| org.member_count >= limit) {
        return Err(JoinRefused::SeatLimitReached);
    }
    let member = Member {
        org_id: org.id,
        user_id: person.user_id.clone(),
        name: person.name.clone(),
        email: person.email.clone().unwrap_or_else(|| invitation.email.clone()),
        role: invitation.role,
        joined_at: now,
        invited_by: Some(invitation.invited_by.user_id.clone()),
        invitation_id: Some(invitation.id),
        version: 1,
    };
    let mut counted = org.clone();
    counted.member_count += 1;
    counted.owner_count += u32::from(invitation.role == Role::Owner);
    let after = Invitation {
        state: State::Accepted,
        accepted_by: Some(person.user_id.clone()),
        version: invitation.version + 1,
        ..invitation.clone()
    };
    Ok(Acceptance { before: invitation.clone(), after, member, org: counted })
}
