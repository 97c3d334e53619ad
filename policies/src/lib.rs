//! Authorization: the only code that evaluates Cedar policies.
//!
//! - A **principal** ([`Principal`]) is the caller: a person with a role, a service client, or
//!   nobody.
//! - An **action** ([`ActionName`]) has the same name as its function, route and audit record.
//! - A **request** ([`AuthzRequest`]) is an action on a **target** in a **context**.
//! - A **permit** ([`Permit`]) proves that a request was allowed. Every commit of a request's
//!   decision takes one, and only [`Authorizer::authorize`] makes one.
//! - A **denial** ([`Denial`]) has a code, a reason, the role that would be allowed, and the ids of
//!   the policies that decided.
//!
//! For example, Ann (a viewer of Acme) asks for `invite_member` with the role `viewer` in the
//! context. `roles.cedar` permits the action to administrators, so Ann gets a denial with the code
//! `missing_permission` and the required role `administrator`.
//!
//! The policies are in `roles.cedar` (permits by role) and `guards.cedar` (guardrails: forbids that
//! override every permit), their vocabulary in `schema.cedarschema`. An organization's own policies
//! ([`OrgPolicySet`]) can only forbid more.
//!
//! A new action on an organization, without facts of its own in the context, is one line of the
//! schema and its rows in `matrix.txt`. For the others, see `docs/ADDING_AN_ACTION.md`.
//! `tests/actions.rs` generates `src/actions.rs` from the schema, because parsing the schema takes
//! longer than everything else at the start of a function.

mod action_filter;
mod actions;
mod authorizer;
mod denial;
mod entities;
mod error;
mod explain;
mod org_policies;
mod org_policy_text;
mod request;
mod scenario;
mod schema_types;

pub use actions::{ACTIONS, ActionName, ActionSchema};
pub use authorizer::{Authorizer, Permit};
pub use denial::{Denial, DenialCode};
pub use error::PolicySetError;
pub use explain::{Counterfactual, Difference, Policies, differences, minimal_changes};
pub use org_policies::{NEVER_RESTRICTED, OrgPolicySet};
pub use org_policy_text::PolicyDiagnostic;
pub use request::{AuthzContext, AuthzRequest, OrgFacts, Principal, ResourceFacts, Target};
pub use scenario::{PrincipalKind, Scenario, ScenarioRequest};
pub use schema_types::{ContextField, TargetKind};

/// The schema, for tools and tests.
pub const SCHEMA: &str = include_str!("../schema.cedarschema");
/// The policies' text: permits, then guardrails.
pub const POLICIES: [&str; 2] = [include_str!("../roles.cedar"), include_str!("../guards.cedar")];
