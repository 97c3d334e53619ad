//! Commits a decision in one transaction.

use std::sync::atomic::Ordering;
use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use chrono::{DateTime, Utc};
use orgs_domain::invitation::AddressLock;
use orgs_domain::person::Person;
use orgs_domain::{AuditId, Member, OrgId, UserId};
use orgs_policies::Permit;
use serde::Serialize;
use serde_json::Value;

use crate::error::StoreError;
use crate::idempotency::{self, IdempotencyKey, StoredResponse};
use crate::item::{Item, item, value};
use crate::keys;
use crate::store::Store;
use crate::transaction_builder::{Condition, TransactionBuilder};

/// Maximum attempts to send a transaction while only other transactions or throttling prevent it.
pub(crate) const ATTEMPTS_MAX: u32 = 5;

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

/// The context of a decision, which is needed to commit it.
#[derive(Debug)]
pub struct Commit<'a> {
    /// The proof that the authorizer allowed the action.
    pub permit: &'a Permit,
    /// The person who makes the change.
    pub actor: &'a Person,
    /// The actor's membership as it was read, if the actor is a member. The commit also refreshes
    /// its name and address if the token has other ones.
    pub member: Option<&'a Member>,
    /// The id of the new audit record.
    pub audit_id: AuditId,
    /// The id of the request, for the audit record.
    pub request_id: &'a str,
    /// The time of the request.
    pub now: DateTime<Utc>,
    /// The idempotency key under which the response is stored. `None` stores nothing.
    pub idempotency: Option<&'a IdempotencyKey>,
    /// The status, body and `ETag` of the response.
    pub response: (u16, Option<String>, Option<String>),
}

/// An error of [`Store::commit`] and related methods.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The same request was answered before. Contains the stored response.
    #[error("the request was answered before")]
    Replay(Box<StoredResponse>),
    /// These conditions failed: another change was committed after the read.
    #[error("transaction conditions failed: {conditions:?}")]
    Lost {
        /// The failed conditions, in the order of the transaction.
        conditions: Vec<Condition>,
        /// The current lock of the address, if [`Condition::AddressFree`] failed.
        taken: Option<AddressLock>,
    },
    /// Other transactions or throttling prevented every attempt.
    #[error("repeated conflicts with other transactions")]
    Contention,
    /// DynamoDB failed. It is unknown whether the transaction was committed.
    #[error(transparent)]
    StoreError(#[from] StoreError),
}

/// A condition that failed, with the item that it was about.
#[derive(Debug)]
pub(crate) struct FailedCondition {
    /// The position of the item in the transaction.
    pub(crate) position: usize,
    /// The reason for the condition.
    pub(crate) condition: Condition,
    /// The current item, if it exists.
    pub(crate) item: Option<Item>,
}

/// The reason why a transaction was not applied.
#[derive(Debug)]
pub(crate) enum Cancelled {
    /// One or more conditions failed.
    Lost(Vec<FailedCondition>),
    /// Other transactions or throttling prevented every attempt.
    Contention,
    /// DynamoDB failed. It is unknown whether the transaction was committed.
    StoreError(StoreError),
}

impl From<StoreError> for Cancelled {
    fn from(error: StoreError) -> Self {
        Self::StoreError(error)
    }
}

impl From<Cancelled> for CommitError {
    fn from(cancelled: Cancelled) -> Self {
        let lost = match cancelled {
            Cancelled::Lost(lost) => lost,
            Cancelled::Contention => return Self::Contention,
            Cancelled::StoreError(error) => return Self::StoreError(error),
        };
        let current_item = |condition| {
            lost.iter()
                .find(|failed| failed.condition == condition)
                .and_then(|failed| failed.item.clone())
        };
        // A stored response takes precedence: the earlier commit of the same request explains why
        // other conditions fail as well.
        if let Some(response) = current_item(Condition::Idempotency) {
            return value(response)
                .map_or_else(Self::StoreError, |response| Self::Replay(Box::new(response)));
        }
        match current_item(Condition::AddressFree).map(value).transpose() {
            Ok(taken) => Self::Lost {
                conditions: lost.into_iter().map(|failed| failed.condition).collect(),
                taken,
            },
            Err(error) => Self::StoreError(error),
        }
    }
}

/// Adds the audit record of a change to a transaction.
pub(crate) fn audit(
    tx: &mut TransactionBuilder,
    commit: &Commit<'_>,
    id: AuditId,
    change: &impl Transaction,
) -> Result<(), StoreError> {
    let record = AuditRecord {
        id,
        org_id: change.org(),
        at: commit.now,
        actor: Actor { user_id: &commit.actor.user_id, name: commit.actor.name.as_deref() },
        action: commit.permit.action(),
        diff: change.audit_entry(commit.now),
        request_id: commit.request_id,
    };
    tx.put_new(Condition::Audit, item(&keys::audit(&change.org(), &id), &record)?)
}

#[derive(Serialize)]
struct Actor<'a> {
    user_id: &'a UserId,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct AuditRecord<'a> {
    id: AuditId,
    org_id: OrgId,
    at: DateTime<Utc>,
    actor: Actor<'a>,
    action: &'a str,
    #[serde(flatten)]
    diff: AuditDiff,
    request_id: &'a str,
}

impl Store {
    /// Commits a decision with its audit record and the stored response, all or nothing.
    ///
    /// # Errors
    /// [`CommitError`] if a condition failed, the request was answered before, or DynamoDB failed.
    pub async fn commit(
        &self,
        commit: &Commit<'_>,
        change: &impl Transaction,
    ) -> Result<(), CommitError> {
        let refreshed = commit.member.and_then(|member| member.refreshed(commit.actor));
        let tx = self.build(commit, change, refreshed.as_ref())?;
        match self.transact(&tx).await.map_err(CommitError::from) {
            // The token's new address already has a lock in the organization, so the member keeps
            // the old one.
            Err(CommitError::Lost { conditions, .. }) if conditions == [Condition::NewAddress] => {
                let renamed = commit
                    .member
                    .zip(refreshed.as_ref())
                    .and_then(|(member, refreshed)| crate::member::renamed(member, refreshed));
                Ok(self.transact(&self.build(commit, change, renamed.as_ref())?).await?)
            }
            other => other,
        }
    }

    /// Stores the response to a request that changed nothing under its idempotency key, on the
    /// condition that the actor still has the role that was authorized. Does nothing without a key.
    ///
    /// # Errors
    /// [`CommitError`], as for [`Store::commit`].
    pub async fn remember(&self, commit: &Commit<'_>) -> Result<(), CommitError> {
        let Some(key) = commit.idempotency else { return Ok(()) };
        let mut tx = TransactionBuilder::new(&self.settings.core_table);
        let (status, body, etag) = commit.response.clone();
        idempotency::remember(&mut tx, key, status, body, etag, commit.now)?;
        if let Some(member) = commit.member {
            crate::member::require_actor_role(&mut tx, member, None, commit.now)?;
        }
        Ok(self.transact(&tx).await?)
    }

    fn build(
        &self,
        commit: &Commit<'_>,
        change: &impl Transaction,
        refreshed: Option<&Member>,
    ) -> Result<TransactionBuilder, StoreError> {
        let mut tx = TransactionBuilder::new(&self.settings.core_table);
        if let Some(key) = commit.idempotency {
            let (status, body, etag) = commit.response.clone();
            idempotency::remember(&mut tx, key, status, body, etag, commit.now)?;
        }
        change.build(&mut tx, commit.now)?;
        if let Some(member) = commit.member.filter(|member| !change.writes_member(&member.user_id))
        {
            crate::member::require_actor_role(&mut tx, member, refreshed, commit.now)?;
        }
        audit(&mut tx, commit, commit.audit_id, change)?;
        Ok(tx)
    }

    /// Sends a transaction until it is committed or a condition fails, and retries conflicts with
    /// other transactions and throttling with jitter, up to [`ATTEMPTS_MAX`] times.
    ///
    /// If a response is lost, the SDK sends the call again with the same client request token, so
    /// DynamoDB applies it once. The SDK does not retry a cancelled transaction; this loop does.
    pub(crate) async fn transact(&self, tx: &TransactionBuilder) -> Result<(), Cancelled> {
        for attempt in 0..ATTEMPTS_MAX {
            let Err(error) = self.transaction(tx.writes()).await else { return Ok(()) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                let throttled = error.code().is_some_and(|code| THROTTLING_CODES.contains(&code));
                return Err(if throttled {
                    Cancelled::Contention
                } else {
                    StoreError::sdk("TransactWriteItems", error).into()
                });
            };
            let reasons = cancelled.cancellation_reasons();
            let lost: Vec<FailedCondition> = tx
                .conditions()
                .iter()
                .zip(reasons)
                .enumerate()
                .filter(|(_, (_, reason))| reason.code() == Some("ConditionalCheckFailed"))
                .map(|(position, (condition, reason))| FailedCondition {
                    position,
                    condition: *condition,
                    item: reason.item.clone(),
                })
                .collect();
            if !lost.is_empty() {
                return Err(Cancelled::Lost(lost));
            }
            if !reasons
                .iter()
                .filter_map(|reason| reason.code())
                .all(|code| TRANSIENT_CANCELLATION_CODES.contains(&code))
            {
                return Err(StoreError::new(format!("TransactWriteItems: {cancelled}")).into());
            }
            self.pause(attempt).await;
        }
        Err(Cancelled::Contention)
    }
}

/// Cancellation reasons that a retry can resolve. `None` stands for an item without a failure.
pub(crate) const TRANSIENT_CANCELLATION_CODES: [&str; 4] =
    ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
/// Error codes of a whole call that DynamoDB throttled, or is still processing.
pub(crate) const THROTTLING_CODES: [&str; 4] = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
];

impl Store {
    /// Waits before a retry, and counts it. Full jitter: the delay is random, up to 20 ms for
    /// attempt 0, doubled with each attempt up to 640 ms.
    pub(crate) async fn pause(&self, attempt: u32) {
        self.retries.fetch_add(1, Ordering::Relaxed);
        let delay_max_ms = 20_u64 << attempt.min(5);
        let mut random = [0; 8];
        // Without random bytes the delay is the longest, which is slower but safe.
        let delay_ms = aws_lc_rs::rand::fill(&mut random)
            .map_or(delay_max_ms, |()| u64::from_le_bytes(random) % (delay_max_ms + 1));
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
}
