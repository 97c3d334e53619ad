//! Counts usage events, each exactly once.
//!
//! Each transaction writes events and raises their counters, on the condition that the id of each
//! event is new. A repeated event fails this condition, no matter who repeats it and when. The
//! pieces of one call use different counter shards, so that they do not conflict with each other.

pub(crate) mod accounts;
pub(crate) mod hold;
pub(crate) mod kinds;
pub(crate) mod rollup;
pub(crate) mod spending;
pub(crate) mod statement;
pub(crate) mod void;

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use chrono::{DateTime, Duration, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};
use orgs_domain::booking::BookedEvent;
use orgs_domain::usage::{REMEMBER_DAYS, Recorded, UsageEvent};
use orgs_domain::window::Window;
use orgs_domain::{Credits, Month, OrgId, UserId};
use orgs_policies::Permit;
use serde::{Deserialize, Serialize};

use crate::commit::CommitError;
use crate::error::StoreError;
use crate::error::THROTTLING_CODES;
use crate::item::{Item, item, n, value};
use crate::keys;
use crate::store::Store;
use crate::tx::transact::TRANSIENT_CANCELLATION_CODES;
use crate::usage::hold::{Captures, Holds};
use crate::usage::rollup::CounterDeltas;

/// The maximum number of items in one transaction, a limit of DynamoDB.
pub(crate) const TRANSACTION_ITEMS_MAX: usize = 100;
/// The maximum number of items that one `BatchGetItem` reads, a limit of DynamoDB.
pub(crate) const BATCH_GET_ITEMS_MAX: usize = 100;
/// The maximum number of attempts to send a piece while other transactions prevent it.
pub(crate) const ATTEMPTS_MAX: u32 = 8;

/// A usage event as it is stored, with the counters that it raised.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredEvent {
    #[serde(flatten)]
    pub(crate) booked: BookedEvent,
    /// The shard of the counters that the event raised.
    #[serde(default)]
    pub(crate) shard: u8,
    /// The service client that sent the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<UserId>,
    /// The time at which the event was voided. Absent if the event counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) voided_at: Option<DateTime<Utc>>,
}

/// Returns the outcome for an event whose id is stored already.
fn known(item: Item) -> Result<Recorded, StoreError> {
    #[derive(Deserialize)]
    struct Known {
        #[serde(flatten)]
        event: UsageEvent,
        voided_at: Option<DateTime<Utc>>,
    }
    if !item.contains_key("kind") {
        // The id was voided before any event had it.
        return Ok(Recorded::VoidedAhead);
    }
    let Known { event, voided_at } = value(item)?;
    Ok(Recorded::Known { event: Box::new(event), is_voided: voided_at.is_some() })
}

/// The reason why a transaction of events was not applied.
pub(crate) enum Refused {
    /// Another transaction had the same items in use, or DynamoDB throttled the call.
    Conflict,
    /// The conditions on the items at these positions failed. Contains the current items.
    Known(Vec<(usize, Item)>),
}

/// The organization that used something, the service client that reports it, and its holds.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    org: &'a OrgId,
    client_id: &'a UserId,
    /// The holds that the events name, as they were read.
    holds: &'a Holds,
}

impl Store {
    /// Counts events with different ids, which the service client `client_id` sent, and returns the
    /// outcome of each event, in order. First it lists the accounts that pay as accounts with usage
    /// and adds the kinds to those of the organization's month, unless this process has done so
    /// before.
    ///
    /// # Errors
    /// [`CommitError::Contention`] or [`CommitError::Store`]. The call is idempotent: sending
    /// the same events again is safe.
    pub async fn record_usage(
        &self,
        permit: &Permit,
        client_id: &UserId,
        events: &[BookedEvent],
        holds: &Holds,
        now: DateTime<Utc>,
    ) -> Result<Vec<Recorded>, CommitError> {
        let org =
            &permit.org().ok_or_else(|| StoreError::new("the permit names no organization"))?;
        let source = Source { org, client_id, holds };
        let listed = async { Ok(self.list_billed_accounts(events).await?) };
        let ((), rejected) = futures::try_join!(listed, self.add_kinds(org, events))?;
        let has_room = |i: &usize| {
            let event = &events[*i].event;
            !rejected.contains(&(Month::of(event.timestamp), event.kind.as_str()))
        };
        let (open, rejected) = (0..events.len()).partition::<Vec<usize>, _>(has_room);
        if !rejected.is_empty() {
            tracing::warn!(
                org_id = %org,
                events = rejected.len(),
                "events are not counted: the organization has too many kinds in a month"
            );
        }
        let shards = self.settings.usage_shards.max(1);
        let first = first_shard(shards);
        let pieces =
            split_into_transactions(events, open, org).into_iter().enumerate().map(|(i, piece)| {
                let shard = u8::try_from(i % usize::from(shards)).unwrap_or_default();
                self.record_piece(source, events, piece, (first + shard) % shards, now)
            });
        let outcomes: Vec<Vec<(usize, Recorded)>> =
            stream::iter(pieces).buffer_unordered(usize::from(shards)).try_collect().await?;
        // An event that was recorded before keeps its result.
        let ids: Vec<String> = rejected.iter().map(|i| events[*i].event.id.clone()).collect();
        let mut earlier = self.recorded_before(permit, &ids).await?;
        let rejected = rejected
            .into_iter()
            .map(|i| (i, earlier.remove(&events[i].event.id).unwrap_or(Recorded::TooManyKinds)));
        let mut outcomes: HashMap<usize, Recorded> =
            outcomes.into_iter().flatten().chain(rejected).collect();
        Ok((0..events.len()).filter_map(|i| outcomes.remove(&i)).collect())
    }

    /// Returns the stored events with these ids, by id.
    ///
    /// # Errors
    /// [`CommitError::Store`] if DynamoDB fails or an event has an unexpected format.
    pub async fn recorded_before(
        &self,
        permit: &Permit,
        ids: &[String],
    ) -> Result<HashMap<String, Recorded>, CommitError> {
        let org =
            &permit.org().ok_or_else(|| StoreError::new("the permit names no organization"))?;
        let mut stored = self.stored_events(org, ids).await?;
        let mut events = HashMap::new();
        for id in ids {
            if let Some(item) = stored.remove(&keys::usage_event(org, id)) {
                events.insert(id.clone(), known(item)?);
            }
        }
        Ok(events)
    }

    /// Sends one piece until each of its events is counted or was counted before.
    async fn record_piece(
        &self,
        source: Source<'_>,
        events: &[BookedEvent],
        mut open: Vec<usize>,
        mut shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<(usize, Recorded)>, CommitError> {
        let mut done = Vec::new();
        let shards = self.settings.usage_shards.max(1);
        let mut attempt = 0;
        // The holds as this piece has seen them last.
        let mut holds = source.holds.clone();
        while !open.is_empty() {
            let captures = self.captures(source.org, &holds, events, &open)?;
            let writes = self.piece_writes(source, events, &open, &captures, shard, now)?;
            let changed = captures.changed;
            let refused = self.send_piece(writes).await?;
            attempt = if matches!(refused, Some(Refused::Conflict)) { attempt + 1 } else { 0 };
            match refused {
                None => done.extend(open.drain(..).map(|i| (i, Recorded::Counted))),
                Some(Refused::Conflict) if attempt == ATTEMPTS_MAX => {
                    return Err(CommitError::Contention);
                }
                Some(Refused::Conflict) => {
                    shard = (shard + 1) % shards;
                    self.pause(attempt).await;
                }
                Some(Refused::Known(items)) => {
                    for (position, item) in items {
                        let Some(event) = open.get(position) else {
                            // Another request changed the hold after the read.
                            let id = changed.get(position - open.len()).ok_or_else(|| {
                                StoreError::new("a failed condition belongs to no event or hold")
                            })?;
                            holds.insert(id.clone(), value(item)?);
                            continue;
                        };
                        done.push((*event, known(item)?));
                    }
                    open.retain(|i| !done.iter().any(|(event, _)| event == i));
                }
            }
        }
        Ok(done)
    }

    /// Returns the transaction of a piece: its events in order, then the holds that they capture,
    /// then the counters that they raise.
    fn piece_writes(
        &self,
        source: Source<'_>,
        events: &[BookedEvent],
        open: &[usize],
        captures: &Captures,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut writes = Vec::new();
        let mut deltas = CounterDeltas::default();
        for i in open {
            let covered = captures.covered.get(i).copied().unwrap_or_default();
            writes.push(self.event_write(source, &events[*i], shard, now)?);
            deltas.add(&events[*i], source.org, shard, covered);
        }
        writes.extend(captures.writes.iter().cloned());
        writes.extend(deltas.writes(&self.settings.usage_table, false)?);
        Ok(writes)
    }

    fn event_write(
        &self,
        source: Source<'_>,
        booked: &BookedEvent,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<TransactWriteItem, StoreError> {
        let event = &booked.event;
        let stored = StoredEvent {
            booked: booked.clone(),
            shard,
            client_id: Some(source.client_id.clone()),
            voided_at: None,
        };
        let mut written = item(&keys::usage_event(source.org, &event.id), &stored)?;
        let forget_at = event.timestamp + Duration::days(REMEMBER_DAYS);
        written.insert("ttl".to_owned(), n(forget_at.timestamp()));
        self.put_unknown(written, now)
    }

    /// Returns the write of an event or of a voided id, on the condition that the id is new.
    pub(crate) fn put_unknown(
        &self,
        written: Item,
        now: DateTime<Utc>,
    ) -> Result<TransactWriteItem, StoreError> {
        // An expired record belongs to an event that is too old to be sent again. DynamoDB deletes
        // it a little later.
        let put = Put::builder()
            .table_name(&self.settings.usage_table)
            .set_item(Some(written))
            .condition_expression("attribute_not_exists(#PK) OR #ttl <= :now")
            .expression_attribute_names("#PK", "PK")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", n(now.timestamp()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| StoreError::new(error.to_string()))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    pub(crate) async fn send_piece(
        &self,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Option<Refused>, CommitError> {
        let Err(error) = self.transaction(writes).await else { return Ok(None) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.as_service_error()
        else {
            if error.code().is_some_and(|code| THROTTLING_CODES.contains(&code)) {
                return Ok(Some(Refused::Conflict));
            }
            return Err(StoreError::sdk("TransactWriteItems", error).into());
        };
        let reasons = cancelled.cancellation_reasons();
        // Only events and the stored response have conditions. A failed condition returns the
        // current item.
        let failed = reasons
            .iter()
            .enumerate()
            .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"));
        let known: Vec<(usize, Item)> = failed
            .filter_map(|(position, reason)| Some((position, reason.item.clone()?)))
            .collect();
        if !known.is_empty() {
            return Ok(Some(Refused::Known(known)));
        }
        if reasons
            .iter()
            .filter_map(|reason| reason.code())
            .all(|code| TRANSIENT_CANCELLATION_CODES.contains(&code))
        {
            return Ok(Some(Refused::Conflict));
        }
        Err(StoreError::new(format!("TransactWriteItems: {cancelled}")).into())
    }
}

/// The number of items that the capture of a hold adds to a transaction: the hold, its entry in the
/// list of open holds, and the reserved credits of its month.
const HOLD_ITEMS: usize = 3;

/// Splits the events at the positions `order` into pieces that each fit in one transaction, events
/// and counters together. Events that raise the same counters go into the same piece where possible.
fn split_into_transactions(
    events: &[BookedEvent],
    mut order: Vec<usize>,
    org: &OrgId,
) -> Vec<Vec<usize>> {
    order.sort_by_key(|i| {
        let event = &events[*i].event;
        (Window::Hour.floor(event.timestamp), &event.resource_id, &event.user_id)
    });
    let mut pieces: Vec<Vec<usize>> = Vec::new();
    let mut deltas = CounterDeltas::default();
    let mut holds = BTreeSet::new();
    for i in order {
        let booked = &events[i];
        let more = deltas.more_with(booked, org, 0);
        let hold = booked.event.hold_id.as_ref().filter(|id| !holds.contains(id));
        let of_holds = HOLD_ITEMS * (holds.len() + usize::from(hold.is_some()));
        if let Some(piece) = pieces.last_mut().filter(|piece| {
            piece.len() + 1 + deltas.len() + more + of_holds <= TRANSACTION_ITEMS_MAX
        }) {
            piece.push(i);
        } else {
            (deltas, holds) = (CounterDeltas::default(), BTreeSet::new());
            pieces.push(vec![i]);
        }
        deltas.add(booked, org, 0, Credits::default());
        holds.extend(&booked.event.hold_id);
    }
    pieces
}

/// Returns a random shard to start with, so that concurrent calls use different shards.
fn first_shard(shards: u8) -> u8 {
    let mut random = [0; 1];
    aws_lc_rs::rand::fill(&mut random).map_or(0, |()| random[0] % shards)
}

#[cfg(test)]
mod tests {
    use orgs_domain::AccountId;

    use super::*;

    fn event(n: usize, at: i64, kind: &str) -> BookedEvent {
        let event = UsageEvent {
            id: format!("e{n}"),
            timestamp: DateTime::from_timestamp(at, 0).unwrap_or_default(),
            kind: kind.to_owned(),
            credits: Credits::from_micro(1),
            resource_id: None,
            user_id: None,
            hold_id: None,
            is_final: false,
        };
        let account_id = AccountId::parse("acct_2bd806c97f0e00af1a1fc3328fa763a9").unwrap();
        BookedEvent { event, account_id, adjusted_in: None }
    }

    /// Returns the number of pieces. Checks that each piece fits in a transaction, and that the
    /// pieces contain every event once.
    fn piece_count(events: &[BookedEvent]) -> usize {
        let org = OrgId::parse("org_01980000000070008000000000000000").unwrap();
        let pieces = split_into_transactions(events, (0..events.len()).collect(), &org);
        let mut all: Vec<usize> = pieces.iter().flatten().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..events.len()).collect::<Vec<_>>());
        for piece in &pieces {
            let mut deltas = CounterDeltas::default();
            for i in piece {
                deltas.add(&events[*i], &org, 3, Credits::default());
            }
            assert!(piece.len() + deltas.len() <= TRANSACTION_ITEMS_MAX);
        }
        pieces.len()
    }

    #[test]
    fn events_in_500_different_hours_need_at_most_12_pieces() {
        let events: Vec<BookedEvent> = (0..500)
            .map(|n| event(n, i64::try_from(n).unwrap_or_default() * 3600, "chat"))
            .collect();
        assert!(piece_count(&events) <= 12, "{} pieces", piece_count(&events));
    }

    #[test]
    fn the_number_of_kinds_does_not_change_the_number_of_pieces() {
        let events: Vec<BookedEvent> = (0..500).map(|n| event(n, 0, &format!("k{n}"))).collect();
        assert_eq!(piece_count(&events), 6);
    }

    #[test]
    fn events_of_eight_hours_resources_and_members_need_at_most_seven_pieces() {
        for spread in [1, 2, 7, 62, 63, 100, 493] {
            let group = |n: usize| (n / spread).min(7);
            let events: Vec<BookedEvent> = (0..500)
                .map(|n| {
                    let at = i64::try_from(group(n)).unwrap_or_default() * 90_000;
                    let mut booked = event(n, at, &format!("k{}", n % 50));
                    booked.event.resource_id = Some(format!("r{}", group(n)));
                    booked.event.user_id = Some(format!("u{}", group(n)));
                    booked
                })
                .collect();
            assert!(piece_count(&events) <= 7, "{spread}: {} pieces", piece_count(&events));
        }
    }
}
