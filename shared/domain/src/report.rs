//! Usage reports: what was used in each window, added up from rollups.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::credits::Credits;
use crate::invalid::InvalidError;
use crate::window::{Span, Window};

/// The most windows in one report.
const MOST_WINDOWS: i64 = 744;
/// The most rows in one report.
const MOST_ROWS: usize = 10_000;

/// What the rows of a report tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// The kind of the events.
    Kind,
    /// The resource that was used, by days.
    Resource,
    /// The person it was used for, by days.
    Member,
    /// The organization, where an account pays for several.
    Org,
}

impl GroupBy {
    /// The shortest windows that there are of it.
    #[must_use]
    pub fn min_window(self) -> Window {
        match self {
            Self::Kind => Window::Hour,
            Self::Resource | Self::Member | Self::Org => Window::Day,
        }
    }
}

/// A question about usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageQuery {
    /// The stretch it is about, widened to whole windows.
    pub span: Span,
    /// How long a row's window is; absent: the whole stretch is one.
    pub window: Option<Window>,
    /// What rows tell apart.
    pub group_by: Option<GroupBy>,
}

impl UsageQuery {
    /// Reads a question; without an end it is asked up to now, and without a start from the first
    /// of the end's month. `min_window` is the shortest window that there is.
    ///
    /// # Errors
    /// The field that is wrong, and why: `no_hours`, `invalid_range` or `too_many_windows`.
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
                InvalidError::new("no_hours", "such a report has days and months, and no hours"),
            ));
        }
        let instant = chrono::Duration::milliseconds(1);
        // At the very start of a month "so far" is empty: it is then the hour that begins.
        let to =
            to.unwrap_or_else(|| if Window::Month.floor(now) == now { now + instant } else { now });
        let from = from
            .or_else(|| to.checked_sub_signed(instant).map(|last| Window::Month.floor(last)))
            .unwrap_or(to);
        let span = Span::widened(window.unwrap_or(min_window), from, to).ok_or_else(|| {
            (
                "/to",
                InvalidError::new(
                    "invalid_range",
                    "`to` must be after `from`, both in the years 0 to 9998",
                ),
            )
        })?;
        // A total is added up from months, or from days where there is nothing longer: these are
        // what it is limited by.
        let most_by =
            window.unwrap_or(if min_window == Window::Hour { Window::Month } else { Window::Day });
        if most_by.count(most_by.floor(span.from), most_by.ceil(span.to)) > MOST_WINDOWS {
            return Err((
                "/from",
                InvalidError::new(
                    "too_many_windows",
                    format!("a report has at most {MOST_WINDOWS} windows"),
                ),
            ));
        }
        Ok(Self { span, window, group_by })
    }

    /// Whether it is about the month that goes on at `now`.
    #[must_use]
    pub fn touches_month_of(&self, now: DateTime<Utc>) -> bool {
        let from = Window::Month.floor(now);
        self.span.within(Span { from, to: Window::Month.next(from) }).is_some()
    }
}

/// What was used: credits and events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Credits.
    pub credits: Credits,
    /// How many events.
    pub events: u64,
}

impl Amount {
    /// What is left without a part of it; nothing where the part is greater.
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

/// One rollup, as it was read: what was used in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    /// When its window starts.
    pub start: DateTime<Utc>,
    /// What was used, who used it, or where: what rows are told apart by.
    pub group: String,
    /// How much.
    pub amount: Amount,
}

/// A report would have more rows than one answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the report has more than 10,000 rows; ask for a shorter time or longer windows")]
pub struct ReportTooLargeError;

/// A row of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UsageRow)]
pub struct Row {
    /// When the window starts.
    pub start: DateTime<Utc>,
    /// When the next one starts.
    pub end: DateTime<Utc>,
    /// What the row is about, null in a report without groups.
    #[schema(example = "chat.completion")]
    pub group: Option<String>,
    /// A decimal string.
    #[schema(value_type = String, example = "12.5")]
    pub credits: Credits,
    /// How many events.
    #[schema(example = 50)]
    pub events: u64,
}

/// A sum of usage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UsageTotal)]
pub struct Total {
    /// A decimal string.
    #[schema(value_type = String, example = "12.5")]
    pub credits: Credits,
    /// How many events.
    #[schema(example = 50)]
    pub events: u64,
}

/// Adds rollups up, of all counter shards and in any order, to the answer to a question.
#[derive(Debug)]
pub struct Report {
    query: UsageQuery,
    rows: BTreeMap<(DateTime<Utc>, Option<String>), Amount>,
    /// All that was used, by window, where rows tell only of a part: of events that name a
    /// resource, or a member.
    whole: BTreeMap<DateTime<Utc>, Amount>,
}

impl Report {
    /// An empty one.
    #[must_use]
    pub fn new(query: UsageQuery) -> Self {
        Self { query, rows: BTreeMap::new(), whole: BTreeMap::new() }
    }

    /// Adds a rollup.
    ///
    /// # Errors
    /// [`ReportTooLargeError`].
    pub fn add(&mut self, rollup: Rollup) -> Result<(), ReportTooLargeError> {
        let start = self.start_of(&rollup);
        let group = self.query.group_by.map(|_| rollup.group);
        *self.rows.entry((start, group)).or_default() += rollup.amount;
        if self.rows.len() > MOST_ROWS { Err(ReportTooLargeError) } else { Ok(()) }
    }

    /// Adds to all that was used: what no row tells of becomes a row without a group.
    pub fn add_whole(&mut self, rollup: &Rollup) {
        *self.whole.entry(self.start_of(rollup)).or_default() += rollup.amount;
    }

    fn start_of(&self, rollup: &Rollup) -> DateTime<Utc> {
        self.query.window.map_or(self.query.span.from, |window| window.floor(rollup.start))
    }

    /// The total, and the rows by start, then group. What was taken back out to the last event
    /// leaves no row.
    #[must_use]
    pub fn answer(self) -> (Total, Vec<Row>) {
        let Self { query, mut rows, whole } = self;
        let mut told: BTreeMap<DateTime<Utc>, Amount> = BTreeMap::new();
        for ((start, _), amount) in &rows {
            *told.entry(*start).or_default() += *amount;
        }
        // What is counted while it is read can be in a part, and not yet in the whole.
        let rest = whole.into_iter().map(|(start, whole)| {
            ((start, None), whole.less(told.get(&start).copied().unwrap_or_default()))
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

/// Rows as CSV (RFC 4180, with line feeds alone): a head line, then a line each. A group that a
/// spreadsheet would take for a formula has an apostrophe before it (OWASP, "CSV injection").
#[must_use]
pub fn csv(rows: &[Row]) -> String {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    let quoted = |text: &str| {
        let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn rollup(start: &str, kind: &str, micro: u128, events: u64) -> Rollup {
        Rollup {
            start: at(start),
            group: kind.to_owned(),
            amount: Amount { credits: Credits::from_micro(micro), events },
        }
    }

    fn ask(from: &str, to: &str, window: Option<Window>, group_by: Option<GroupBy>) -> UsageQuery {
        UsageQuery::new(Some(at(from)), Some(at(to)), window, group_by, Window::Hour, at(to))
            .unwrap()
    }

    fn answer(
        query: UsageQuery,
        rollups: &[Rollup],
    ) -> Result<(Total, Vec<Row>), ReportTooLargeError> {
        let mut report = Report::new(query);
        rollups.iter().cloned().try_for_each(|rollup| report.add(rollup))?;
        Ok(report.answer())
    }

    #[test]
    fn without_a_range_it_is_this_month_so_far() {
        let asked = |now: &str| {
            UsageQuery::new(None, None, None, None, Window::Hour, at(now))
                .map(|query| (query.span.from, query.span.to))
        };
        assert_eq!(
            asked("2026-11-24T10:15:00Z"),
            Ok((at("2026-11-01T00:00:00Z"), at("2026-11-24T11:00:00Z")))
        );
        let october = UsageQuery::new(
            None,
            Some(at("2026-11-01T00:00:00Z")),
            None,
            None,
            Window::Hour,
            at("2026-11-24T00:00:00Z"),
        );
        assert_eq!(
            october.map(|query| (query.span.from, query.span.to)),
            Ok((at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")))
        );
        assert_eq!(
            asked("2026-11-01T00:00:00Z"),
            Ok((at("2026-11-01T00:00:00Z"), at("2026-11-01T01:00:00Z")))
        );
    }

    #[test]
    fn a_report_has_at_most_744_windows() {
        let code = |from: &str, to: &str, window| {
            UsageQuery::new(Some(at(from)), Some(at(to)), window, None, Window::Hour, at(to))
                .err()
                .map(|(_, invalid)| invalid.code)
        };
        assert_eq!(code("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", Some(Window::Hour)), None);
        assert_eq!(
            code("2026-01-01T00:00:00Z", "2026-02-01T00:00:01Z", Some(Window::Hour)),
            Some("too_many_windows")
        );
        assert_eq!(
            code("1900-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None),
            Some("too_many_windows")
        );
        assert_eq!(
            code("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None),
            Some("invalid_range")
        );
    }

    #[test]
    fn shards_and_windows_add_up() {
        let rollups = [
            rollup("2026-01-01T10:00:00Z", "chat", 250_000, 1),
            rollup("2026-01-01T10:00:00Z", "search", 1, 1),
            rollup("2026-01-01T10:00:00Z", "chat", 250_000, 2),
            rollup("2026-01-01T11:00:00Z", "chat", 1_000_000, 1),
        ];
        let query = ask(
            "2026-01-01T10:00:00Z",
            "2026-01-01T12:00:00Z",
            Some(Window::Hour),
            Some(GroupBy::Kind),
        );
        let (total, rows) = answer(query, &rollups).unwrap();
        assert_eq!((total.credits.to_string(), total.events), ("1.500001".to_owned(), 5));
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {:?} {} {}", row.start, row.group, row.credits, row.events))
            .collect();
        assert_eq!(
            rows,
            [
                "2026-01-01 10:00:00 UTC Some(\"chat\") 0.5 3",
                "2026-01-01 10:00:00 UTC Some(\"search\") 0.000001 1",
                "2026-01-01 11:00:00 UTC Some(\"chat\") 1 1",
            ]
        );
        let (_, rows) =
            answer(ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, None), &rollups)
                .unwrap();
        assert_eq!(
            rows.iter().map(|row| (row.start, row.end, row.events)).collect::<Vec<_>>(),
            [(at("2026-01-01T10:00:00Z"), at("2026-01-01T12:00:00Z"), 5)]
        );
    }

    #[test]
    fn a_report_of_more_than_ten_thousand_rows_is_refused() {
        let rollups: Vec<Rollup> =
            (0..10_001).map(|i| rollup("2026-01-01T10:00:00Z", &format!("k{i}"), 1, 1)).collect();
        let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
        assert_eq!(answer(query, &rollups).err(), Some(ReportTooLargeError));
        assert!(answer(query, &rollups[1..]).is_ok());
    }

    #[test]
    fn what_has_no_hours_is_widened_to_days() {
        let asked = |window, from, to| {
            UsageQuery::new(
                Some(at(from)),
                Some(at(to)),
                window,
                Some(GroupBy::Member),
                Window::Day,
                at(to),
            )
            .map(|query| (query.span.from, query.span.to))
            .map_err(|(field, invalid)| (field, invalid.code))
        };
        let noon = "2026-01-15T12:00:00Z";
        assert_eq!(
            asked(None, "2026-01-14T23:59:59Z", noon),
            Ok((at("2026-01-14T00:00:00Z"), at("2026-01-16T00:00:00Z")))
        );
        assert_eq!(
            asked(Some(Window::Hour), "2026-01-14T00:00:00Z", noon),
            Err(("/window", "no_hours"))
        );
        assert_eq!(asked(None, "2023-01-01T00:00:00Z", noon), Err(("/from", "too_many_windows")));
        assert!(asked(Some(Window::Month), "2023-01-01T00:00:00Z", noon).is_ok());
    }

    #[test]
    fn what_was_taken_back_leaves_no_row() {
        let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
        let (total, rows) = answer(
            query,
            &[
                rollup("2026-01-01T10:00:00Z", "chat", 0, 0),
                rollup("2026-01-01T10:00:00Z", "search", 0, 1),
            ],
        )
        .unwrap();
        assert_eq!(total.events, 1);
        assert_eq!(
            rows.iter().map(|row| row.group.as_deref()).collect::<Vec<_>>(),
            [Some("search")]
        );
    }

    #[test]
    fn a_line_of_csv_is_a_row_whatever_its_group_says() {
        let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
        let (_, rows) =
            answer(query, &[rollup("2026-01-01T10:00:00Z", "a \"b\",\nc", 250_000, 3)]).unwrap();
        assert_eq!(
            csv(&rows),
            "start,end,group,credits,events\n2026-01-01T10:00:00Z,2026-01-01T12:00:00Z,\"a \"\"b\"\",\nc\",0.25,3\n"
        );
        let (_, rows) = answer(
            UsageQuery { group_by: None, ..query },
            &[rollup("2026-01-01T10:00:00Z", "x", 1, 1)],
        )
        .unwrap();
        assert_eq!(
            csv(&rows),
            "start,end,group,credits,events\n2026-01-01T10:00:00Z,2026-01-01T12:00:00Z,,0.000001,1\n"
        );
    }

    #[test]
    fn a_spreadsheet_takes_no_group_for_a_formula() {
        for text in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            let (start, end) = (at("2026-01-01T10:00:00Z"), at("2026-01-01T11:00:00Z"));
            let row = Row {
                start,
                end,
                group: Some(text.to_owned()),
                credits: Credits::from_micro(1),
                events: 1,
            };
            let group = csv(&[row]).split(',').nth(6).unwrap().trim_start_matches('"').to_owned();
            assert!(group.starts_with('\''), "{group}");
        }
    }

    #[test]
    fn what_names_no_group_is_a_row_without_one() {
        let query = ask(
            "2026-01-01T00:00:00Z",
            "2026-01-03T00:00:00Z",
            Some(Window::Day),
            Some(GroupBy::Member),
        );
        let mut report = Report::new(query);
        report.add(rollup("2026-01-01T00:00:00Z", "ann", 2, 1)).unwrap();
        report.add(rollup("2026-01-02T00:00:00Z", "ann", 4, 1)).unwrap();
        report.add_whole(&rollup("2026-01-01T00:00:00Z", "chat", 2, 1));
        report.add_whole(&rollup("2026-01-01T00:00:00Z", "image", 10, 3));
        // Read a moment before the part was.
        report.add_whole(&rollup("2026-01-02T00:00:00Z", "chat", 1, 1));
        let (total, rows) = report.answer();
        assert_eq!((total.credits.micro(), total.events), (16, 5));
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                (row.start.to_string(), row.group.as_deref(), row.credits.micro(), row.events)
            })
            .collect();
        let [first, second] =
            ["2026-01-01 00:00:00 UTC", "2026-01-02 00:00:00 UTC"].map(str::to_owned);
        assert_eq!(
            rows,
            [(first.clone(), None, 10, 3), (first, Some("ann"), 2, 1), (second, Some("ann"), 4, 1)]
        );
    }
}
