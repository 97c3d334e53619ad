//! The platform's operator adds a member, without a mail: for imports, and for people whom another
//! system has vouched for.

use chrono::{DateTime, Utc};

use crate::email::EmailAddress;
use crate::id::{InvitationId, UserId};
use crate::invitation::{AddressLock, JoinError};
use crate::member::Member;
use crate::org::Org;
use crate::role::Role;

/// Whom the operator adds, as what.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// The identity provider's `sub`.
    pub user_id: UserId,
    /// The person's address, which the operator vouches for.
    pub email: EmailAddress,
    /// The person's name, cleaned as a token's is.
    pub name: Option<String>,
    /// What the person may do.
    pub role: Role,
}

/// The decision to add a member.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct MemberImport {
    member: Member,
}

impl MemberImport {
    /// The new member.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// The pending invitation of the same address, which this accepts: its link then leads the
    /// person in.
    #[must_use]
    pub fn invitation(&self) -> Option<InvitationId> {
        self.member.invitation_id
    }
}

/// Adds a member, unless the person or the address is one already.
///
/// # Errors
/// [`JoinError`].
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
