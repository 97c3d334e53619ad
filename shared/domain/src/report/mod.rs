//! Usage reports: the credits and events of each window, added up from counters.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::credits::Credits;
use crate::invalid::InvalidError;
use crate::window::{Span, Window};

/// The largest number of windows in one report: the hours of a month with 31 days.
const WINDOWS_MAX: i64 = 744;
/// The largest number of rows in one report.
const ROWS_MAX: usize = 10_000;

/// The grouping of the rows of a report.
///
/// - `kind`: one row per kind of event.
/// - `resource`: one row per resource, by day or month.
/// - `member`: one row per person for whom something was used, by day or month.
/// - `org`: one row per organization, in the report of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountUsageGroupBy)]
pub enum GroupBy {
    /// One row per kind of event.
    Kind,
    /// One row per resource. The shortest window is a day.
    Resource,
    /// One row per person for whom something was used. The shortest window is a day.
    Member,
    /// One row per organization, in the report of an account.
    Org,
}

impl GroupBy {
    /// Returns the shortest window for which there are counters with this grouping.
    #[must_use]
    pub fn min_window(self) -> Window {
        match self {
            Self::Kind => Window::Hour,
            Self::Resource | Self::Member | Self::Org => Window::Day,
        }
    }
}

/// A query for a usage report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageQuery {
    /// The time range, widened to whole windows.
    pub span: Span,
    /// The window of a row; `None` means one row for the whole range.
    pub window: Option<Window>,
    /// The grouping of the rows; `None` means one row per window.
    pub group_by: Option<GroupBy>,
}

impl UsageQuery {
    /// Creates a query. By default, the range ends now and starts at the beginning of the month in
    /// which it ends. `min_window` is the shortest window for which the report has counters.
    ///
    /// # Errors
    /// Returns the pointer to the invalid field and the reason: `no_hours` if `window` is shorter
    /// than `min_window`, `invalid_range` if the range is empty or outside the years 0 to 9998, and
    /// `too_many_windows` if the report would have more than 744 windows.
    pub fn new(
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
        window: Option<Window>,
        group_by: Option<GroupBy>,
        min_window: Window,
        now: DateTime<Utc>,
    ) -> Result<Self, (&'static str, InvalidError)> {
        if (min_window, window) == (Window::Day, Some(Window::Hour)) {
            return Err((
                "/window",
                InvalidError::new(
                    "no_hours",
                    "hourly windows are not available for this report; use `day` or `month`",
                ),
            ));
        }
        let instant = chrono::Duration::milliseconds(1);
        // The range does not include its end. What is used at this instant is in the report, also if
        // an hour or a month begins now.
        let to = to.unwrap_or(now + instant);
        let from = from
            .or_else(|| to.checked_sub_signed(instant).map(|last| Window::Month.floor(last)))
            .unwrap_or(to);
        let span = Span::widened(window.unwrap_or(min_window), from, to).ok_or_else(|| {
            (
                "/to",
                InvalidError::new(
                    "invalid_range",
                    "`to` must be after `from`, and both must be in the years 0 to 9998",
                ),
            )
        })?;
        // Without `window`, the report adds up months, or days if there are no monthly counters, so
        // the limit counts these.
        let limited_by =
            window.unwrap_or(if min_window == Window::Hour { Window::Month } else { Window::Day });
        if limited_by.count(limited_by.floor(span.from), limited_by.ceil(span.to)) > WINDOWS_MAX {
            return Err((
                "/from",
                InvalidError::new(
                    "too_many_windows",
                    format!(
                        "a report has at most {WINDOWS_MAX} windows; use a shorter range or longer \
                         windows"
                    ),
                ),
            ));
        }
        Ok(Self { span, window, group_by })
    }

    /// Returns true if the range overlaps the month that contains `now`.
    #[must_use]
    pub fn touches_month_of(&self, now: DateTime<Utc>) -> bool {
        let from = Window::Month.floor(now);
        self.span.within(Span { from, to: Window::Month.next(from) }).is_some()
    }
}

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

/// The error that a report would have more rows than one response may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the report has more than 10,000 rows; use a shorter range or longer windows")]
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
    /// and for usage without a resource or person.
    #[schema(example = "chat.completion")]
    pub group: Option<String>,
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

/// Adds up counters to a report. It accepts the counters of all shards, in any order.
#[derive(Debug)]
pub struct Report {
    query: UsageQuery,
    rows: BTreeMap<(DateTime<Utc>, Option<String>), Amount>,
    /// The total usage by window, in reports by resource or member. The rows cover only the events
    /// that name a resource or a person, and the rest becomes a row without a group.
    whole: BTreeMap<DateTime<Utc>, Amount>,
}

impl Report {
    /// Creates an empty report.
    #[must_use]
    pub fn new(query: UsageQuery) -> Self {
        Self { query, rows: BTreeMap::new(), whole: BTreeMap::new() }
    }

    /// Adds a counter to its row.
    ///
    /// # Errors
    /// Returns [`ReportTooLargeError`] if the report has more than 10,000 rows.
    pub fn add(&mut self, rollup: Rollup) -> Result<(), ReportTooLargeError> {
        let start = self.start_of(&rollup);
        let group = self.query.group_by.map(|_| rollup.group);
        *self.rows.entry((start, group)).or_default() += rollup.amount;
        if self.rows.len() > ROWS_MAX { Err(ReportTooLargeError) } else { Ok(()) }
    }

    /// Adds a counter to the total usage of its window. Usage that no row covers becomes a row
    /// without a group.
    pub fn add_whole(&mut self, rollup: &Rollup) {
        *self.whole.entry(self.start_of(rollup)).or_default() += rollup.amount;
    }

    fn start_of(&self, rollup: &Rollup) -> DateTime<Utc> {
        self.query.window.map_or(self.query.span.from, |window| window.floor(rollup.start))
    }

    /// Returns the total and the rows, sorted by start and group. A group whose events are all
    /// voided has no row.
    #[must_use]
    pub fn answer(self) -> (Total, Vec<Row>) {
        let Self { query, mut rows, whole } = self;
        let mut grouped: BTreeMap<DateTime<Utc>, Amount> = BTreeMap::new();
        for ((start, _), amount) in &rows {
            *grouped.entry(*start).or_default() += *amount;
        }
        // The counters are not loaded at the same moment, so a group can include an event that the
        // total does not.
        let rest = whole.into_iter().map(|(start, whole)| {
            ((start, None), whole.less(grouped.get(&start).copied().unwrap_or_default()))
        });
        rows.extend(rest.filter(|(_, rest)| rest.events > 0).collect::<Vec<_>>());
        let total: Amount = rows.values().copied().sum();
        let rows = rows.into_iter().filter(|(_, amount)| amount.events > 0).map(
            |((start, group), amount)| Row {
                start,
                end: query.window.map_or(query.span.to, |window| window.next(start)),
                group,
                credits: amount.credits,
                events: amount.events,
            },
        );
        (Total { credits: total.credits, events: total.events }, rows.collect())
    }
}

/// An example of a report as CSV, for documents.
pub const CSV_EXAMPLE: &str = "start,end,group,credits,events\n\
    2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50\n";

/// The characters that make a spreadsheet read a cell as a formula, at the beginning of the cell
/// (OWASP, "CSV injection"), in ASCII and in full width.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The readers of a report as CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvFor {
    /// People with a spreadsheet: a group that it would read as a formula gets an apostrophe in
    /// front.
    Spreadsheets,
    /// Programs: groups stay as they are.
    Programs,
}

/// Returns the rows as CSV (RFC 4180, but with line feeds only): a header line and one line for
/// each row.
#[must_use]
pub fn csv(rows: &[Row], readers: CsvFor) -> String {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    let quoted = |text: &str| {
        let text = if readers == CsvFor::Spreadsheets && text.starts_with(FORMULA_STARTS) {
            format!("'{text}")
        } else {
            text.to_owned()
        };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let lines = rows.iter().map(|row| {
        let group = row.group.as_deref().map(quoted).unwrap_or_default();
        format!("{},{},{group},{},{}\n", time(row.start), time(row.end), row.credits, row.events)
    });
    ["start,end,group,credits,events\n".to_owned()].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests;
