//! Tests through the front door: each starts a host of its own, with fresh tables and a clock that
//! stands still, and speaks HTTP to it. One file per action, at the place of its route; each test
//! is named as the sentence that is true.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where something is not as it says"
)]

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
