//! Members: people with one role in an organization.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::email::EmailAddress;
use crate::id::{InvitationId, OrgId, UserId};
use crate::invalid::{InvalidError, text_value};
use crate::person::Person;
use crate::role::Role;
use crate::text;

/// The beginning of a name or e-mail address to search members by, in NFC and lower case: at most
/// 100 characters.
///
/// The text becomes part of a sort key, and DynamoDB rejects sort keys of more than 1,024 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSearch(String);

impl MemberSearch {
    /// Parses a search text. An empty text matches every member.
    ///
    /// # Errors
    /// Returns `too_long` for a text of more than 100 characters.
    pub fn parse(search: &str) -> Result<Self, InvalidError> {
        let folded = text::normalized(search).to_lowercase();
        text::at_most(&folded, 100)?;
        Ok(Self(folded))
    }

    /// Returns the normalized text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn owned(&self) -> String {
        self.0.clone()
    }
}

text_value!(MemberSearch, owned);

/// A membership as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The id of the organization.
    pub org_id: OrgId,
    /// The id of the person: the token's `sub`.
    pub user_id: UserId,
    /// The name in the person's token, if it has one: taken when the person joins, and refreshed by
    /// the person's later writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address in the person's token: taken when the person joins, and refreshed by the
    /// person's later writes.
    pub email: EmailAddress,
    /// The role of the member.
    pub role: Role,
    /// The time at which the person joined.
    pub joined_at: DateTime<Utc>,
    /// The inviter. `None` for the creator and for a member whom the operator added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<UserId>,
    /// The invitation that the person accepted, or that a member import used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<InvitationId>,
    /// The version: 1 when the person joins, increased by 1 with each change.
    pub version: u32,
}

impl Member {
    /// Returns the name, or the masked address if the token has no name. Everyone who has the link
    /// of an invitation can see it, so the full address must not show.
    #[must_use]
    pub fn shown_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.email.masked())
    }

    /// Updates the name and the address from the person's token. An address that is not verified is
    /// ignored, and a missing name keeps the stored one. Returns `None` if nothing changes.
    #[must_use]
    pub fn refreshed(&self, person: &Person) -> Option<Self> {
        let name = person.name.clone().or_else(|| self.name.clone());
        let email = person.verified_email().unwrap_or(&self.email).clone();
        (name != self.name || email.as_entered() != self.email.as_entered()).then(|| Self {
            name,
            email,
            version: self.version + 1,
            ..self.clone()
        })
    }
}

/// The reason why a person cannot become a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The person is already a member, or the address belongs to a member.
    #[error("the person or the address is already a member")]
    AlreadyMember,
    /// The plan has no free seat. An invitation stays pending.
    #[error("the organization has no free seat; remove a member or raise the seat limit")]
    SeatLimitReached,
}
