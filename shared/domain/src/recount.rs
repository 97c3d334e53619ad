//! Compares an organization's stored member counts with a fresh count.

use crate::org::Org;
use crate::role::Role;

/// The numbers of members and owners of an organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberCounts {
    /// The number of members with any role, owners included.
    pub members: u32,
    /// The number of owners.
    pub owners: u32,
}

impl MemberCounts {
    /// Returns the counts that are stored in the organization.
    #[must_use]
    pub fn stored_in(org: &Org) -> Self {
        Self { members: org.member_count, owners: org.owner_count }
    }

    /// Adds one member with this role.
    pub fn add(&mut self, role: Role) {
        self.members += 1;
        self.owners += u32::from(role == Role::Owner);
    }
}
