//! The commit of a decision: one transaction with the decision's writes, the audit record and the
//! stored response.

use chrono::{DateTime, Utc};
use orgs_domain::invitation::AddressLock;
use orgs_domain::person::Person;
use orgs_domain::{AuditId, Member, OrgId, UserId};
use orgs_policies::Permit;
use serde::Serialize;

use crate::error::StoreError;
use crate::idempotency::{self, IdempotencyKey, StoredResponse};
use crate::item::{item, value};
use crate::keys;
use crate::store::Store;
use crate::tx::transact::Cancelled;
use crate::tx::{AuditDiff, Condition, Transaction, TransactionBuilder};

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
    ConditionsFailed {
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
    Store(#[from] StoreError),
}

impl From<Cancelled> for CommitError {
    fn from(cancelled: Cancelled) -> Self {
        let failed_conditions = match cancelled {
            Cancelled::ConditionsFailed(failed_conditions) => failed_conditions,
            Cancelled::Contention => return Self::Contention,
            Cancelled::Store(error) => return Self::Store(error),
        };
        let current_item = |condition| {
            failed_conditions
                .iter()
                .find(|failed| failed.condition == condition)
                .and_then(|failed| failed.item.clone())
        };
        // A stored response takes precedence: the earlier commit of the same request explains why
        // other conditions fail as well.
        if let Some(response) = current_item(Condition::Idempotency) {
            return value(response)
                .map_or_else(Self::Store, |response| Self::Replay(Box::new(response)));
        }
        match current_item(Condition::AddressFree).map(value).transpose() {
            Ok(taken) => Self::ConditionsFailed {
                conditions: failed_conditions.into_iter().map(|failed| failed.condition).collect(),
                taken,
            },
            Err(error) => Self::Store(error),
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
    put_audit(
        tx,
        &AuditRecord {
            id,
            org_id: change.org(),
            at: commit.now,
            actor: Actor { user_id: &commit.actor.user_id, name: commit.actor.name.as_deref() },
            action: commit.permit.action(),
            diff: change.audit_entry(commit.now),
            request_id: commit.request_id,
        },
    )
}

/// Adds an audit record to a transaction.
pub(crate) fn put_audit(
    tx: &mut TransactionBuilder,
    record: &AuditRecord<'_>,
) -> Result<(), StoreError> {
    tx.put_new(Condition::Audit, item(&keys::audit(&record.org_id, &record.id), record)?)
}

#[derive(Serialize)]
pub(crate) struct Actor<'a> {
    pub(crate) user_id: &'a UserId,
    pub(crate) name: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct AuditRecord<'a> {
    pub(crate) id: AuditId,
    pub(crate) org_id: OrgId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: Actor<'a>,
    pub(crate) action: &'a str,
    #[serde(flatten)]
    pub(crate) diff: AuditDiff,
    pub(crate) request_id: &'a str,
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
            Err(CommitError::ConditionsFailed { conditions, .. })
                if conditions == [Condition::NewAddress] =>
            {
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
}
