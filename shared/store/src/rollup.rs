//! Rollups: what was used of each kind in an hour, a day, a month, kept as counters.
//!
//! A counter item holds credits (`cr`, in millionths) and events (`n`). Each kind has items of its own, so an organization
//! may have as many kinds as it likes; each counter has shards, so that many can count at once.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use chrono::{DateTime, NaiveDateTime, Utc};
use futures::future::try_join_all;
use orgs_domain::report::{Amount, Rollup};
use orgs_domain::window::{Span, Window};
use orgs_domain::{Credits, OrgId};

use crate::failure::Unavailable;
use crate::item::{Item, n, number, primary_key, s, text};
use crate::keys::{self, Key};
use crate::store::Store;

/// Adds an amount to the counter under `key`.
pub(crate) fn add(table: &str, key: &Key, amount: Amount) -> Result<TransactWriteItem, Unavailable> {
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(primary_key(key)))
        .update_expression("ADD cr :cr, n :n")
        .expression_attribute_values(":cr", n(amount.credits.micro()))
        .expression_attribute_values(":n", n(amount.events))
        .build()
        .map_err(|error| Unavailable::new(error.to_string()))?;
    Ok(TransactWriteItem::builder().update(update).build())
}

impl Store {
    /// Reads the rollups of pieces of time, all shards, strongly consistent and side by side.
    ///
    /// The number of queries depends on the days and months in `pieces`, never on the number of events.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn rollups(&self, org: &OrgId, pieces: &[(Window, Span)]) -> Result<Vec<Rollup>, Unavailable> {
        let mut ranges: Vec<(Window, Span)> = Vec::new();
        for (window, span) in pieces {
            let partition = match window {
                Window::Hour => Window::Day,
                Window::Day | Window::Month => Window::Month,
            };
            let mut from = span.from;
            while from < span.to {
                let to = partition.next(partition.floor(from)).min(span.to);
                ranges.push((*window, Span { from, to }));
                from = to;
            }
        }
        let read = try_join_all(ranges.into_iter().map(|(window, span)| self.rollup_range(org, window, span))).await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// The rollups of one partition that start within `span`.
    async fn rollup_range(&self, org: &OrgId, window: Window, span: Span) -> Result<Vec<Rollup>, Unavailable> {
        let partition = keys::rollup_partition(org, window, span.from);
        let from = keys::rollup_sort(window, span.from);
        // `!` is before every kind and `~` after.
        let last = keys::rollup_sort(window, last_start(window, span)) + "~";
        let mut rollups = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.settings.usage_table)
                .consistent_read(true)
                .key_condition_expression("#PK = :partition AND #SK BETWEEN :from AND :last")
                .expression_attribute_names("#PK", "PK")
                .expression_attribute_names("#SK", "SK")
                .expression_attribute_values(":partition", s(&partition))
                .expression_attribute_values(":from", s(format!("{from}!")))
                .expression_attribute_values(":last", s(&last))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Unavailable::sdk("Query", error))?;
            for item in answer.items.unwrap_or_default() {
                rollups.extend(read(window, &partition, &item));
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(rollups);
            }
        }
    }
}

/// When the last window of a span starts.
fn last_start(window: Window, span: Span) -> DateTime<Utc> {
    window.floor(span.to - chrono::Duration::milliseconds(1))
}

/// A counter item: its window and kind are in its keys.
fn read(window: Window, partition: &str, item: &Item) -> Option<Rollup> {
    let date = partition.rsplit('#').next()?;
    let (rest, _shard) = text(item, "SK")?.rsplit_once('#')?;
    let (start, kind) = match (window, rest.split_once('#')) {
        (Window::Hour, Some((hour, kind))) => (format!("{date}T{hour}:00:00"), kind),
        (Window::Day, Some((day, kind))) => (format!("{date}-{day}T00:00:00"), kind),
        (Window::Month, None) => (format!("{date}-01T00:00:00"), rest),
        _ => return None,
    };
    Some(Rollup {
        start: NaiveDateTime::parse_from_str(&start, "%Y-%m-%dT%H:%M:%S").ok()?.and_utc(),
        kind: kind.to_owned(),
        amount: Amount { credits: Credits::from_micro(number(item, "cr")?), events: number(item, "n")? },
    })
}
