//! Who may do what: the one place that asks Cedar.
//!
//! An action asks with an [`Ask`] and gets a [`Permit`], which nothing else can make, or a
//! [`Denial`] that explains itself. An organization's own policies are asked as well
//! ([`OwnPolicies`]). Writing to the store takes a permit, so nothing is written that was not asked
//! about.
//!
//! The policies are in `roles.cedar` (permits by role) and `guards.cedar` (forbids that win over
//! every permit), their vocabulary in `schema.cedarschema`. A new action is one schema line, one
//! variant of [`Ask`] and one row per state in `matrix.txt`; `tests/policies.rs` validates all of
//! it. At run time the schema is not read: parsing it costs more than everything else at start, so
//! the action groups come from `src/groups.rs`, which a test compares with the schema.

mod ask;
mod authorizer;
mod entities;
mod groups;
mod own;
mod question;
mod scope;
mod text;
mod what_if;

pub use ask::{Alone, Ask, OfOrg, OrgFacts, Principal, ResourceFacts};
pub use authorizer::{Authorizer, Denial, NotReady, Permit};
pub use groups::GROUPS;
pub use own::{EXEMPT, OwnPolicies};
pub use question::{Circumstances, Question, Who};
pub use text::Flaw;
pub use what_if::{Change, Difference, Policies, differences, ways};

/// The schema, for tools and tests.
pub const SCHEMA: &str = include_str!("../schema.cedarschema");
/// The policies' text: permits, then guardrails.
pub const POLICIES: [&str; 2] = [include_str!("../roles.cedar"), include_str!("../guards.cedar")];
