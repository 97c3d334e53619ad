//! Billing of organizations.

use chrono::{DateTime, Utc};
use orgs_domain::Org;
use orgs_domain::billing::{Billing, BillingMode};
use serde::Serialize;
use utoipa::ToSchema;

/// The billing of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Billing)]
pub struct BillingView {
    /// The billing mode: `account` if the account of the owner who set it pays, `independent` if
    /// the organization's own account pays.
    pub mode: BillingMode,
    /// The id of the account that pays for usage from `paid_since` on: `acct_` and 32 hex digits.
    #[schema(example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    pub account_id: String,
    /// The time since which this account pays. Usage before is paid by the account that paid then.
    pub paid_since: DateTime<Utc>,
    /// The e-mail address for bills; null if none is set. It does not change when the payer
    /// changes.
    #[schema(example = "billing@example.com")]
    pub email: Option<String>,
    /// The time of the last change of billing, or of the organization's creation.
    pub updated_at: DateTime<Utc>,
    /// The version: 1 when the organization is created, increased by 1 with each change of billing.
    #[schema(example = 1)]
    pub version: u32,
}

impl BillingView {
    /// Returns the view of `billing`, which is the billing of `org` or a change of it.
    #[must_use]
    pub fn of(org: &Org, billing: &Billing) -> Self {
        Self {
            mode: billing.paid_by.mode(),
            account_id: billing.account(&org.id).to_string(),
            paid_since: billing.paid_since.unwrap_or(org.created_at),
            email: billing.email.as_ref().map(|email| email.as_entered().to_owned()),
            updated_at: billing.updated_at.unwrap_or(org.created_at),
            version: billing.version,
        }
    }
}
