//! The reason for a denial.

use std::fmt;

use orgs_domain::Role;

use crate::error::PolicySetError;

/// The machine-readable reason for a denial.
///
/// The order is the precedence: if several guardrails deny a request, the denial has the first of
/// their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DenialCode {
    /// The caller must not learn that the organization exists.
    NotFound,
    /// The caller's address is not verified.
    EmailNotVerified,
    /// The invitation is for another address.
    EmailMismatch,
    /// Only owners change or remove owners.
    OwnerProtected,
    /// Only owners make owners.
    OwnerGrant,
    /// The organization is suspended or deleted.
    OrgNotActive,
    /// The organization's settings require a higher role for the cost class `high`.
    HighCostRestricted,
    /// An enforced budget is spent, or the use would exceed it.
    BudgetExceeded,
    /// The plan does not allow the billing mode.
    PlanRestricted,
    /// No policy permits the action for the caller's role or scopes.
    MissingPermission,
    /// One of the organization's own policies forbids the action.
    OrgPolicy,
}

impl DenialCode {
    /// Every code, in order of precedence.
    pub const ALL: [Self; 11] = [
        Self::NotFound,
        Self::EmailNotVerified,
        Self::EmailMismatch,
        Self::OwnerProtected,
        Self::OwnerGrant,
        Self::OrgNotActive,
        Self::HighCostRestricted,
        Self::BudgetExceeded,
        Self::PlanRestricted,
        Self::MissingPermission,
        Self::OrgPolicy,
    ];

    /// Returns the code as guardrails write it in `@code`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::EmailNotVerified => "email_not_verified",
            Self::EmailMismatch => "email_mismatch",
            Self::OwnerProtected => "owner_protected",
            Self::OwnerGrant => "owner_grant",
            Self::OrgNotActive => "org_not_active",
            Self::HighCostRestricted => "high_cost_restricted",
            Self::BudgetExceeded => "budget_exceeded",
            Self::PlanRestricted => "plan_restricted",
            Self::MissingPermission => "missing_permission",
            Self::OrgPolicy => "org_policy",
        }
    }

    /// Returns the code with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for DenialCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The denial of a request, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("denied: {code}")]
pub struct Denial {
    /// The machine-readable reason.
    pub code: DenialCode,
    /// The reason, for people.
    pub reason: String,
    /// The lowest higher role that would be allowed. None if no higher role would be.
    pub required_role: Option<Role>,
    /// The ids of the policies that decided, sorted. Empty if no policy permits the request.
    pub policies: Vec<String>,
    /// True if a policy could not be evaluated. The denial then says nothing about the caller.
    pub is_broken: bool,
}

impl Denial {
    /// Returns the denial of a request that cannot be evaluated: a policy that was not evaluated
    /// might forbid it.
    pub(crate) fn unevaluable(error: &PolicySetError) -> Self {
        tracing::error!(%error, "a policy could not be evaluated");
        Self {
            code: DenialCode::MissingPermission,
            reason: "the caller may not do this".to_owned(),
            required_role: None,
            policies: Vec::new(),
            is_broken: true,
        }
    }
}
