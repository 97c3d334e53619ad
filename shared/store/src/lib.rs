//! Stores all data in DynamoDB. No other crate calls DynamoDB.
//!
//! A request reads every item that its decision needs in one strongly consistent `BatchGetItem`
//! ([`Store::read`]) and commits the decision in one `TransactWriteItems` ([`Store::commit`]). The
//! conditions of the transaction repeat the facts that were read. If a condition fails, another
//! change was committed after the read, and the action runs again from the read.
//!
//! To store a new kind of item, add its keys to [`keys`], and a file with an implementation of
//! [`Transaction`] for each of its decisions.

mod audit;
mod bulk;
mod cursor;
mod delivery;
mod error;
mod idempotency;
mod invitation;
mod item;
pub mod keys;
mod list;
mod member;
mod member_import;
mod notice;
mod org;
mod org_update;
mod ownership_transfer;
mod purge;
mod rate;
mod read;
mod recount;
mod resource;
mod rollup;
mod search;
mod store;
pub mod tables;
mod transaction;
mod transaction_builder;
mod usage;
mod void;

pub use audit::AuditFilter;
pub use bulk::{BulkInvitation, BulkInvitationError};
pub use cursor::{Page, PageRequest};
pub use error::StoreError;
pub use idempotency::{IdempotencyKey, StoredResponse};
pub use invitation::InvitationFilter;
pub use notice::{Lease, Notice, Recipients};
pub use org::NewOrg;
pub use purge::{PendingPurge, Purged};
pub use rate::{RateLimited, retry_after};
pub use read::{ReadIsolation, ReadRequest, ReadResponse};
pub use recount::{Recount, SEGMENTS, ScanCursor, ScanProgress};
pub use rollup::{Group, NotifiedThresholds, Piece, pieces};
pub use search::MemberFilter;
pub use store::{Store, StoreSettings, WarmUp};
pub use transaction::{AuditDiff, Commit, CommitError, Transaction};
pub use transaction_builder::Condition;
