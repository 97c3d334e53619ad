//! The limits that a deployment can set, and their defaults.

use serde::{Deserialize, Serialize};

/// The limits per person and per e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The largest number of existing organizations that one user may have created. The default is
    /// 50.
    pub orgs_per_creator: u32,
    /// The largest number of invitation mails that one person may cause in an hour, in all
    /// organizations. The default is 300; `None` means no limit.
    pub invitations_per_inviter_hour: Option<u32>,
    /// The largest number of invitation mails to one address in a day, from all organizations. The
    /// default is 20; `None` means no limit.
    pub invitations_per_recipient_day: Option<u32>,
}

impl Default for Limits {
    /// Returns limits that allow one person to invite a team of 200 within an hour.
    fn default() -> Self {
        Self {
            orgs_per_creator: 50,
            invitations_per_inviter_hour: Some(300),
            invitations_per_recipient_day: Some(20),
        }
    }
}
