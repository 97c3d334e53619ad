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

use crate::failure::Unavailable;
use crate::idempotency::{self, IdempotencyKey, StoredReply};
use crate::item::{Item, item, value};
use crate::keys;
use crate::plan::{Guard, Plan};
use crate::store::Store;

/// How often a transaction is tried when nothing but other transactions stands in its way.
pub(crate) const TRIES: u32 = 5;

/// A decision that can be committed.
pub trait Change {
    /// The organization that it is about.
    fn org(&self) -> OrgId;

    /// Its writes, each with the condition that what was read is still so.
    ///
    /// # Errors
    /// [`Unavailable`] when a write cannot be put together.
    fn plan(&self, plan: &mut Plan, now: DateTime<Utc>) -> Result<(), Unavailable>;

    /// The members whose items its writes change: their conditions say more than the check of the
    /// actor's role would.
    fn covers(&self, user: &UserId) -> bool;

    /// What the audit record says.
    fn audited(&self, now: DateTime<Utc>) -> Changed;
}

/// What a change changed, on the wire: the audit record's `target`, `before` and `after`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
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
    pub reply: (u16, Option<String>, Option<String>),
}

/// Why nothing was committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The same request was answered before, by this.
    #[error("answered before")]
    Replay(Box<StoredReply>),
    /// These conditions did not hold: something else was committed since the read.
    #[error("lost to another change: {guards:?}")]
    Lost {
        /// The conditions.
        guards: Vec<Guard>,
        /// With [`Guard::AddressFree`]: what the address is by now.
        taken: Option<AddressLock>,
    },
    /// Other commits stood in the way each time.
    #[error("too many changes at once")]
    Contention,
    /// The database did not answer; whether it committed is not known.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// A condition that did not hold.
#[derive(Debug)]
pub(crate) struct Loss {
    /// Which of the transaction's items it is on.
    pub(crate) at: usize,
    /// What it stands for.
    pub(crate) guard: Guard,
    /// What is there.
    pub(crate) item: Option<Item>,
}

/// Why a transaction was not applied.
#[derive(Debug)]
pub(crate) enum Cancelled {
    /// These conditions did not hold.
    Lost(Vec<Loss>),
    /// Other transactions stood in the way each time.
    Contention,
    /// The database did not answer.
    Unavailable(Unavailable),
}

impl From<Unavailable> for Cancelled {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

impl From<Cancelled> for CommitError {
    fn from(cancelled: Cancelled) -> Self {
        let lost = match cancelled {
            Cancelled::Lost(lost) => lost,
            Cancelled::Contention => return Self::Contention,
            Cancelled::Unavailable(error) => return Self::Unavailable(error),
        };
        let there =
            |guard| lost.iter().find(|loss| loss.guard == guard).and_then(|loss| loss.item.clone());
        // The request's own earlier answer comes before anything that it ran into by itself.
        if let Some(reply) = there(Guard::Idempotency) {
            return value(reply)
                .map_or_else(Self::Unavailable, |reply| Self::Replay(Box::new(reply)));
        }
        match there(Guard::AddressFree).map(value).transpose() {
            Ok(taken) => {
                Self::Lost { guards: lost.into_iter().map(|loss| loss.guard).collect(), taken }
            }
            Err(error) => Self::Unavailable(error),
        }
    }
}

/// Writes the audit record of a change.
pub(crate) fn audit(
    plan: &mut Plan,
    commit: &Commit<'_>,
    id: AuditId,
    change: &impl Change,
) -> Result<(), Unavailable> {
    let record = AuditRecord {
        id,
        org_id: change.org(),
        at: commit.now,
        actor: Actor { user_id: &commit.actor.user_id, name: commit.actor.name.as_deref() },
        action: commit.permit.action(),
        changed: change.audited(commit.now),
        request_id: commit.request_id,
    };
    plan.put_new(Guard::Audit, item(&keys::audit(&change.org(), &id), &record)?)
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
    changed: Changed,
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
        change: &impl Change,
    ) -> Result<(), CommitError> {
        let refreshed = commit.member.and_then(|member| member.refreshed(commit.actor));
        let plan = self.plan(commit, change, refreshed.as_ref())?;
        match self.transact(&plan).await.map_err(CommitError::from) {
            // The address that the token has now belongs to somebody else here, so the old one
            // stays.
            Err(CommitError::Lost { guards, .. }) if guards == [Guard::NewAddress] => {
                let renamed = commit
                    .member
                    .zip(refreshed.as_ref())
                    .and_then(|(member, refreshed)| crate::member::renamed(member, refreshed));
                Ok(self.transact(&self.plan(commit, change, renamed.as_ref())?).await?)
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
        let mut plan = Plan::new(&self.settings.core_table);
        let (status, body, etag) = commit.reply.clone();
        idempotency::remember(&mut plan, key, status, body, etag, commit.now)?;
        if let Some(member) = commit.member {
            crate::member::keep_role(&mut plan, member, None, commit.now)?;
        }
        Ok(self.transact(&plan).await?)
    }

    fn plan(
        &self,
        commit: &Commit<'_>,
        change: &impl Change,
        refreshed: Option<&Member>,
    ) -> Result<Plan, Unavailable> {
        let mut plan = Plan::new(&self.settings.core_table);
        if let Some(key) = commit.idempotency {
            let (status, body, etag) = commit.reply.clone();
            idempotency::remember(&mut plan, key, status, body, etag, commit.now)?;
        }
        change.plan(&mut plan, commit.now)?;
        if let Some(member) = commit.member.filter(|member| !change.covers(&member.user_id)) {
            crate::member::keep_role(&mut plan, member, refreshed, commit.now)?;
        }
        audit(&mut plan, commit, commit.audit_id, change)?;
        Ok(plan)
    }

    /// Sends a transaction until it is committed, or refused for more than other transactions at
    /// the same moment.
    ///
    /// The SDK repeats a call whose answer was lost with the same token, so it is applied once; it
    /// does not repeat a cancelled transaction, which is what this loop is for.
    pub(crate) async fn transact(&self, plan: &Plan) -> Result<(), Cancelled> {
        for attempt in 0..TRIES {
            let Err(error) = self.transaction(plan.writes()).await else { return Ok(()) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                let throttled = error.code().is_some_and(|code| THROTTLED.contains(&code));
                return Err(if throttled {
                    Cancelled::Contention
                } else {
                    Unavailable::sdk("TransactWriteItems", error).into()
                });
            };
            let reasons = cancelled.cancellation_reasons();
            let lost: Vec<Loss> = plan
                .guards()
                .iter()
                .zip(reasons)
                .enumerate()
                .filter(|(_, (_, reason))| reason.code() == Some("ConditionalCheckFailed"))
                .map(|(at, (guard, reason))| Loss { at, guard: *guard, item: reason.item.clone() })
                .collect();
            if !lost.is_empty() {
                return Err(Cancelled::Lost(lost));
            }
            if !reasons
                .iter()
                .filter_map(|reason| reason.code())
                .all(|code| PASSING.contains(&code))
            {
                return Err(Unavailable::new(format!("TransactWriteItems: {cancelled}")).into());
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
