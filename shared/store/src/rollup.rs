//! Rollups: what was used in an hour, a day, a month, kept as counters.
//!
//! A counter item holds the totals (`cr`, `n`) and, for each kind, `cr_<kind>` and `n_<kind>`, in micro-credits and events.
//! Days also hold the set of their `kinds`, which bounds how large the items can grow.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use chrono::{DateTime, NaiveDateTime, Utc};
use futures::future::try_join_all;
use orgs_domain::report::{Amount, Rollup};
use orgs_domain::usage::MOST_KINDS;
use orgs_domain::window::{Span, Window};
use orgs_domain::{Credits, OrgId};

use crate::failure::Unavailable;
use crate::item::{Item, n, number, primary_key, s, text};
use crate::keys::{self, Key};
use crate::store::Store;

/// Adds amounts by kind to the counters under `key`. On a day, only while its kinds stay within [`MOST_KINDS`].
pub(crate) fn add(table: &str, key: &Key, window: Window, kinds: &BTreeMap<&str, Amount>) -> Result<TransactWriteItem, Unavailable> {
    let mut total = Amount::default();
    let mut adds = vec!["#cr :cr".to_owned(), "#n :n".to_owned()];
    let mut names: HashMap<String, String> = [("#cr".to_owned(), "cr".to_owned()), ("#n".to_owned(), "n".to_owned())].into();
    let mut values: HashMap<String, AttributeValue> = HashMap::new();
    for (i, (kind, amount)) in kinds.iter().enumerate() {
        total += *amount;
        adds.push(format!("#c{i} :c{i}"));
        adds.push(format!("#m{i} :m{i}"));
        names.insert(format!("#c{i}"), format!("cr_{kind}"));
        names.insert(format!("#m{i}"), format!("n_{kind}"));
        values.insert(format!(":c{i}"), n(amount.credits.micro()));
        values.insert(format!(":m{i}"), n(amount.events));
    }
    values.insert(":cr".to_owned(), n(total.credits.micro()));
    values.insert(":n".to_owned(), n(total.events));
    let mut condition = None;
    if window == Window::Day {
        adds.push("#kinds :kinds".to_owned());
        names.insert("#kinds".to_owned(), "kinds".to_owned());
        values.insert(":kinds".to_owned(), AttributeValue::Ss(kinds.keys().map(|kind| (*kind).to_owned()).collect()));
        values.insert(":room".to_owned(), n(MOST_KINDS.saturating_sub(kinds.len())));
        let known: Vec<String> = (0..kinds.len()).map(|i| format!("contains(#kinds, :k{i})")).collect();
        values.extend(kinds.keys().enumerate().map(|(i, kind)| (format!(":k{i}"), s(*kind))));
        condition = Some(format!("attribute_not_exists(#kinds) OR size(#kinds) <= :room OR ({})", known.join(" AND ")));
    }
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(primary_key(key)))
        .update_expression(format!("ADD {}", adds.join(", ")))
        .set_condition_expression(condition)
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(Some(values))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
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
        // `~` is after every shard number.
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
                .expression_attribute_values(":from", s(if from.is_empty() { "0" } else { &from }))
                .expression_attribute_values(":last", s(&last))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Unavailable::sdk("Query", error))?;
            for item in answer.items.unwrap_or_default() {
                if let Some(start) = window_start(window, &partition, &item) {
                    rollups.push(read(start, &item));
                }
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

/// When a rollup's window starts, as its keys say.
fn window_start(window: Window, partition: &str, item: &Item) -> Option<DateTime<Utc>> {
    let unit = text(item, "SK")?.split('#').next()?;
    let date = partition.rsplit('#').next()?;
    let text = match window {
        Window::Hour => format!("{date}T{unit}:00:00"),
        Window::Day => format!("{date}-{unit}T00:00:00"),
        Window::Month => format!("{date}-01T00:00:00"),
    };
    Some(NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S").ok()?.and_utc())
}

fn read(start: DateTime<Utc>, item: &Item) -> Rollup {
    let amount = |credits: &str, events: &str| Amount {
        credits: Credits::from_micro(number(item, credits).unwrap_or_default()),
        events: number(item, events).unwrap_or_default(),
    };
    let kinds = item
        .keys()
        .filter_map(|name| name.strip_prefix("cr_"))
        .map(|kind| (kind.to_owned(), amount(&format!("cr_{kind}"), &format!("n_{kind}"))))
        .collect();
    Rollup { start, total: amount("cr", "n"), kinds }
}
