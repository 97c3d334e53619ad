//! What an invitee does: accept, decline.

use chrono::{DateTime, Utc};

use super::issue::{InvitationClosure, end};
use super::{Invitation, State, Status};
use crate::id::UserId;
use crate::member::Member;
use crate::org::Org;
use crate::person::Person;
use crate::role::Role;

/// Why an invitation was not accepted; the e-mail address is judged by the policies, before this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
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

/// The reasons against accepting that lie in the invitation alone. An inviter of an owner who is no
/// member any more is no owner either. The inviter's own ownership is a condition of the commit.
///
/// # Errors
/// [`AcceptError`].
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

/// Why an open invitation does not make a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The person, or the address, is in already.
    #[error("already a member")]
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
/// [`JoinError`].
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

/// Turns an open invitation down, as its invitee; what stands against it is judged by
/// [`ensure_open`] before.
pub fn decline(invitation: &Invitation) -> InvitationClosure {
    end(invitation, State::Declined)
}
