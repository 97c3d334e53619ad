//! The values and rules of organizations. Values are parsed once, where input enters the service.
//! Rules are pure functions that turn loaded state into a decision. This crate has no I/O and does
//! not depend on AWS, HTTP or Cedar.
//!
//! A rule returns a decision with private fields, such as [`membership::RoleChange`]. The store
//! takes the decision and commits it. To add a rule, write a function that returns such a decision,
//! and define its error type next to it.

pub mod account;
pub mod audit;
pub mod billing;
pub mod billing_change;
pub mod booking;
pub mod budget;
pub mod budget_alert;
pub mod clock;
pub mod credits;
pub mod email;
pub mod forecast;
pub mod hold;
pub mod id;
pub mod invalid;
pub mod invitation;
pub mod limits;
pub mod member;
pub mod member_import;
pub mod membership;
pub mod month;
pub mod name;
pub mod org;
pub mod org_policies;
pub mod org_update;
pub mod ownership_transfer;
pub mod patch;
pub mod person;
pub mod recount;
pub mod report;
pub mod resource;
pub mod role;
pub mod statement;
pub mod text;
pub mod time;
pub mod token;
pub mod usage;
pub mod window;

pub use account::AccountId;
pub use clock::{Clock, Ids};
pub use credits::{CreditBalance, Credits};
pub use email::{EmailAddress, EmailKey};
pub use id::{AuditId, HoldId, InvitationId, OrgId, ResourceId, UserId};
pub use invalid::InvalidError;
pub use invitation::Invitation;
pub use member::Member;
pub use month::Month;
pub use name::OrgName;
pub use org::Org;
pub use person::Person;
pub use resource::Resource;
pub use role::Role;
