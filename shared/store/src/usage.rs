//! Counting usage events, each exactly once.
//!
//! Events and the counters that they raise are written in the same transactions, each event on the condition that its id
//! is new. Whatever is repeated, by anybody, at any moment, meets that condition. Pieces of a call go to different counter
//! shards, so that they do not wait for each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use chrono::{DateTime, Duration, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};
use orgs_domain::OrgId;
use orgs_domain::report::Amount;
use orgs_domain::usage::{REMEMBER_DAYS, Recorded, UsageEvent};
use orgs_domain::window::Window;
use orgs_policies::Permit;

use crate::change::{CommitError, PASSING, THROTTLED};
use crate::failure::Unavailable;
use crate::item::{Item, item, n, value};
use crate::keys::{self, Key};
use crate::rollup;
use crate::store::Store;

/// Actions in one transaction: a limit of DynamoDB.
const ACTIONS: usize = 100;
/// How often a piece is sent when others stand in its way.
const TRIES: u32 = 8;
const WINDOWS: [Window; 3] = [Window::Hour, Window::Day, Window::Month];

/// Why a transaction of events was not applied.
enum Refused {
    /// Others stood in the way.
    Conflict,
    /// The events at these positions were counted before, as these items.
    Known(Vec<(usize, Item)>),
}

/// A counter: its window, when that starts, and its kind.
type Counter<'a> = (usize, DateTime<Utc>, &'a str);

impl Store {
    /// Counts events whose ids are all different, and says for each what became of it, in order.
    ///
    /// # Errors
    /// [`CommitError::Contention`] or [`CommitError::Unavailable`]; sending the same events again is safe.
    pub async fn record_usage(&self, permit: &Permit, events: &[UsageEvent], now: DateTime<Utc>) -> Result<Vec<Recorded>, CommitError> {
        let org = &permit.org().ok_or_else(|| Unavailable::new("a permit for no organization"))?;
        let shards = self.settings.usage_shards.max(1);
        let first = first_shard(shards);
        let pieces = pieces(events).into_iter().enumerate().map(|(i, piece)| {
            let shard = u8::try_from(i % usize::from(shards)).unwrap_or_default();
            self.record_piece(org, events, piece, (first + shard) % shards, now)
        });
        let outcomes: Vec<Vec<(usize, Recorded)>> = stream::iter(pieces).buffer_unordered(usize::from(shards)).try_collect().await?;
        let mut outcomes: HashMap<usize, Recorded> = outcomes.into_iter().flatten().collect();
        Ok((0..events.len()).filter_map(|i| outcomes.remove(&i)).collect())
    }

    /// Sends one piece until every event in it is counted or known to have been.
    async fn record_piece(
        &self,
        org: &OrgId,
        events: &[UsageEvent],
        mut open: Vec<usize>,
        mut shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<(usize, Recorded)>, CommitError> {
        let mut done = Vec::new();
        let mut attempt = 0;
        while !open.is_empty() {
            match self.send_piece(self.piece_writes(org, events, &open, shard, now)?).await? {
                None => done.extend(open.drain(..).map(|i| (i, Recorded::Counted))),
                Some(Refused::Conflict) => {
                    attempt += 1;
                    if attempt == TRIES {
                        return Err(CommitError::Contention);
                    }
                    shard = (shard + 1) % self.settings.usage_shards.max(1);
                    self.pause(attempt).await;
                }
                Some(Refused::Known(known)) => {
                    for (position, item) in known {
                        let event = open.get(position).ok_or_else(|| Unavailable::new("a condition that nothing has"))?;
                        done.push((*event, Recorded::Known(Box::new(value(item)?))));
                    }
                    open.retain(|i| !done.iter().any(|(event, _)| event == i));
                }
            }
        }
        Ok(done)
    }

    /// The transaction of a piece: its events in order, then the counters that they raise.
    fn piece_writes(
        &self,
        org: &OrgId,
        events: &[UsageEvent],
        open: &[usize],
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransactWriteItem>, Unavailable> {
        let mut writes = Vec::new();
        let mut counters: BTreeMap<Counter<'_>, Amount> = BTreeMap::new();
        for event in open.iter().map(|i| &events[*i]) {
            writes.push(self.event_write(&keys::usage_event(org, &event.id), event, now)?);
            for counter in counters_of(event) {
                *counters.entry(counter).or_default() += Amount { credits: event.credits, events: 1 };
            }
        }
        for ((window, start, kind), amount) in counters {
            writes.push(rollup::add(&self.settings.usage_table, &keys::rollup(org, WINDOWS[window], start, kind, shard), amount)?);
        }
        Ok(writes)
    }

    fn event_write(&self, key: &Key, event: &UsageEvent, now: DateTime<Utc>) -> Result<TransactWriteItem, Unavailable> {
        let mut written = item(key, event)?;
        written.insert("ttl".to_owned(), n((now + Duration::days(REMEMBER_DAYS)).timestamp()));
        // A record whose time is over is of an event too old to be sent again; DynamoDB deletes it a little later.
        let put = Put::builder()
            .table_name(&self.settings.usage_table)
            .set_item(Some(written))
            .condition_expression("attribute_not_exists(#PK) OR #ttl <= :now")
            .expression_attribute_names("#PK", "PK")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", n(now.timestamp()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Unavailable::new(error.to_string()))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    async fn send_piece(&self, writes: Vec<TransactWriteItem>) -> Result<Option<Refused>, CommitError> {
        let Err(error) = self.transaction(writes).await else { return Ok(None) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            if error.code().is_some_and(|code| THROTTLED.contains(&code)) {
                return Ok(Some(Refused::Conflict));
            }
            return Err(Unavailable::sdk("TransactWriteItems", error).into());
        };
        let reasons = cancelled.cancellation_reasons();
        // Only events have conditions, and a condition that does not hold shows the event that is there.
        let failed = reasons.iter().enumerate().filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"));
        let known: Vec<(usize, Item)> = failed.filter_map(|(position, reason)| Some((position, reason.item.clone()?))).collect();
        if !known.is_empty() {
            return Ok(Some(Refused::Known(known)));
        }
        if reasons.iter().filter_map(|reason| reason.code()).all(|code| PASSING.contains(&code)) {
            return Ok(Some(Refused::Conflict));
        }
        Err(Unavailable::new(format!("TransactWriteItems: {cancelled}")).into())
    }
}

fn counters_of(event: &UsageEvent) -> impl Iterator<Item = Counter<'_>> {
    WINDOWS.iter().enumerate().map(|(i, window)| (i, window.floor(event.timestamp), event.kind.as_str()))
}

/// Cuts events into pieces that each fit in a transaction, events and counters together.
fn pieces(events: &[UsageEvent]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|i| (Window::Hour.floor(events[*i].timestamp), &events[*i].kind));
    let mut pieces: Vec<Vec<usize>> = Vec::new();
    let mut counters: BTreeSet<Counter<'_>> = BTreeSet::new();
    for i in order {
        let event = &events[i];
        let added = counters_of(event).filter(|counter| !counters.contains(counter)).count();
        if let Some(piece) = pieces.last_mut().filter(|piece| piece.len() + 1 + counters.len() + added <= ACTIONS) {
            piece.push(i);
        } else {
            counters.clear();
            pieces.push(vec![i]);
        }
        counters.extend(counters_of(event));
    }
    pieces
}

/// Calls start at different shards, so that calls at the same moment do not meet.
fn first_shard(shards: u8) -> u8 {
    let mut random = [0; 1];
    aws_lc_rs::rand::fill(&mut random).map_or(0, |()| random[0] % shards)
}

#[cfg(test)]
mod tests {
    use orgs_domain::Credits;

    use super::*;

    fn event(n: usize, at: i64, kind: &str) -> UsageEvent {
        UsageEvent {
            id: format!("e{n}"),
            timestamp: DateTime::from_timestamp(at, 0).unwrap_or_default(),
            kind: kind.to_owned(),
            credits: Credits::from_micro(1),
            resource_id: None,
            user_id: None,
        }
    }

    #[test]
    fn pieces_hold_every_event_once_and_fit_in_a_transaction() {
        // Five hundred events, each in an hour of its own.
        let events: Vec<UsageEvent> = (0..500).map(|n| event(n, i64::try_from(n).unwrap_or_default() * 3600, "chat")).collect();
        let cut = pieces(&events);
        let mut all: Vec<usize> = cut.iter().flatten().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..500).collect::<Vec<_>>());
        for piece in &cut {
            let counters: BTreeSet<Counter<'_>> = piece.iter().flat_map(|i| counters_of(&events[*i])).collect();
            assert!(piece.len() + counters.len() <= ACTIONS);
        }
        assert!(cut.len() <= 11, "{} pieces", cut.len());
    }

    #[test]
    fn one_hour_of_events_takes_few_pieces() {
        let events: Vec<UsageEvent> = (0..500).map(|n| event(n, 0, "chat")).collect();
        assert_eq!(pieces(&events).len(), 6);
    }

    #[test]
    fn many_kinds_fit_too() {
        let events: Vec<UsageEvent> = (0..500).map(|n| event(n, 0, &format!("k{n}"))).collect();
        let cut = pieces(&events);
        assert!(cut.iter().all(|piece| piece.len() * 4 <= ACTIONS));
        assert_eq!(cut.iter().map(Vec::len).sum::<usize>(), 500);
    }
}
