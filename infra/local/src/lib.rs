//! Every function on one machine, for development and tests: the functions, the DynamoDB client,
//! the SES client and the policies are the ones that run on AWS; only what they talk to is here.
//!
//! `orgs_functions::registry` is the table of what there is to call; `contract` writes it to
//! `infra/routes.json` and `infra/openapi.json`.

pub mod call_log;
mod call_scheduler;
pub mod contract;
mod dev_routes;
mod dynamodb;
mod eventbridge;
pub mod explain;
mod faults;
mod gateway;
mod host;
mod identity;
pub mod log;
mod mails;
mod oidc;
mod queue;
mod service;
mod ses;
pub mod simulate;
mod state;
mod stream_log;
mod stream_poller;

pub use call_scheduler::{CallScheduler, PausedCall};
pub use faults::{Faults, Torn};
pub use host::{Data, Dynamo, Host, HostError, HostOptions};
pub use ses::MailFaults;
