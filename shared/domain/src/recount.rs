//! Whether an organization says of its members what is so.

use crate::org::Org;
use crate::role::Role;

/// How many members there are, counted one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberCounts {
    /// Members of any role.
    pub members: u32,
    /// Owners.
    pub owners: u32,
}

impl MemberCounts {
    /// What an organization says of itself.
    #[must_use]
    pub fn stored_in(org: &Org) -> Self {
        Self { members: org.member_count, owners: org.owner_count }
    }

    /// Counts a member with this role.
    pub fn add(&mut self, role: Role) {
        self.members += 1;
        self.owners += u32::from(role == Role::Owner);
    }
}
