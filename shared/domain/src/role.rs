//! Roles: owner over administrator over viewer.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invalid::InvalidError;

/// What a member may do. A higher role may everything that a lower one may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum Role {
    /// Sees everything and uses what is shared.
    Viewer,
    /// Also manages members, invitations and resources, but never owners.
    Administrator,
    /// Also manages owners, settings and billing.
    Owner,
}

impl Role {
    /// Every role, from the lowest up.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Administrator, Self::Owner];

    /// The role's name on the wire.
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

    /// Serde itself would also read `{"viewer": null}`.
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
