//! The transaction: its builder, its conditions, and the loop that sends it.

pub(crate) mod builder;
pub(crate) mod transact;

use chrono::{DateTime, Utc};
use orgs_domain::{OrgId, UserId};
use serde::Serialize;
use serde_json::Value;

use crate::error::StoreError;
pub use builder::Condition;
pub(crate) use builder::{Expr, TransactionBuilder, attribute_names};

/// A decision that can be committed.
pub trait Transaction {
    /// Returns the organization that the decision changes.
    fn org(&self) -> OrgId;

    /// Adds the writes, each on the condition that the facts that were read still hold.
    ///
    /// # Errors
    /// [`StoreError`] if a value cannot be converted to an item.
    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Returns true if the decision writes the membership of `user`. The conditions of that write
    /// are stricter than the check of the actor's role, so [`Store::commit`] then omits the check.
    fn writes_member(&self, user: &UserId) -> bool;

    /// Returns what the audit record says about the change.
    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff;
}

/// The fields of an audit record that describe the change, as they are stored and published.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditDiff {
    /// The id of the thing that was changed.
    pub target: String,
    /// The state before the change. Absent if the change created the thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The state after the change. Absent if the change deleted the thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The mail that the change requests. Absent if it requests none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Value>,
}
