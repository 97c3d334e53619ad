//! Voids usage events: subtracts each from every total, exactly once.
//!
//! An event's record names the counters that it raised: the account that paid, and the shard. One
//! transaction marks the event as voided and lowers these counters, on the condition that the event
//! was not marked before.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use orgs_domain::usage::{self, Voided};
use orgs_domain::{AccountId, OrgId};
use orgs_policies::Permit;

use crate::commit::CommitError;
use crate::error::StoreError;
use crate::idempotency::{self, IdempotencyKey};
use crate::item::{Item, primary_key, value};
use crate::keys::{self, Key};
use crate::store::Store;
use crate::tx::TransactionBuilder;
use crate::usage::rollup::CounterDeltas;
use crate::usage::{ATTEMPTS_MAX, Counted, Refused, TRANSACTION_ITEMS_MAX};

/// An event to void: the position of its id in the call, its record, and the account that paid.
type Open<'k> = (usize, &'k Counted, &'k AccountId);

/// The maximum number of items that one `BatchGetItem` reads, a limit of DynamoDB.
const BATCH_GET_ITEMS_MAX: usize = 100;

impl Store {
    /// Voids events, and returns the outcome for each id, in order. `answer` makes the status and
    /// body of the response from the outcomes. The last transaction stores that response under
    /// `key`.
    ///
    /// # Errors
    /// [`CommitError`] if the request was answered before, conflicts persist, or DynamoDB fails.
    /// The call is idempotent: sending the same ids again is safe.
    pub async fn void_usage(
        &self,
        permit: &Permit,
        ids: &[String],
        key: Option<&IdempotencyKey>,
        answer: impl Fn(&[Voided]) -> (u16, Option<String>) + Sync,
        now: DateTime<Utc>,
    ) -> Result<Vec<Voided>, CommitError> {
        let org =
            permit.org().ok_or_else(|| StoreError::new("the permit names no organization"))?;
        let known = self.counted(&org, ids).await?;
        let mut outcome: Vec<Voided> = Vec::with_capacity(ids.len());
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut seen = HashSet::new();
        for (index, id) in ids.iter().enumerate() {
            let event = known
                .get(&keys::usage_event(&org, id))
                .filter(|event| usage::is_voidable(event.event.timestamp, now));
            // Events from before account counters existed are in counters of another format. They
            // cannot be voided.
            outcome.push(match event.and_then(|event| Some((event, event.account_id.as_ref()?))) {
                None => Voided::Unknown,
                Some((event, _)) if event.voided_at.is_some() || !seen.insert(id) => {
                    Voided::AlreadyVoided
                }
                Some((event, account)) => {
                    open.push((index, event, account));
                    Voided::Voided
                }
            });
        }
        let mut attempt = 0;
        loop {
            let (piece, is_last) = self.next_piece(&org, &open, key, answer(&outcome), now)?;
            let VoidTransaction { writes, events } = piece;
            if writes.is_empty() {
                return Ok(outcome);
            }
            let sent = open[..events].to_vec();
            match self.send_piece(writes).await? {
                None if is_last => return Ok(outcome),
                None => {
                    open.drain(..events);
                    attempt = 0;
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
                        let Some((index, ..)) = sent.get(position) else {
                            // After the events, the only write with a condition is the stored
                            // response.
                            return Err(CommitError::Replay(Box::new(value(item)?)));
                        };
                        // Another request voided the event after the read.
                        outcome[*index] = Voided::AlreadyVoided;
                        open.retain(|(open_index, ..)| open_index != index);
                    }
                }
                Some(Refused::NoRoom) => {
                    return Err(StoreError::new("a counter that is lowered is too large").into());
                }
            }
        }
    }

    /// Returns the transaction for as many of the first events as fit, and whether these are all.
    fn next_piece(
        &self,
        org: &OrgId,
        open: &[Open<'_>],
        key: Option<&IdempotencyKey>,
        (status, body): (u16, Option<String>),
        now: DateTime<Utc>,
    ) -> Result<(VoidTransaction, bool), StoreError> {
        let mut deltas = CounterDeltas::default();
        let mut marks = Vec::new();
        for (_, Counted { event, shard, .. }, account) in open {
            // One item is reserved for the stored response.
            if marks.len() + 1 + deltas.len() + deltas.more_with(event, org, account, *shard)
                >= TRANSACTION_ITEMS_MAX
            {
                break;
            }
            deltas.add(event, org, account, *shard);
            marks.push(self.take_back(&keys::usage_event(org, &event.id), now)?);
        }
        let (events, is_last) = (marks.len(), marks.len() == open.len());
        let mut writes = marks;
        if let Some(key) = key.filter(|_| is_last) {
            let mut tx = TransactionBuilder::new(&self.settings.core_table);
            idempotency::remember(&mut tx, key, status, body, None, now)?;
            writes.extend(tx.writes());
        }
        writes.extend(deltas.writes(&self.settings.usage_table, true)?);
        Ok((VoidTransaction { writes, events }, is_last))
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

    /// Returns the stored events with these ids. Retries keys that DynamoDB leaves unprocessed.
    async fn counted(
        &self,
        org: &OrgId,
        ids: &[String],
    ) -> Result<HashMap<Key, Counted>, StoreError> {
        let mut keys: Vec<Item> = Vec::new();
        let mut seen = HashSet::new();
        keys.extend(
            ids.iter()
                .filter(|id| seen.insert(*id))
                .map(|id| primary_key(&keys::usage_event(org, id))),
        );
        let read = try_join_all(
            keys.chunks(BATCH_GET_ITEMS_MAX)
                .map(|keys| self.get_from(&self.settings.usage_table, keys.to_vec())),
        )
        .await?;
        let counted = read.into_iter().flatten().map(|(key, item)| Ok((key, value(item)?)));
        counted.collect()
    }
}

/// The writes of one transaction.
struct VoidTransaction {
    writes: Vec<TransactWriteItem>,
    /// The number of events that it marks: the first of the open ones.
    events: usize,
}
