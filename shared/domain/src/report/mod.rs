//! Usage reports: the credits and events of each window, added up from counters.

mod csv;
mod query;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

pub use self::csv::{CSV_EXAMPLE, CsvFor, CsvFormat, csv};
pub use self::query::{
    Filter, GroupBy, Parameters, Position, ROWS_MAX, RowGroup, TOP_MAX, UsageQuery,
};
use crate::credits::Credits;

/// The largest number of counters that a report adds up, so that a response takes seconds at most. A
/// counter with several kinds counts once for each.
pub const COUNTERS_MAX: usize = 200_000;
/// The largest size of the rows that a report with `top` compares, in bytes.
const COMPARED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The size of a row without the name of its group, in bytes.
const ROW_BYTES: usize = 128;

/// An amount of usage: credits and events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// The sum of the credits.
    pub credits: Credits,
    /// The number of events.
    pub events: u64,
}

impl Amount {
    /// Subtracts a part. The result is 0 if the part is greater.
    fn less(self, part: Self) -> Self {
        let credits =
            Credits::from_micro(self.credits.micro().saturating_sub(part.credits.micro()));
        Self { credits, events: self.events.saturating_sub(part.events) }
    }
}

impl std::ops::AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.credits += other.credits;
        self.events += other.events;
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), |mut sum, amount| {
            sum += amount;
            sum
        })
    }
}

/// One counter as it was loaded: the usage of one group in one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    /// The start of the counter's window.
    pub start: DateTime<Utc>,
    /// The group of the counter: a kind, a resource id, a user id or an organization id.
    pub group: String,
    /// The amount of usage.
    pub amount: Amount,
}

/// The error that a report adds up more counters than one request may read, or has more rows than
/// `top` can compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the report adds up too many counters; use a shorter range or another grouping")]
pub struct ReportTooLargeError;

/// A row of a usage report: the usage of one group in one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UsageRow)]
pub struct Row {
    /// The start of the window, in UTC.
    pub start: DateTime<Utc>,
    /// The end of the window, exclusive: the start of the next window.
    pub end: DateTime<Utc>,
    /// The kind, resource id, user id or organization id of the row. It is null without `group_by`,
    /// for usage without a resource or person, and for the groups that are not among the `top`.
    #[schema(example = "chat.completion")]
    pub group: Option<String>,
    /// True if the row adds up all groups that are not among the `top` of the request.
    #[schema(example = false)]
    pub other: bool,
    /// The sum of the credits, as a decimal string with at most 6 decimals.
    #[schema(value_type = String, example = "12.5")]
    pub credits: Credits,
    /// The number of events.
    #[schema(example = 50)]
    pub events: u64,
}

/// The total usage of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UsageTotal)]
pub struct Total {
    /// The sum of the credits, as a decimal string with at most 6 decimals.
    #[schema(value_type = String, example = "12.5")]
    pub credits: Credits,
    /// The number of events.
    #[schema(example = 50)]
    pub events: u64,
}

/// The rows of a report that one response has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The total of the whole report.
    pub total: Total,
    /// The rows, sorted by start and group. A group whose events are all voided has no row.
    pub rows: Vec<Row>,
    /// The position after which the next response continues; `None` after the last row.
    pub next: Option<Position>,
}

/// Adds up counters to a report. It accepts the counters of all shards, in any order.
///
/// It holds the rows of one response only, unless the query has `top`.
#[derive(Debug)]
pub struct Report {
    query: UsageQuery,
    rows: BTreeMap<Position, Amount>,
    /// The number of counters so far.
    counters: usize,
    /// The size of all rows so far, if the query has `top`.
    bytes: usize,
    /// The sum of all rows with a group, by window, also of rows that are in another response.
    grouped: BTreeMap<DateTime<Utc>, Amount>,
    /// The total usage by window, in reports by resource or member. The rows cover only the events
    /// that name a resource or a person, and the rest becomes a row without a group.
    whole: BTreeMap<DateTime<Utc>, Amount>,
}

impl Report {
    /// Creates an empty report.
    #[must_use]
    pub fn new(query: UsageQuery) -> Self {
        let (rows, grouped, whole) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { query, rows, counters: 0, bytes: 0, grouped, whole }
    }

    /// Adds a counter to its row.
    ///
    /// # Errors
    /// Returns [`ReportTooLargeError`] for more than 200,000 counters, or if the query has `top` and
    /// the rows to compare have more than 16 MiB.
    pub fn add(&mut self, rollup: Rollup) -> Result<(), ReportTooLargeError> {
        self.counters += 1;
        if self.counters > COUNTERS_MAX {
            return Err(ReportTooLargeError);
        }
        let start = self.start_of(rollup.start);
        *self.grouped.entry(start).or_default() += rollup.amount;
        let group = if self.query.group_by.is_some() {
            RowGroup::Named(rollup.group)
        } else {
            RowGroup::Rest
        };
        let row = Position { start, group };
        if self.query.top.is_some() {
            let size = ROW_BYTES + row.group.len();
            if let Some(known) = self.rows.get_mut(&row) {
                *known += rollup.amount;
                return Ok(());
            }
            self.bytes += size;
            self.rows.insert(row, rollup.amount);
            return if self.bytes > COMPARED_BYTES_MAX { Err(ReportTooLargeError) } else { Ok(()) };
        }
        if self.query.after.as_ref().is_some_and(|after| row <= *after) {
            return Ok(());
        }
        // One row more than the response has shows that there is a next one. A row that is removed
        // here has at least that many rows before it, so it never belongs to this response.
        let is_beyond = |(last, _): (&Position, _)| row > *last;
        if self.rows.len() > self.query.limit && self.rows.last_key_value().is_some_and(is_beyond) {
            return Ok(());
        }
        *self.rows.entry(row).or_default() += rollup.amount;
        if self.rows.len() > self.query.limit + 1 {
            self.rows.pop_last();
        }
        Ok(())
    }

    /// Adds a counter to the total usage of its window. Usage that no row covers becomes a row
    /// without a group.
    pub fn add_whole(&mut self, start: DateTime<Utc>, amount: Amount) {
        *self.whole.entry(self.start_of(start)).or_default() += amount;
    }

    fn start_of(&self, counter: DateTime<Utc>) -> DateTime<Utc> {
        self.query.window.map_or(self.query.span.from, |window| window.floor(counter))
    }

    /// Returns the total, and the rows of this response.
    #[must_use]
    pub fn answer(self) -> Answer {
        let Self { query, mut rows, grouped, whole, .. } = self;
        let mut total: Amount = grouped.values().copied().sum();
        if let Some(top) = query.top {
            rows = with_top(rows, top);
        }
        for (start, whole) in whole {
            // The counters are not loaded at the same moment, so a group can include an event that
            // the total does not.
            let rest = whole.less(grouped.get(&start).copied().unwrap_or_default());
            if rest.events > 0 {
                total += rest;
                rows.insert(Position { start, group: RowGroup::Rest }, rest);
            }
        }
        let is_after = |row: &Position| query.after.as_ref().is_none_or(|after| row > after);
        let mut rows = rows.into_iter().filter(|(row, _)| is_after(row)).peekable();
        let page: Vec<(Position, Amount)> = rows.by_ref().take(query.limit).collect();
        let next = rows.peek().and(page.last()).map(|(row, _)| row.clone());
        let row = |(Position { start, group }, amount): (Position, Amount)| Row {
            start,
            end: query.window.map_or(query.span.to, |window| window.next(start)),
            other: group == RowGroup::Other,
            group: match group {
                RowGroup::Named(name) => Some(name),
                RowGroup::Rest | RowGroup::Other => None,
            },
            credits: amount.credits,
            events: amount.events,
        };
        let rows = page.into_iter().filter(|(_, amount)| amount.events > 0).map(row).collect();
        Answer { total: Total { credits: total.credits, events: total.events }, rows, next }
    }
}

/// Adds up the rows of all groups that are not among the `top` with the most credits, by window.
fn with_top(rows: BTreeMap<Position, Amount>, top: usize) -> BTreeMap<Position, Amount> {
    let mut groups: BTreeMap<&RowGroup, Amount> = BTreeMap::new();
    for (row, amount) in &rows {
        *groups.entry(&row.group).or_default() += *amount;
    }
    let mut groups: Vec<(&RowGroup, Amount)> = groups.into_iter().collect();
    // Equal groups stay in the order of their names.
    groups.sort_by_key(|(_, amount)| Reverse((amount.credits, amount.events)));
    let shown: BTreeSet<RowGroup> =
        groups.into_iter().take(top).map(|(group, _)| group.clone()).collect();
    let mut merged = BTreeMap::new();
    for (Position { start, group }, amount) in rows {
        let group = if shown.contains(&group) { group } else { RowGroup::Other };
        *merged.entry(Position { start, group }).or_default() += amount;
    }
    merged
}

#[cfg(test)]
mod tests;
