//! Organizations.

use chrono::{DateTime, Utc};
use orgs_domain::billing::{BillingMode, BillingModes};
use orgs_domain::name::{Description, Metadata};
use orgs_domain::org::{Settings, Status};
use orgs_domain::{Org, Role};
use serde::Serialize;
use utoipa::ToSchema;

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Org)]
pub struct OrgView {
    /// The id of the organization: `org_` and 32 hex digits.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub id: String,
    /// The name: 1 to 64 characters. It is not unique.
    #[schema(example = "Acme")]
    pub name: String,
    /// The organization's description, at most 500 characters. It is null if the organization has
    /// none.
    #[schema(value_type = Option<String>, example = "Makers of everything")]
    pub description: Option<Description>,
    /// Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
    /// characters and a value at most 500; together they have at most 12 KiB.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"crm": "42"}))]
    pub metadata: Metadata,
    /// The status of the organization.
    pub status: Status,
    /// The caller's role in the organization; null for a service client, which has no role.
    pub role: Option<Role>,
    /// The number of owners. It is 0 only in a deleted organization whose last owner's memberships
    /// were all ended.
    #[schema(example = 1)]
    pub owner_count: u32,
    /// The number of members, owners included.
    #[schema(example = 3)]
    pub member_count: u32,
    /// The largest number of members that the plan allows; null means no limit.
    #[schema(example = 10)]
    pub seat_limit: Option<u32>,
    /// The billing modes that the plan allows.
    #[schema(value_type = Vec<BillingMode>, min_items = 1)]
    pub billing_modes: BillingModes,
    /// The settings, which only owners can change.
    pub settings: Settings,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time of the last change of the organization's own fields.
    pub updated_at: DateTime<Utc>,
    /// The version: 1 at creation, increased by 1 with each change of the organization's own
    /// fields. Changes of the counts and of billing do not increase it.
    #[schema(example = 1)]
    pub version: u32,
}

impl OrgView {
    /// Returns the view of `org` for a member with `role`, or for a service client, which has no
    /// role.
    #[must_use]
    pub fn of(org: &Org, role: impl Into<Option<Role>>) -> Self {
        Self {
            id: org.id.to_string(),
            name: org.name.as_str().to_owned(),
            description: org.description.clone(),
            metadata: org.metadata.clone(),
            status: org.status(),
            role: role.into(),
            owner_count: org.owner_count,
            member_count: org.member_count,
            seat_limit: org.seat_limit,
            billing_modes: org.billing_modes.clone(),
            settings: org.settings.clone(),
            created_at: org.created_at,
            updated_at: org.updated_at,
            version: org.version,
        }
    }
}
