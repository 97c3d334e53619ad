//! Voids usage events: subtracts each from every total, exactly once.
//!
//! A stored event names the counters that it raised: the account that paid, the month and the
//! shard. One transaction marks the event as voided and lowers these counters, on the condition
//! that the event was not marked before. If the month is closed, the transaction lowers the
//! adjustments of the current month instead. An id that no event has is stored as voided, so that
//! an event with this id does not count if it arrives later.
//!
//! Each transaction writes an audit record with the ids, the reason and the service client.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use chrono::{DateTime, Duration, Utc};
use futures::future::try_join_all;
use orgs_domain::booking::BookedEvent;
use orgs_domain::name::Description;
use orgs_domain::usage::{self, REMEMBER_DAYS, Voided};
use orgs_domain::{AuditId, Credits, OrgId, UserId};
use orgs_policies::Permit;
use orgs_views::VoidedUsage;
use serde::Serialize;
use serde_json::json;

use crate::commit::{Actor, AuditRecord, CommitError, put_audit};
use crate::error::StoreError;
use crate::idempotency::{self, IdempotencyKey};
use crate::item::{Item, item, n, number, primary_key, value};
use crate::keys::{self, Key};
use crate::store::Store;
use crate::tx::{AuditDiff, TransactionBuilder};
use crate::usage::rollup::CounterDeltas;
use crate::usage::{
    ATTEMPTS_MAX, BATCH_GET_ITEMS_MAX, Refused, StoredEvent, TRANSACTION_ITEMS_MAX,
};

/// A request to void usage events.
#[derive(Debug)]
pub struct Voiding<'a> {
    /// The proof that the authorizer allowed it.
    pub permit: &'a Permit,
    /// The ids of the events.
    pub ids: &'a [String],
    /// The reason, for the audit record.
    pub reason: Option<&'a Description>,
    /// The service client.
    pub client_id: &'a UserId,
    /// The id of the request, for the audit record.
    pub request_id: &'a str,
    /// The idempotency key under which the response is stored. `None` stores nothing.
    pub key: Option<&'a IdempotencyKey>,
    /// The time of the request.
    pub now: DateTime<Utc>,
}

/// An id whose voiding is not written yet.
#[derive(Debug, Clone)]
struct Open {
    /// The position of the id in the request.
    index: usize,
    /// The event, with the booking of its void, and the shard of its counters. `None` if no event
    /// has the id.
    event: Option<(BookedEvent, u8)>,
}

impl Open {
    fn of(index: usize, stored: StoredEvent, now: DateTime<Utc>) -> Self {
        Self { index, event: Some((stored.booked.voided(now), stored.shard)) }
    }
}

/// An id that was voided before any event had it.
#[derive(Serialize)]
struct VoidedAhead<'a> {
    client_id: &'a UserId,
    voided_at: DateTime<Utc>,
}

impl Store {
    /// Voids events, and returns the outcome for each id, in order. `answer` makes the status and
    /// body of the response from the outcomes. The last transaction stores that response under the
    /// request's key. `new_id` creates the ids of the audit records.
    ///
    /// # Errors
    /// [`CommitError`] if the request was answered before, conflicts persist, or DynamoDB fails.
    /// The call is idempotent: sending the same ids again is safe.
    pub async fn void_usage(
        &self,
        request: &Voiding<'_>,
        answer: impl Fn(&[Voided]) -> (u16, Option<String>) + Sync,
        new_id: impl Fn() -> AuditId + Sync,
    ) -> Result<Vec<Voided>, CommitError> {
        let Voiding { permit, ids, now, .. } = *request;
        let org =
            permit.org().ok_or_else(|| StoreError::new("the permit names no organization"))?;
        let (mut outcome, mut open) = self.triage(&org, ids, now).await?;
        // An adjustment can be the first change of an account in the current month. Otherwise the
        // account was listed when the event was recorded.
        let adjustments =
            open.iter().filter_map(|open| open.event.as_ref()).map(|(event, _)| event);
        self.list_billed_accounts(adjustments.filter(|event| event.adjusted_in.is_some())).await?;
        // Every attempt to send a piece has the same audit record.
        let (mut attempt, mut audit_id) = (0, new_id());
        loop {
            let (writes, marked, is_last) =
                self.next_piece(&org, request, &open, answer(&outcome), audit_id)?;
            if writes.is_empty() {
                return Ok(outcome);
            }
            match self.send_piece(writes).await? {
                None if is_last => return Ok(outcome),
                None => {
                    open.drain(..marked);
                    (attempt, audit_id) = (0, new_id());
                }
                Some(Refused::Conflict) => {
                    attempt += 1;
                    if attempt == ATTEMPTS_MAX {
                        return Err(CommitError::Contention);
                    }
                    self.pause(attempt).await;
                }
                Some(Refused::Known(known)) => {
                    for (position, item) in known {
                        if position >= marked {
                            // After the events, the first write with a condition is the stored
                            // response.
                            return Err(CommitError::Replay(Box::new(value(item)?)));
                        }
                        let index = open[position].index;
                        if item.contains_key("voided_at") {
                            // Another request voided the id after the read.
                            outcome[index] = Voided::AlreadyVoided;
                        } else {
                            // The event was recorded after the read.
                            outcome[index] = Voided::Voided;
                            open.push(Open::of(index, value(item)?, now));
                        }
                        open[position].index = usize::MAX;
                    }
                    open.retain(|open| open.index != usize::MAX);
                }
            }
        }
    }

    /// Reads the events, and returns the outcome for each id and the ids to write. Events that
    /// share counters come one after the other.
    async fn triage(
        &self,
        org: &OrgId,
        ids: &[String],
        now: DateTime<Utc>,
    ) -> Result<(Vec<Voided>, Vec<Open>), StoreError> {
        let mut stored = self.stored_events(org, ids).await?;
        let (mut outcome, mut open) = (Vec::with_capacity(ids.len()), Vec::new());
        let mut seen = HashMap::new();
        for (index, id) in ids.iter().enumerate() {
            let outcome_now = match stored.remove(&keys::usage_event(org, id)) {
                _ if seen.contains_key(id) => match seen[id] {
                    Voided::Voided => Voided::AlreadyVoided,
                    other => other,
                },
                _ if !usage::is_event_id(id) => Voided::Unknown,
                None => {
                    open.push(Open { index, event: None });
                    Voided::Unknown
                }
                // DynamoDB deletes an expired item some time later. A void that is expired no longer
                // stops an event with its id.
                Some(item)
                    if number(&item, "ttl").is_some_and(|ttl: i64| ttl <= now.timestamp()) =>
                {
                    open.push(Open { index, event: None });
                    Voided::Unknown
                }
                Some(item) if item.contains_key("voided_at") => Voided::AlreadyVoided,
                // Events from before account counters existed are in counters of another format.
                // They cannot be voided.
                Some(item) if !item.contains_key("account_id") => Voided::Unknown,
                Some(item) => {
                    let event: StoredEvent = value(item)?;
                    if usage::is_voidable(event.booked.event.timestamp, now) {
                        open.push(Open::of(index, event, now));
                        Voided::Voided
                    } else {
                        Voided::Unknown
                    }
                }
            };
            seen.insert(id, outcome_now);
            outcome.push(outcome_now);
        }
        open.sort_by_cached_key(|open| {
            open.event.as_ref().map(|(BookedEvent { event, .. }, shard)| {
                (*shard, event.timestamp, event.resource_id.clone(), event.user_id.clone())
            })
        });
        Ok((outcome, open))
    }

    /// Returns the transaction for as many of the first ids as fit, their number, and whether these
    /// are all.
    fn next_piece(
        &self,
        org: &OrgId,
        request: &Voiding<'_>,
        open: &[Open],
        (status, body): (u16, Option<String>),
        audit_id: AuditId,
    ) -> Result<(Vec<TransactWriteItem>, usize, bool), StoreError> {
        // Two items are reserved for the stored response and the audit record.
        let room = TRANSACTION_ITEMS_MAX - 2;
        let mut deltas = CounterDeltas::default();
        let mut writes = Vec::new();
        let (mut voided, mut unknown) = (Vec::new(), Vec::new());
        for Open { index, event } in open {
            let id = &request.ids[*index];
            let more =
                event.as_ref().map_or(0, |(event, shard)| deltas.more_with(event, org, *shard));
            if writes.len() + 1 + deltas.len() + more > room {
                break;
            }
            if let Some((event, shard)) = event {
                // The reserved credits stay covered: the void gives them back by lowering the usage.
                deltas.add(event, org, *shard, Credits::default());
                writes.push(self.take_back(&keys::usage_event(org, id), request.now)?);
                voided.push(id.clone());
            } else {
                writes.push(self.void_ahead(&keys::usage_event(org, id), request)?);
                unknown.push(id.clone());
            }
        }
        let (marked, is_last) = (writes.len(), writes.len() == open.len());
        let mut core = TransactionBuilder::new(&self.settings.core_table);
        if let Some(key) = request.key.filter(|_| is_last) {
            idempotency::remember(&mut core, key, status, body, None, request.now)?;
        }
        if marked > 0 {
            let after = VoidedUsage { voided, unknown, reason: request.reason.cloned() };
            let record = AuditRecord {
                id: audit_id,
                org_id: *org,
                at: request.now,
                actor: Actor { user_id: request.client_id, name: None },
                action: request.permit.action(),
                diff: AuditDiff {
                    target: org.to_string(),
                    before: None,
                    after: Some(json!(after)),
                    mail: None,
                },
                request_id: request.request_id,
            };
            put_audit(&mut core, &record)?;
        }
        writes.extend(core.writes());
        writes.extend(deltas.writes(&self.settings.usage_table, true)?);
        Ok((writes, marked, is_last))
    }

    /// Marks an event as voided, on the condition that it is not marked yet.
    fn take_back(&self, key: &Key, now: DateTime<Utc>) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.settings.usage_table)
            .set_key(Some(primary_key(key)))
            .update_expression("SET #voided_at = :now")
            .condition_expression("attribute_exists(#PK) AND attribute_not_exists(#voided_at)")
            .expression_attribute_names("#PK", "PK")
            .expression_attribute_names("#voided_at", "voided_at")
            .expression_attribute_values(":now", serde_dynamo::to_attribute_value(now)?)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| StoreError::new(error.to_string()))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Stores an id as voided, on the condition that no event has it.
    fn void_ahead(
        &self,
        key: &Key,
        request: &Voiding<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let ahead = VoidedAhead { client_id: request.client_id, voided_at: request.now };
        let mut written = item(key, &ahead)?;
        let forget_at = request.now + Duration::days(REMEMBER_DAYS);
        written.insert("ttl".to_owned(), n(forget_at.timestamp()));
        self.put_unknown(written, request.now)
    }

    /// Returns the stored items with these ids. Retries keys that DynamoDB leaves unprocessed.
    pub(crate) async fn stored_events(
        &self,
        org: &OrgId,
        ids: &[String],
    ) -> Result<HashMap<Key, Item>, StoreError> {
        let mut seen = HashSet::new();
        let keys: Vec<Item> = ids
            .iter()
            .filter(|id| seen.insert(*id))
            .map(|id| primary_key(&keys::usage_event(org, id)))
            .collect();
        let read = try_join_all(
            keys.chunks(BATCH_GET_ITEMS_MAX)
                .map(|keys| self.get_from(&self.settings.usage_table, keys.to_vec())),
        )
        .await?;
        Ok(read.into_iter().flatten().collect())
    }
}
