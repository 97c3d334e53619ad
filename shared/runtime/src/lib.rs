//! The runtime of actions: requests, responses, problems, triggers and the wiring to AWS.
//!
//! An action is an async function declared with [`action!`]. It loads an [`OrgContext`] (404 for
//! outsiders), requests a permit from it, decides by a rule of `orgs_domain`, and commits. If a
//! condition of the commit fails, the whole action runs again from its read, so that no decision is
//! based on stale facts.
//!
//! The same code runs on Lambda ([`serve`]) and in the local host.

pub mod action;
mod app_state;
mod aws;
mod budget_denials;
mod caller;
mod commit;
mod end_memberships;
mod event;
mod input;
mod invitation_context;
mod messages;
mod metrics;
mod org_context;
mod owner_notifications;
mod problem;
mod problem_code;
mod request_context;
mod response;
mod serve;
mod settings;
mod triggers;
mod usage_reports;

pub use action::{Action, Function, Handler, SchemaRef, Schemas};
pub use app_state::AppState;
pub use caller::Caller;
pub use input::{Limit, NoInput, non_null};
pub use invitation_context::{InvitationContext, InvitationCredential, InvitationReply};
pub use messages::{Feedback, InvitationMail, Mail, MailRequest, RetryableError, UsageMonth};
pub use metrics::{Metric, Metrics};
pub use org_context::{OrgContext, OrgContextQuery};
pub use problem::{ActionError, FieldProblem, Problem, ProblemBody, Result, UNAUTHORIZED};
pub use problem_code::ProblemCode;
pub use request_context::{ListQuery, RequestContext};
pub use response::{Content, ListOf, Response};
pub use serve::serve;
pub use settings::{ClaimSettings, PageSettings, Settings, SettingsError};
pub use triggers::BatchFailures;
pub use usage_reports::UsageReport;

pub use lambda_http::lambda_runtime::Error as RuntimeError;
