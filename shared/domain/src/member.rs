//! Members: people with a role in one organization.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::email::EmailAddress;
use crate::id::{InvitationId, OrgId, UserId};
use crate::invalid::{InvalidError, text_value};
use crate::person::Person;
use crate::role::Role;
use crate::text;

/// The beginning of a name or address to search members by, in NFC and lower case: at most 100
/// characters.
///
/// It becomes part of a key, and DynamoDB refuses keys of more than 1,024 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSearch(String);

impl MemberSearch {
    /// Reads a search. An empty one finds everybody.
    ///
    /// # Errors
    /// `too_long`.
    pub fn parse(search: &str) -> Result<Self, InvalidError> {
        let folded = text::normalized(search).to_lowercase();
        text::at_most(&folded, 100)?;
        Ok(Self(folded))
    }

    /// The text.
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
    /// The organization.
    pub org_id: OrgId,
    /// The person.
    pub user_id: UserId,
    /// The name in the token at joining, refreshed at the person's next write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address in the token at joining, refreshed at the person's next write.
    pub email: EmailAddress,
    /// What the person may do.
    pub role: Role,
    /// When the person joined.
    pub joined_at: DateTime<Utc>,
    /// Who invited the person; nobody invited a creator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<UserId>,
    /// The invitation that the person accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<InvitationId>,
    /// 1 at joining, one more with each change.
    pub version: u32,
}

impl Member {
    /// Returns the name, or the masked address if the token had no name. Anybody with the link of
    /// an invitation sees it.
    #[must_use]
    pub fn shown_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.email.masked())
    }

    /// Takes over the name and the verified address of the person's token, where they changed
    /// since.
    ///
    /// Returns nothing when they did not.
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

    /// The member on the wire.
    #[must_use]
    pub fn view(&self) -> MemberView {
        MemberView {
            org_id: self.org_id.to_string(),
            user_id: self.user_id.to_string(),
            name: self.name.clone(),
            email: self.email.as_entered().to_owned(),
            role: self.role,
            joined_at: self.joined_at,
            invited_by: self.invited_by.as_ref().map(ToString::to_string),
            version: self.version,
        }
    }
}

/// A member on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// The organization.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: String,
    /// The token's `sub`.
    #[schema(example = "auth0|65f0c1")]
    pub user_id: String,
    /// The name in the token, null when it had none.
    #[schema(example = "Bob")]
    pub name: Option<String>,
    /// The address in the token.
    #[schema(example = "bob@example.com")]
    pub email: String,
    /// What the member may do.
    pub role: Role,
    /// When the member joined.
    pub joined_at: DateTime<Utc>,
    /// The user id of the inviter, null for a creator.
    #[schema(example = "auth0|5e1f00")]
    pub invited_by: Option<String>,
    /// 1 at joining, one more with each change.
    #[schema(example = 1)]
    pub version: u32,
}
