//! Usage reports: what was used in each window, added up from rollups.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::credits::Credits;
use crate::invalid::Invalid;
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
}

/// A question about usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The stretch it is about, widened to whole windows.
    pub span: Span,
    /// How long a row's window is; absent: the whole stretch is one.
    pub window: Option<Window>,
    /// What rows tell apart.
    pub group_by: Option<GroupBy>,
}

impl Question {
    /// Reads a question; without an end it is asked up to now, and without a start from the first of the end's month.
    ///
    /// # Errors
    /// The field that is wrong, and why: `invalid_range` or `too_many_windows`.
    pub fn new(
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
        window: Option<Window>,
        group_by: Option<GroupBy>,
        now: DateTime<Utc>,
    ) -> Result<Self, (&'static str, Invalid)> {
        let instant = chrono::Duration::milliseconds(1);
        // At the very start of a month "so far" is empty: it is then the hour that begins.
        let to = to.unwrap_or_else(|| if Window::Month.floor(now) == now { now + instant } else { now });
        let from = from.or_else(|| to.checked_sub_signed(instant).map(|last| Window::Month.floor(last))).unwrap_or(to);
        let span = Span::widened(window.unwrap_or(Window::Hour), from, to)
            .ok_or_else(|| ("/to", Invalid::new("invalid_range", "`to` must be after `from`, both in the years 0 to 9998")))?;
        // A total is added up from months, so its months are what it is limited by.
        let most_by = window.unwrap_or(Window::Month);
        if most_by.count(most_by.floor(span.from), most_by.ceil(span.to)) > MOST_WINDOWS {
            return Err(("/from", Invalid::new("too_many_windows", format!("a report has at most {MOST_WINDOWS} windows"))));
        }
        Ok(Self { span, window, group_by })
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

impl std::ops::AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.credits += other.credits;
        self.events += other.events;
    }
}

/// One rollup, as it was read: what was used of a kind in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    /// When its window starts.
    pub start: DateTime<Utc>,
    /// What was used.
    pub kind: String,
    /// How much.
    pub amount: Amount,
}

/// A report would have more rows than one answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the report has more than 10,000 rows; ask for a shorter time or longer windows")]
pub struct TooLarge;

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

/// Adds rollups (of all counter shards, in any order) up to the answer to a question: rows by start, then group.
///
/// # Errors
/// [`TooLarge`].
pub fn answer(question: &Question, rollups: &[Rollup]) -> Result<(Total, Vec<Row>), TooLarge> {
    let mut total = Amount::default();
    let mut rows: BTreeMap<(DateTime<Utc>, Option<&str>), Amount> = BTreeMap::new();
    for rollup in rollups {
        total += rollup.amount;
        let start = question.window.map_or(question.span.from, |window| window.floor(rollup.start));
        let group = question.group_by.map(|GroupBy::Kind| rollup.kind.as_str());
        *rows.entry((start, group)).or_default() += rollup.amount;
    }
    if rows.len() > MOST_ROWS {
        return Err(TooLarge);
    }
    let rows = rows
        .into_iter()
        .map(|((start, group), amount)| Row {
            start,
            end: question.window.map_or(question.span.to, |window| window.next(start)),
            group: group.map(str::to_owned),
            credits: amount.credits,
            events: amount.events,
        })
        .collect();
    Ok((Total { credits: total.credits, events: total.events }, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn rollup(start: &str, kind: &str, micro: u128, events: u64) -> Rollup {
        Rollup { start: at(start), kind: kind.to_owned(), amount: Amount { credits: Credits::from_micro(micro), events } }
    }

    fn ask(from: &str, to: &str, window: Option<Window>, group_by: Option<GroupBy>) -> Question {
        Question::new(Some(at(from)), Some(at(to)), window, group_by, at(to)).unwrap()
    }

    #[test]
    fn without_a_range_it_is_this_month_so_far() {
        let asked = |now: &str| Question::new(None, None, None, None, at(now)).map(|question| (question.span.from, question.span.to));
        assert_eq!(asked("2026-11-24T10:15:00Z"), Ok((at("2026-11-01T00:00:00Z"), at("2026-11-24T11:00:00Z"))));
        let october = Question::new(None, Some(at("2026-11-01T00:00:00Z")), None, None, at("2026-11-24T00:00:00Z"));
        assert_eq!(
            october.map(|question| (question.span.from, question.span.to)),
            Ok((at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")))
        );
        assert_eq!(asked("2026-11-01T00:00:00Z"), Ok((at("2026-11-01T00:00:00Z"), at("2026-11-01T01:00:00Z"))));
    }

    #[test]
    fn a_report_has_at_most_744_windows() {
        let code = |from: &str, to: &str, window| {
            Question::new(Some(at(from)), Some(at(to)), window, None, at(to)).err().map(|(_, invalid)| invalid.code)
        };
        assert_eq!(code("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", Some(Window::Hour)), None);
        assert_eq!(code("2026-01-01T00:00:00Z", "2026-02-01T00:00:01Z", Some(Window::Hour)), Some("too_many_windows"));
        assert_eq!(code("1900-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None), Some("too_many_windows"));
        assert_eq!(code("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None), Some("invalid_range"));
    }

    #[test]
    fn shards_and_windows_add_up() {
        let rollups = [
            rollup("2026-01-01T10:00:00Z", "chat", 250_000, 1),
            rollup("2026-01-01T10:00:00Z", "search", 1, 1),
            rollup("2026-01-01T10:00:00Z", "chat", 250_000, 2),
            rollup("2026-01-01T11:00:00Z", "chat", 1_000_000, 1),
        ];
        let question = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", Some(Window::Hour), Some(GroupBy::Kind));
        let (total, rows) = answer(&question, &rollups).unwrap();
        assert_eq!((total.credits.to_string(), total.events), ("1.500001".to_owned(), 5));
        let rows: Vec<String> = rows.iter().map(|row| format!("{} {:?} {} {}", row.start, row.group, row.credits, row.events)).collect();
        assert_eq!(
            rows,
            [
                "2026-01-01 10:00:00 UTC Some(\"chat\") 0.5 3",
                "2026-01-01 10:00:00 UTC Some(\"search\") 0.000001 1",
                "2026-01-01 11:00:00 UTC Some(\"chat\") 1 1",
            ]
        );
        let (_, rows) = answer(&ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, None), &rollups).unwrap();
        assert_eq!(
            rows.iter().map(|row| (row.start, row.end, row.events)).collect::<Vec<_>>(),
            [(at("2026-01-01T10:00:00Z"), at("2026-01-01T12:00:00Z"), 5)]
        );
    }

    #[test]
    fn a_report_of_more_than_ten_thousand_rows_is_refused() {
        let rollups: Vec<Rollup> = (0..10_001).map(|i| rollup("2026-01-01T10:00:00Z", &format!("k{i}"), 1, 1)).collect();
        let question = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
        assert_eq!(answer(&question, &rollups).err(), Some(TooLarge));
        assert!(answer(&question, &rollups[1..]).is_ok());
    }
}
