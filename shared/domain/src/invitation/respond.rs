//! The actions of the recipient of an invitation: accept and decline.

use chrono::{DateTime, Utc};

use super::issue::{InvitationClosure, end};
use super::{Invitation, State, Status};
use crate::id::UserId;
use crate::member::{JoinError, Member};
use crate::org::Org;
use crate::person::Person;
use crate::role::Role;

/// The reason why an invitation cannot be accepted. The policies check the e-mail address before
/// this rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// The validity period is over.
    #[error("the invitation has expired; ask the inviter to resend it")]
    Expired,
    /// The invitation was revoked, or it makes an owner and its inviter is no longer an owner.
    #[error("the invitation was revoked; ask for a new one")]
    Revoked,
    /// The invitation was declined.
    #[error("the invitation was declined; ask for a new one")]
    Declined,
    /// The invitation was accepted before.
    #[error("the invitation was already used; ask for a new one")]
    Used,
}

/// Checks that `caller` can still accept the invitation. An invitation that makes an owner is
/// revoked if `caller` created it and is no longer a member, because such an inviter is no longer
/// an owner. For all other inviters, a condition of the transaction checks that they still are
/// owners.
///
/// # Errors
/// Returns [`AcceptError`] if the invitation is not open.
pub fn ensure_open(
    invitation: &Invitation,
    caller: &UserId,
    is_member: bool,
    now: DateTime<Utc>,
) -> Result<(), AcceptError> {
    match invitation.status(now) {
        Status::Pending
            if invitation.role == Role::Owner
                && invitation.invited_by.user_id == *caller
                && !is_member =>
        {
            Err(AcceptError::Revoked)
        }
        Status::Pending => Ok(()),
        Status::Expired => Err(AcceptError::Expired),
        Status::Revoked => Err(AcceptError::Revoked),
        Status::Declined => Err(AcceptError::Declined),
        Status::Accepted => Err(AcceptError::Used),
    }
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
    /// Returns the invitation as it was loaded.
    #[must_use]
    pub fn before(&self) -> &Invitation {
        &self.before
    }

    /// Returns the accepted invitation.
    #[must_use]
    pub fn after(&self) -> &Invitation {
        &self.after
    }

    /// Returns the new member.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// Returns the organization with counts that include the new member.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }
}

/// Accepts an open invitation: makes `person` a member. `existing` is the person's membership in
/// the organization. Call [`ensure_open`] first.
///
/// # Errors
/// Returns [`JoinError::AlreadyMember`] if the person is already a member, and
/// [`JoinError::SeatLimitReached`] if the organization has no free seat.
pub fn accept(
    org: &Org,
    invitation: &Invitation,
    person: &Person,
    existing: Option<&Member>,
    now: DateTime<Utc>,
) -> Result<Acceptance, JoinError> {
    if existing.is_some() {
        return Err(JoinError::AlreadyMember);
    }
    org.ensure_seat()?;
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

/// Declines an open invitation. Call [`ensure_open`] first.
pub fn decline(invitation: &Invitation) -> InvitationClosure {
    end(invitation, State::Declined)
}
