//! The data in DynamoDB, and the only code that talks to it.
//!
//! A request reads everything that it decides by in one strongly consistent `BatchGetItem`
//! ([`Store::read`]) and commits the decision in one `TransactWriteItems` ([`Store::commit`]),
//! whose conditions repeat the facts that were read. A condition that no longer holds is a lost
//! race: the request is then judged anew from the start.
//!
//! To store a new kind of thing: its keys in [`keys`], its decisions in a file of its own with an
//! implementation of [`Change`] for each.

mod addition;
mod audit;
mod bulk;
mod change;
mod cursor;
mod delivery;
mod failure;
mod handover;
mod idempotency;
mod invitation;
mod item;
pub mod keys;
mod lifecycle;
mod list;
mod member;
mod notice;
mod org;
mod plan;
mod purge;
mod rate;
mod read;
mod recount;
mod resource;
mod rollup;
mod search;
mod store;
pub mod tables;
mod usage;
mod void;

pub use audit::AuditFilter;
pub use bulk::{Line, LineRefused};
pub use change::{Change, Changed, Commit, CommitError};
pub use cursor::{Page, Paged};
pub use failure::Unavailable;
pub use idempotency::{IdempotencyKey, StoredReply};
pub use invitation::InvitationFilter;
pub use notice::{Claim, Notice, Told};
pub use org::NewOrg;
pub use plan::Guard;
pub use purge::{Due, Purged};
pub use rate::{Limited, retry_after};
pub use read::{Found, Reading, Wanted};
pub use recount::{Pass, Position, Recount, SEGMENTS};
pub use rollup::{Group, Piece, ToldThresholds, pieces};
pub use search::MemberFilter;
pub use store::{Store, StoreSettings, WarmUp};
