//! The one commit after a decision.

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

/// How often a transaction is tried when nothing but other transactions stands in its way.
pub(crate) const TRIES: u32 = 5;

/// A decision that can be committed.
pub trait Transaction {
    /// The organization that it is about.
    fn org(&self) -> OrgId;

    /// Its writes, each with the condition that what was read is still so.
    ///
    /// # Errors
    /// [`StoreError`] when a write cannot be put together.
    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// The members whose items its writes change: their conditions say more than the check of the
    /// actor's role would.
    fn writes_member(&self, user: &UserId) -> bool;

    /// What the audit record says.
    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff;
}

/// What a change changed, on the wire: the audit record's `target`, `before` and `after`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditDiff {
    /// The id of what was changed.
    pub target: String,
    /// How it was; absent when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// How it is; absent when it is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// What the mailer is to send, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Value>,
}

/// Everything around a decision that is written with it.
#[derive(Debug)]
pub struct Commit<'a> {
    /// That it is allowed, and to whom.
    pub permit: &'a Permit,
    /// Who does it.
    pub actor: &'a Person,
    /// The actor's membership as it was read, whose name and address are refreshed by the token's.
    pub member: Option<&'a Member>,
    /// The id of the audit record.
    pub audit_id: AuditId,
    /// The request, for the audit record.
    pub request_id: &'a str,
    /// The time of the request.
    pub now: DateTime<Utc>,
    /// The key under which the answer is remembered.
    pub idempotency: Option<&'a IdempotencyKey>,
    /// The answer's status, body and `ETag`.
    pub response: (u16, Option<String>, Option<String>),
}

/// Why nothing was committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The same request was answered before, by this.
    #[error("answered before")]
    Replay(Box<StoredResponse>),
    /// These conditions did not hold: something else was committed since the read.
    #[error("lost to another change: {conditions:?}")]
    Lost {
        /// The conditions.
        conditions: Vec<Condition>,
        /// With [`Condition::AddressFree`]: what the address is by now.
        taken: Option<AddressLock>,
    },
    /// Other commits stood in the way each time.
    #[error("too many changes at once")]
    Contention,
    /// The database did not answer; whether it committed is not known.
    #[error(transparent)]
    StoreError(#[from] StoreError),
}

/// A condition that did not hold.
#[derive(Debug)]
pub(crate) struct FailedCondition {
    /// Which of the transaction's items it is on.
    pub(crate) at: usize,
    /// What it stands for.
    pub(crate) condition: Condition,
    /// What is there.
    pub(crate) item: Option<Item>,
}

/// Why a transaction was not applied.
#[derive(Debug)]
pub(crate) enum Cancelled {
    /// These conditions did not hold.
    Lost(Vec<FailedCondition>),
    /// Other transactions stood in the way each time.
    Contention,
    /// The database did not answer.
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
        let there = |condition| {
            lost.iter()
                .find(|failed| failed.condition == condition)
                .and_then(|failed| failed.item.clone())
        };
        // The request's own earlier answer comes before anything that it ran into by itself.
        if let Some(response) = there(Condition::Idempotency) {
            return value(response)
                .map_or_else(Self::StoreError, |response| Self::Replay(Box::new(response)));
        }
        match there(Condition::AddressFree).map(value).transpose() {
            Ok(taken) => Self::Lost {
                conditions: lost.into_iter().map(|failed| failed.condition).collect(),
                taken,
            },
            Err(error) => Self::StoreError(error),
        }
    }
}

/// Writes the audit record of a change.
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
    /// Commits a decision with its audit record and the answer that is remembered, all or nothing.
    ///
    /// # Errors
    /// [`CommitError`].
    pub async fn commit(
        &self,
        commit: &Commit<'_>,
        change: &impl Transaction,
    ) -> Result<(), CommitError> {
        let refreshed = commit.member.and_then(|member| member.refreshed(commit.actor));
        let tx = self.build(commit, change, refreshed.as_ref())?;
        match self.transact(&tx).await.map_err(CommitError::from) {
            // The address that the token has now belongs to somebody else here, so the old one
            // stays.
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

    /// Keeps an answer that changed nothing under its key, on the condition that the actor still
    /// has the role that was judged.
    ///
    /// # Errors
    /// [`CommitError`].
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

    /// Sends a transaction until it is committed, or refused for more than other transactions at
    /// the same moment.
    ///
    /// The SDK repeats a call whose answer was lost with the same token, so it is applied once; it
    /// does not repeat a cancelled transaction, which is what this loop is for.
    pub(crate) async fn transact(&self, tx: &TransactionBuilder) -> Result<(), Cancelled> {
        for attempt in 0..TRIES {
            let Err(error) = self.transaction(tx.writes()).await else { return Ok(()) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                let throttled = error.code().is_some_and(|code| THROTTLED.contains(&code));
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
                .map(|(at, (condition, reason))| FailedCondition {
                    at,
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
                .all(|code| PASSING.contains(&code))
            {
                return Err(StoreError::new(format!("TransactWriteItems: {cancelled}")).into());
            }
            self.pause(attempt).await;
        }
        Err(Cancelled::Contention)
    }
}

/// Reasons of a cancelled transaction that go away by themselves.
pub(crate) const PASSING: [&str; 4] =
    ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
/// Errors of a whole call that say: slower.
pub(crate) const THROTTLED: [&str; 4] = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
];

impl Store {
    /// Waits before a transaction is sent again. Full jitter: anything up to 20 ms, doubled with
    /// each attempt.
    pub(crate) async fn pause(&self, attempt: u32) {
        self.retries.fetch_add(1, Ordering::Relaxed);
        let most = 20_u64 << attempt.min(5);
        let mut random = [0; 8];
        // Without randomness the pause is the longest, which is only slower.
        let share = aws_lc_rs::rand::fill(&mut random)
            .map_or(most, |()| u64::from_le_bytes(random) % (most + 1));
        tokio::time::sleep(Duration::from_millis(share)).await;
    }
}
