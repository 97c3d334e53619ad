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
mod commit;
mod cursor;
mod error;
mod idempotency;
mod invitation;
mod item;
pub mod keys;
mod list;
mod member;
mod notice;
mod org;
mod read;
mod resource;
mod search;
mod store;
pub mod tables;
mod tx;
mod usage;

pub use audit::AuditFilter;
pub use commit::{Commit, CommitError};
pub use cursor::{Page, PageRequest};
pub use error::StoreError;
pub use idempotency::{IdempotencyKey, StoredResponse};
pub use invitation::InvitationFilter;
pub use invitation::bulk::{BulkInvitation, BulkInvitationError};
pub use invitation::rate::{RateLimited, retry_after};
pub use notice::{Lease, Recipients};
pub use org::NewOrg;
pub use org::purge::{PendingPurge, Purged};
pub use org::recount::{Recount, SEGMENTS, ScanCursor, ScanProgress};
pub use read::{ReadIsolation, ReadRequest, ReadResponse};
pub use search::MemberFilter;
pub use store::{Store, StoreSettings, WarmUp};
pub use tx::{AuditDiff, Condition, Transaction};
pub use usage::accounts::BilledAccount;
pub use usage::hold::Holds;
pub use usage::rollup::{CounterRange, Group, Selection, counter_ranges};
pub use usage::spending::AlertRecord;
pub use usage::statement::{ClosedStatement, STATEMENT_PART_LINES};
pub use usage::void::Voiding;
