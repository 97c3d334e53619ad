//! The local host: runs every function on one machine, for development and tests.
//!
//! The functions, the policies and the AWS clients are the same as on AWS. The host replaces the
//! services that they call: API Gateway, DynamoDB, its streams, EventBridge, SQS and SES.
//!
//! `orgs_functions::registry` lists the functions and their triggers. `contract` writes it to the
//! generated files in `infra/`.

pub mod call_log;
mod call_scheduler;
pub mod cors;
mod dev_routes;
mod dynamodb;
mod error;
mod eventbridge;
pub mod explain;
mod external_issuer;
mod faults;
mod functions;
mod gateway;
mod host;
mod identity;
pub mod log;
mod loopback;
mod mails;
mod oidc;
mod queue;
mod respond;
mod service;
mod ses;
pub mod simulate;
mod state;
mod stream_log;
mod stream_poller;

pub use call_scheduler::{CallScheduler, PausedCall};
pub use dynamodb::Data;
pub use error::HostError;
pub use faults::{Faults, Torn};
pub use host::{Dynamo, Host, HostOptions};
pub use ses::MailFaults;
