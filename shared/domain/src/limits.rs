//! The limits that a deployer can set, with their defaults.

use serde::{Deserialize, Serialize};

/// How much one person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Existing organizations that one user may have created.
    pub orgs_per_creator: u32,
    /// Invitations that one person may send in an hour, over all organizations; `None` is no limit.
    pub invitations_per_inviter_hour: Option<u32>,
    /// Invitations that one address may be sent in a day, from all organizations; `None` is no
    /// limit.
    pub invitations_per_recipient_day: Option<u32>,
}

impl Default for Limits {
    /// Roomy: onboarding a team of 200 within an hour works.
    fn default() -> Self {
        Self {
            orgs_per_creator: 50,
            invitations_per_inviter_hour: Some(300),
            invitations_per_recipient_day: Some(20),
        }
    }
}
