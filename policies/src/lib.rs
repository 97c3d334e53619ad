//! Who may do what: the one place that asks Cedar.
//!
//! An action asks with an [`Ask`] and gets a [`Permit`], which nothing else can make, or a
//! [`Denial`] that explains itself. An organization's own policies are asked as well
//! ([`OrgPolicySet`]). Writing to the store takes a permit, so nothing is written that was not
//! asked about.
//!
//! The policies are in `roles.cedar` (permits by role) and `guards.cedar` (forbids that win over
//! every permit), their vocabulary in `schema.cedarschema`. A new action is one schema line, one
//! variant of [`Ask`] and one row per state in `matrix.txt`; `tests/policies.rs` validates all of
//! it. At run time the schema is not read: parsing it costs more than everything else at start, so
//! the action groups come from `src/groups.rs`, which a test compares with the schema.

mod action_filter;
mod ask;
mod authorizer;
mod entities;
mod explain;
mod groups;
mod org_policies;
mod org_policy_text;
mod scenario;

pub use ask::{Alone, Ask, OfOrg, OrgFacts, Principal, ResourceFacts};
pub use authorizer::{Authorizer, Denial, Permit, PolicySetError};
pub use explain::{Counterfactual, Difference, Policies, differences, minimal_changes};
pub use groups::GROUPS;
pub use org_policies::{NEVER_RESTRICTED, OrgPolicySet};
pub use org_policy_text::PolicyDiagnostic;
pub use scenario::{PrincipalKind, Scenario, ScenarioRequest};

/// The schema, for tools and tests.
pub const SCHEMA: &str = include_str!("../schema.cedarschema");
/// The policies' text: permits, then guardrails.
pub const POLICIES: [&str; 2] = [include_str!("../roles.cedar"), include_str!("../guards.cedar")];
