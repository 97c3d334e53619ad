//! Tests through the HTTP API. Each test starts its own host with empty tables and a stopped clock,
//! and sends HTTP requests to it. There is one file per action, in the folder of its route, and the
//! name of a test is a sentence that is true.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod architecture;
mod audit;
mod authz;
mod billing;
mod browser;
mod budget;
mod contract;
mod costs;
mod events;
mod faults;
mod holds;
mod invitations;
mod lambda;
mod local;
mod me;
mod members;
mod orgs;
mod page;
mod policies;
mod races;
mod resources;
mod scenarios;
mod upgrade;
mod usage;
mod world;
