//! Everything between API Gateway's events and the actions: who calls, what they send, what they
//! are answered.
//!
//! An action is a function `handle(&Call) -> Result<Reply>` declared with [`action!`]. It reads a
//! [`Scene`] (which answers 404 to outsiders), asks it for a permit, decides by a rule of
//! `orgs_domain`, and commits. Where a commit loses to another change, the whole action runs again
//! from its read, so a decision is never made by what is no longer so.
//!
//! The same function runs on Lambda ([`serve`]) and in the local host; it cannot tell which.

mod aws;
mod call;
mod caller;
mod commit;
mod event;
mod feedback;
mod forget;
mod function;
mod input;
mod mail_queue;
mod metrics;
mod notice;
mod offer;
mod problem;
mod reply;
mod scene;
mod serve;
mod settings;
mod stream;
mod trust;
mod usage;
mod world;

pub use call::{Call, ListQuery};
pub use caller::Caller;
pub use feedback::Feedback;
pub use function::{Action, Function, Kind, Schemas, TypeOf};
pub use input::{Limit, NoInput, some};
pub use mail_queue::{InvitationMail, Mail, MailRequest};
pub use metrics::{Metric, Metrics};
pub use offer::{Answer, Offer, Proof};
pub use orgs_domain as domain;
pub use orgs_events as events;
pub use orgs_mail as mail;
pub use orgs_policies as policies;
pub use orgs_store as store;
pub use problem::{FieldProblem, Problem, ProblemBody, Result, Stop, UNAUTHORIZED};
pub use reply::{Content, ListOf, Reply};
pub use scene::{Scene, Wants};
pub use serve::serve;
pub use settings::{PageSettings, Settings, SettingsError};
pub use stream::{BatchFailures, Retry, Spending};
pub use usage::Reported;
pub use world::World;

pub use lambda_http::lambda_runtime::Error as RuntimeError;
pub use serde::Deserialize;
pub use utoipa::ToSchema;
