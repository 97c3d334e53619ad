//! Everything between API Gateway's events and the actions: who calls, what they send, what they
//! are answered.
//!
//! An action is a function `handle(&RequestContext) -> Result<Response>` declared with [`action!`].
//! It reads a [`OrgContext`] (which answers 404 to outsiders), asks it for a permit, decides by a
//! rule of `orgs_domain`, and commits. Where a commit loses to another change, the whole action
//! runs again from its read, so a decision is never made by what is no longer so.
//!
//! The same function runs on Lambda ([`serve`]) and in the local host; it cannot tell which.

mod app_state;
mod aws;
mod caller;
mod commit;
mod end_memberships;
mod event;
mod function;
mod input;
mod invitation_context;
mod mail_queue;
mod metrics;
mod org_context;
mod owner_notifications;
mod problem;
mod request_context;
mod response;
mod serve;
mod ses_feedback;
mod settings;
mod stream;
mod tls;
mod usage_reports;

pub use app_state::AppState;
pub use caller::Caller;
pub use function::{Action, Function, Kind, SchemaRef, Schemas};
pub use input::{Limit, NoInput, non_null};
pub use invitation_context::{InvitationContext, InvitationCredential, InvitationReply};
pub use mail_queue::{InvitationMail, Mail, MailRequest};
pub use metrics::{Metric, Metrics};
pub use org_context::{OrgContext, OrgContextQuery};
pub use orgs_domain as domain;
pub use orgs_events as events;
pub use orgs_mail as mail;
pub use orgs_policies as policies;
pub use orgs_store as store;
pub use problem::{ActionError, FieldProblem, Problem, ProblemBody, Result, UNAUTHORIZED};
pub use request_context::{ListQuery, RequestContext};
pub use response::{Content, ListOf, Response};
pub use serve::serve;
pub use ses_feedback::Feedback;
pub use settings::{PageSettings, Settings, SettingsError};
pub use stream::{BatchFailures, Retry, UsageMonth};
pub use usage_reports::UsageReport;

pub use lambda_http::lambda_runtime::Error as RuntimeError;
pub use serde::Deserialize;
pub use utoipa::ToSchema;
