//! Members.

use chrono::{DateTime, Utc};
use orgs_domain::{Member, Role};
use serde::Serialize;
use utoipa::ToSchema;

/// A member of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// The id of the organization: `org_` and 32 hex digits.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: String,
    /// The user id: the `sub` of the member's token, 1 to 255 printable ASCII characters.
    #[schema(example = "auth0|65f0c1")]
    pub user_id: String,
    /// The name in the member's token, at most 100 characters; null if no token had a name. It is
    /// stored when the member joins, and refreshed when the member later changes something in the
    /// organization.
    #[schema(example = "Bob")]
    pub name: Option<String>,
    /// The e-mail address in the member's token. It is stored when the member joins, and refreshed
    /// when the member later changes something in the organization with a verified address.
    #[schema(example = "bob@example.com")]
    pub email: String,
    /// The role of the member.
    pub role: Role,
    /// The time at which the member joined.
    pub joined_at: DateTime<Utc>,
    /// The user id of the inviter; null for the creator and for a member whom the operator added.
    #[schema(example = "auth0|5e1f00")]
    pub invited_by: Option<String>,
    /// The version: 1 when the member joins, increased by 1 with each change.
    #[schema(example = 1)]
    pub version: u32,
}

impl MemberView {
    /// Returns the view of `member`.
    #[must_use]
    pub fn of(member: &Member) -> Self {
        Self {
            org_id: member.org_id.to_string(),
            user_id: member.user_id.to_string(),
            name: member.name.clone(),
            email: member.email.as_entered().to_owned(),
            role: member.role,
            joined_at: member.joined_at,
            invited_by: member.invited_by.as_ref().map(ToString::to_string),
            version: member.version,
        }
    }
}
