//! Member import: the operator adds a member without a mail, for example to migrate members from
//! another system.

use chrono::{DateTime, Utc};

use crate::email::EmailAddress;
use crate::id::{InvitationId, UserId};
use crate::invitation::AddressLock;
use crate::member::{JoinError, Member};
use crate::org::Org;
use crate::role::Role;

/// The member that the operator adds.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// The person's `sub` at the identity provider.
    pub user_id: UserId,
    /// The person's address, which the operator has verified.
    pub email: EmailAddress,
    /// The person's name, if known, cleaned like the name in a token.
    pub name: Option<String>,
    /// The role of the new member.
    pub role: Role,
}

/// The decision to add a member.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct MemberImport {
    member: Member,
}

impl MemberImport {
    /// Returns the new member.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// Returns the pending invitation of the same address, if there is one. The import accepts it,
    /// so that its link opens the organization for the new member.
    #[must_use]
    pub fn invitation(&self) -> Option<InvitationId> {
        self.member.invitation_id
    }
}

/// Adds a member. `existing` is the person's membership in the organization, and `lock` the lock of
/// the address.
///
/// # Errors
/// Returns [`JoinError::AlreadyMember`] if the person is already a member or the address belongs to
/// one, and [`JoinError::SeatLimitReached`] if the organization has no free seat.
pub fn add(
    org: &Org,
    new: NewMember,
    existing: Option<&Member>,
    lock: Option<&AddressLock>,
    now: DateTime<Utc>,
) -> Result<MemberImport, JoinError> {
    let invitation_id = match lock.filter(|lock| lock.is_taken(now)) {
        Some(AddressLock::Member { .. }) => return Err(JoinError::AlreadyMember),
        Some(AddressLock::Pending { invitation_id, .. }) => Some(*invitation_id),
        None => None,
    };
    if existing.is_some() {
        return Err(JoinError::AlreadyMember);
    }
    org.ensure_seat()?;
    let NewMember { user_id, email, name, role } = new;
    let member = Member {
        org_id: org.id,
        user_id,
        name,
        email,
        role,
        joined_at: now,
        invited_by: None,
        invitation_id,
        version: 1,
    };
    Ok(MemberImport { member })
}
