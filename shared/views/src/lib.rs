//! The objects of the API that several actions share: what responses, audit records and events show
//! of an organization, a member, an invitation, billing, a budget and a hold.
//!
//! A view is built from domain values and has no rules. To show a new field, add it here and set it
//! in `of`. A request body, or a response that only one action returns, stands beside that action.

mod billing;
mod budget;
mod hold;
mod invitation;
mod member;
mod org;
mod voided_usage;

pub use billing::BillingView;
pub use budget::{BudgetSettings, BudgetView, Period};
pub use hold::{HoldView, LimitView};
pub use invitation::InvitationView;
pub use member::MemberView;
pub use org::OrgView;
pub use voided_usage::VoidedUsage;
