//! What an organization does: invite, send again, take back.

use chrono::{DateTime, Utc};

use super::{AddressLock, Delivery, ExpiresInDays, Invitation, Inviter, State, Status};
use crate::email::EmailAddress;
use crate::id::InvitationId;
use crate::member::Member;
use crate::org::Org;
use crate::role::Role;

/// Why an address was not invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// The address is a member's.
    #[error("the address is already a member's")]
    AlreadyMember,
    /// The address has an invitation that can still be accepted.
    #[error("the address already has a pending invitation")]
    AlreadyInvited(InvitationId),
}

impl From<&AddressLock> for InviteError {
    fn from(lock: &AddressLock) -> Self {
        match lock {
            AddressLock::Pending { invitation_id, .. } => Self::AlreadyInvited(*invitation_id),
            AddressLock::Member { .. } => Self::AlreadyMember,
        }
    }
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

/// Invites an address, unless it is a member's or has an invitation that can still be accepted, as
/// its `lock` says.
///
/// # Errors
/// [`InviteError`].
pub fn invite(
    org: &Org,
    inviter: &Member,
    new: NewInvitation,
    lock: Option<&AddressLock>,
    now: DateTime<Utc>,
) -> Result<Invite, InviteError> {
    if let Some(lock) = lock.filter(|lock| lock.is_taken(now)) {
        return Err(lock.into());
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
        expires_at: now + days.duration(),
        validity: days,
        send_seq: 1,
        sent_seq: 0,
        secrets: Vec::new(),
        opt_outs: Vec::new(),
        version: 1,
    };
    Ok(Invite { invitation })
}

/// The invitation cannot be revoked, or sent again: something was decided about it, or its time is
/// over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the invitation is not pending")]
pub struct NotPendingError;

/// The decision to send an invitation once more.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct Resend {
    before: Invitation,
    after: Invitation,
}

impl Resend {
    /// The invitation as it was read.
    #[must_use]
    pub fn before(&self) -> &Invitation {
        &self.before
    }

    /// The invitation with a new time, and a mail to be sent.
    #[must_use]
    pub fn after(&self) -> &Invitation {
        &self.after
    }
}

/// Sends a pending or expired invitation once more: with a new link, which makes the old one dead,
/// a new time, and the name that the organization has now. That its address is nothing else to the
/// organization by now is a condition of the commit.
///
/// # Errors
/// [`NotPendingError`].
pub fn resend(
    org: &Org,
    invitation: &Invitation,
    now: DateTime<Utc>,
) -> Result<Resend, NotPendingError> {
    if invitation.state != State::Pending {
        return Err(NotPendingError);
    }
    let after = Invitation {
        org_name: org.name.as_str().to_owned(),
        expires_at: now + invitation.validity.duration(),
        delivery: Delivery::Queued,
        send_seq: invitation.send_seq + 1,
        secrets: Vec::new(),
        version: invitation.version + 1,
        ..invitation.clone()
    };
    Ok(Resend { before: invitation.clone(), after })
}

/// The decision to end an invitation before it is accepted.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct InvitationClosure {
    before: Invitation,
    after: Invitation,
}

impl InvitationClosure {
    /// The invitation as it was read.
    #[must_use]
    pub fn before(&self) -> &Invitation {
        &self.before
    }

    /// The ended invitation.
    #[must_use]
    pub fn after(&self) -> &Invitation {
        &self.after
    }
}

/// Takes an invitation back.
///
/// # Errors
/// [`NotPendingError`], also when its time is over.
pub fn revoke(
    invitation: &Invitation,
    now: DateTime<Utc>,
) -> Result<InvitationClosure, NotPendingError> {
    match invitation.status(now) {
        Status::Pending => Ok(end(invitation, State::Revoked)),
        _ => Err(NotPendingError),
    }
}

pub(super) fn end(invitation: &Invitation, state: State) -> InvitationClosure {
    let after = Invitation { state, version: invitation.version + 1, ..invitation.clone() };
    InvitationClosure { before: invitation.clone(), after }
}
