//! The roles of members: owner above administrator above viewer.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invalid::InvalidError;

/// The role of a member. A higher role has every permission of the lower ones.
///
/// - `viewer`: reads the organization and uses its resources.
/// - `administrator`: also manages resources, invitations and members, but not owners.
/// - `owner`: also manages owners, settings, policies, budget and billing, and can delete the
///   organization.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum Role {
    /// Reads the organization and uses its resources.
    Viewer,
    /// Also manages resources, invitations and members, but not owners.
    Administrator,
    /// Also manages owners, settings, policies, budget and billing, and can delete the
    /// organization.
    Owner,
}

impl Role {
    /// All roles, from lowest to highest.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Administrator, Self::Owner];

    /// Returns the role's name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Administrator => "administrator",
            Self::Owner => "owner",
        }
    }
}

impl TryFrom<String> for Role {
    type Error = InvalidError;

    /// Replaces serde's own parsing of enums, which would also accept `{"viewer": null}`.
    fn try_from(name: String) -> Result<Self, InvalidError> {
        let unknown =
            || InvalidError::new("unknown_role", "must be `owner`, `administrator` or `viewer`");
        Self::ALL.into_iter().find(|role| role.as_str() == name).ok_or_else(unknown)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_one_spelling_and_an_order() {
        assert!(Role::Owner > Role::Administrator && Role::Administrator > Role::Viewer);
        assert_eq!(
            serde_json::from_str::<Role>("\"administrator\"").ok(),
            Some(Role::Administrator)
        );
        for bad in [
            "\"Owner\"",
            "\"admin\"",
            "\"administrator,owner\"",
            "[\"owner\"]",
            "\"owner \"",
            "null",
            "{\"owner\":1}",
            "{\"owner\":null}",
        ] {
            assert!(serde_json::from_str::<Role>(bad).is_err(), "{bad}");
        }
    }
}
