//! The actions of an organization on invitations: invite, resend and revoke.

use chrono::{DateTime, Utc};

use super::{AddressLock, Delivery, ExpiresInDays, Invitation, Inviter, State, Status};
use crate::email::EmailAddress;
use crate::id::InvitationId;
use crate::member::Member;
use crate::org::Org;
use crate::role::Role;

/// The reason why an address cannot be invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// The address belongs to a member.
    #[error("a member already has this address")]
    AlreadyMember,
    /// The address has a pending invitation, whose id this is.
    #[error("the address already has a pending invitation; resend or revoke that one")]
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
    /// Returns the new invitation.
    #[must_use]
    pub fn invitation(&self) -> &Invitation {
        &self.invitation
    }
}

/// The invitation to create.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The id of the new invitation.
    pub id: InvitationId,
    /// The address to invite.
    pub email: EmailAddress,
    /// The role that the invitation grants.
    pub role: Role,
    /// The validity period.
    pub days: ExpiresInDays,
}

/// Invites an address, whose current lock is `lock`.
///
/// # Errors
/// Returns [`InviteError`] if the address belongs to a member or has a pending invitation.
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

/// The error that an invitation cannot be revoked or resent. It was accepted, declined or revoked,
/// or, if it is to be revoked, it has expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the invitation is no longer pending; create a new one if you need it")]
pub struct NotPendingError;

/// The decision to resend an invitation.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct Resend {
    before: Invitation,
    after: Invitation,
}

impl Resend {
    /// Returns the invitation as it was loaded.
    #[must_use]
    pub fn before(&self) -> &Invitation {
        &self.before
    }

    /// Returns the invitation with its new expiry and a mail to send.
    #[must_use]
    pub fn after(&self) -> &Invitation {
        &self.after
    }
}

/// Resends a pending or expired invitation. The new mail has a new link, which replaces the old
/// one, a new expiry, and the organization's current name. A condition of the transaction checks
/// that the address belongs to no member and to no other pending invitation.
///
/// # Errors
/// Returns [`NotPendingError`] if the invitation was accepted, declined or revoked.
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

/// The decision to close an invitation that was not accepted.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct InvitationClosure {
    before: Invitation,
    after: Invitation,
}

impl InvitationClosure {
    /// Returns the invitation as it was loaded.
    #[must_use]
    pub fn before(&self) -> &Invitation {
        &self.before
    }

    /// Returns the closed invitation.
    #[must_use]
    pub fn after(&self) -> &Invitation {
        &self.after
    }
}

/// Revokes an invitation.
///
/// # Errors
/// Returns [`NotPendingError`] if the invitation was accepted, declined or revoked, or has expired.
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
