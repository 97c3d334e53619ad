//! Time windows: calendar hours, days and months in UTC.

use chrono::{DateTime, Datelike, Duration, Months, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The length of a time window. Windows are aligned to the calendar in UTC.
///
/// - `hour`: one hour.
/// - `day`: one calendar day.
/// - `month`: one calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UsageWindow)]
pub enum Window {
    /// One hour.
    Hour,
    /// One calendar day.
    Day,
    /// One calendar month.
    Month,
}

/// The last year in which a report can start or end. Windows after it stay far from the last date
/// that `chrono` can represent.
const LAST_YEAR: i32 = 9998;

impl Window {
    /// Returns the start of the window that contains `at`.
    #[must_use]
    pub fn floor(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let hour = at
            .with_minute(0)
            .and_then(|at| at.with_second(0))
            .and_then(|at| at.with_nanosecond(0))
            .unwrap_or(at);
        let day = at.with_time(NaiveTime::MIN).single().unwrap_or(hour);
        match self {
            Self::Hour => hour,
            Self::Day => day,
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// Returns the end of the window that starts at `start`, which is the start of the next one.
    #[must_use]
    pub fn next(self, start: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Hour => start + Duration::hours(1),
            Self::Day => start + Duration::days(1),
            Self::Month => start.checked_add_months(Months::new(1)).unwrap_or(start),
        }
    }

    /// Returns `at` if a window starts there, and otherwise the start of the next window.
    #[must_use]
    pub fn ceil(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let start = self.floor(at);
        if start == at { at } else { self.next(start) }
    }

    /// Returns the number of windows between two window starts.
    #[must_use]
    pub fn count(self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        match self {
            Self::Hour => (to - from).num_hours(),
            Self::Day => (to - from).num_days(),
            Self::Month => {
                i64::from(to.year() - from.year()) * 12 + i64::from(to.month())
                    - i64::from(from.month())
            }
        }
    }
}

/// A time range that is not empty and consists of whole windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The start, inclusive.
    pub from: DateTime<Utc>,
    /// The end, exclusive.
    pub to: DateTime<Utc>,
}

impl Span {
    /// Widens a time range to whole windows. Returns `None` if `to` is not after `from`, or if one
    /// of them is outside the years 0 to 9998.
    #[must_use]
    pub fn widened(window: Window, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Self> {
        let years = 0..=LAST_YEAR;
        (from < to && years.contains(&from.year()) && years.contains(&to.year()))
            .then(|| Self { from: window.floor(from), to: window.ceil(to) })
    }

    /// Returns the intersection with another range, or `None` if they do not overlap.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        let overlap = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (overlap.from < overlap.to).then_some(overlap)
    }

    /// Splits the range into the fewest whole months, days and hours, in order. A total is the sum
    /// of these parts.
    #[must_use]
    pub fn pieces(self) -> Vec<(Window, Self)> {
        let mut pieces: Vec<(Window, Self)> = Vec::new();
        let mut at = self.from;
        while at < self.to {
            let window = if at.day() == 1 && at.hour() == 0 && Window::Month.next(at) <= self.to {
                Window::Month
            } else if at.hour() == 0 && Window::Day.next(at) <= self.to {
                Window::Day
            } else {
                Window::Hour
            };
            let end = window.next(at);
            match pieces.last_mut() {
                Some((last, span)) if *last == window => span.to = end,
                _ => pieces.push((window, Self { from: at, to: end })),
            }
            at = end;
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_aligned_in_utc() {
        let moment = at("2026-02-28T23:59:59.999Z");
        for (window, floor, ceil) in [
            (Window::Hour, "2026-02-28T23:00:00Z", "2026-03-01T00:00:00Z"),
            (Window::Day, "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"),
            (Window::Month, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ] {
            assert_eq!((window.floor(moment), window.ceil(moment)), (at(floor), at(ceil)));
            assert_eq!(window.ceil(at(floor)), at(floor));
        }
        assert_eq!(Window::Hour.floor(at("2300-01-01T10:15:00Z")), at("2300-01-01T10:00:00Z"));
        assert_eq!(Window::Month.next(at("2026-12-01T00:00:00Z")), at("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn windows_are_counted() {
        assert_eq!(Window::Hour.count(at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z")), 744);
        assert_eq!(Window::Day.count(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")), 365);
        assert_eq!(Window::Month.count(at("2025-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z")), 14);
    }

    #[test]
    fn a_range_is_split_into_the_fewest_pieces() {
        let span = Span { from: at("2026-01-30T22:00:00Z"), to: at("2026-04-02T01:00:00Z") };
        let pieces: Vec<(Window, i64)> = span
            .pieces()
            .iter()
            .map(|(window, span)| (*window, window.count(span.from, span.to)))
            .collect();
        assert_eq!(
            pieces,
            [
                (Window::Hour, 2),
                (Window::Day, 1),
                (Window::Month, 2),
                (Window::Day, 1),
                (Window::Hour, 1)
            ]
        );
    }

    #[test]
    fn a_span_is_not_empty() {
        let noon = at("2026-01-01T12:00:00Z");
        assert_eq!(Span::widened(Window::Day, noon, noon), None);
        assert_eq!(Span::widened(Window::Day, noon, at("2026-01-01T11:00:00Z")), None);
        assert_eq!(
            Span::widened(Window::Hour, noon, at("2026-01-01T12:00:00.001Z")).map(|span| span.to),
            Some(at("2026-01-01T13:00:00Z"))
        );
        assert_eq!(Span::widened(Window::Month, noon, DateTime::<Utc>::MAX_UTC), None);
    }

    proptest! {
        #[test]
        fn pieces_cover_the_span_without_gap_or_overlap(from in 0i64..500_000, hours in 1i64..20_000) {
            let from = DateTime::from_timestamp(from * 3600, 0).unwrap_or_default();
            let span = Span { from, to: from + Duration::hours(hours) };
            let pieces = span.pieces();
            prop_assert_eq!(pieces.first().map(|(_, first)| first.from), Some(span.from));
            prop_assert_eq!(pieces.last().map(|(_, last)| last.to), Some(span.to));
            for pair in pieces.windows(2) {
                prop_assert_eq!(pair[0].1.to, pair[1].1.from);
            }
        }
    }
}
