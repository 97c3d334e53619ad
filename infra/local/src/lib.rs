//! Every function on one machine, for development and tests: the functions, the DynamoDB client,
//! the SES client and the policies are the ones that run on AWS; only what they talk to is here.
//!
//! `orgs_functions::registry` is the table of what there is to call; `contract` writes it to
//! `infra/routes.json` and `infra/openapi.json`.

mod bus;
pub mod contract;
mod control;
mod database;
mod faults;
mod gate;
mod gateway;
mod host;
mod identity;
pub mod journal;
pub mod log;
mod mails;
mod oidc;
mod outbox;
mod pump;
mod queue;
mod service;
pub mod simulate;
mod state;
mod stream_log;
pub mod what_if;

pub use faults::{Faults, Torn};
pub use gate::{Gate, Held};
pub use host::{Data, Dynamo, Host, HostError, HostOptions};
pub use outbox::MailFaults;
