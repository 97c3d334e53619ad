//! Taking usage events back out of every total, each once.
//!
//! An event's record says which counters it raised: whose account paid, and in which shard. It is
//! marked, and they are lowered, in one transaction, on the condition that it was not marked
//! before.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use orgs_domain::usage::{self, Voided};
use orgs_domain::{AccountId, OrgId};
use orgs_policies::Permit;

use crate::error::StoreError;
use crate::idempotency::{self, IdempotencyKey};
use crate::item::{Item, primary_key, value};
use crate::keys::{self, Key};
use crate::rollup::CounterDeltas;
use crate::store::Store;
use crate::transaction::CommitError;
use crate::transaction_builder::TransactionBuilder;
use crate::usage::{ATTEMPTS_MAX, Counted, Refused, TRANSACTION_ITEMS_MAX};

/// An event to take back: where it stands among the ids, its record, and whose account paid.
type Open<'k> = (usize, &'k Counted, &'k AccountId);

/// How many items one call reads.
const BATCH_GET_ITEMS_MAX: usize = 100;

impl Store {
    /// Takes events back out of every total, and says of each id what became of it, in order.
    /// `answer` makes the status and body of that, which are remembered under `key` with the last
    /// of the transactions.
    ///
    /// # Errors
    /// [`CommitError`]; sending the same ids again is safe.
    pub async fn void_usage(
        &self,
        permit: &Permit,
        ids: &[String],
        key: Option<&IdempotencyKey>,
        answer: impl Fn(&[Voided]) -> (u16, Option<String>) + Sync,
        now: DateTime<Utc>,
    ) -> Result<Vec<Voided>, CommitError> {
        let org = permit.org().ok_or_else(|| StoreError::new("a permit for no organization"))?;
        let known = self.counted(&org, ids).await?;
        let mut outcome: Vec<Voided> = Vec::with_capacity(ids.len());
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut seen = HashSet::new();
        for (at, id) in ids.iter().enumerate() {
            let event = known
                .get(&keys::usage_event(&org, id))
                .filter(|event| usage::is_voidable(event.event.timestamp, now));
            // What is older than accounts' counters is in counters of another shape, and is not
            // taken out of these.
            outcome.push(match event.and_then(|event| Some((event, event.account_id.as_ref()?))) {
                None => Voided::Unknown,
                Some((event, _)) if event.voided_at.is_some() || !seen.insert(id) => {
                    Voided::AlreadyVoided
                }
                Some((event, account)) => {
                    open.push((at, event, account));
                    Voided::Voided
                }
            });
        }
        let mut attempt = 0;
        loop {
            let (piece, is_last) = self.next_piece(&org, &open, key, answer(&outcome), now)?;
            let Piece { writes, events } = piece;
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
                        let Some((at, ..)) = sent.get(position) else {
                            // Behind the events stands the answer alone.
                            return Err(CommitError::Replay(Box::new(value(item)?)));
                        };
                        // Somebody else took it back in between.
                        outcome[*at] = Voided::AlreadyVoided;
                        open.retain(|(open, ..)| open != at);
                    }
                }
                Some(Refused::NoRoom) => {
                    return Err(StoreError::new("a counter that is lowered has no room").into());
                }
            }
        }
    }

    /// As many of the events as fit in a transaction, and whether these are all.
    fn next_piece(
        &self,
        org: &OrgId,
        open: &[Open<'_>],
        key: Option<&IdempotencyKey>,
        (status, body): (u16, Option<String>),
        now: DateTime<Utc>,
    ) -> Result<(Piece, bool), StoreError> {
        let mut sums = CounterDeltas::default();
        let mut marks = Vec::new();
        for (_, Counted { event, shard, .. }, account) in open {
            // One more is for the answer.
            if marks.len() + 1 + sums.len() + sums.more_with(event, org, account, *shard)
                >= TRANSACTION_ITEMS_MAX
            {
                break;
            }
            sums.add(event, org, account, *shard);
            marks.push(self.take_back(&keys::usage_event(org, &event.id), now)?);
        }
        let (events, is_last) = (marks.len(), marks.len() == open.len());
        let mut writes = marks;
        if let Some(key) = key.filter(|_| is_last) {
            let mut tx = TransactionBuilder::new(&self.settings.core_table);
            idempotency::remember(&mut tx, key, status, body, None, now)?;
            writes.extend(tx.writes());
        }
        writes.extend(sums.writes(&self.settings.usage_table, true)?);
        Ok((Piece { writes, events }, is_last))
    }

    /// Marks an event as taken back, once.
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

    /// The events with these ids that were counted. Keys that DynamoDB leaves unprocessed are asked
    /// for again.
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

/// Part of what is to be written.
struct Piece {
    writes: Vec<TransactWriteItem>,
    /// How many events it marks: the first of those that are open.
    events: usize,
}
