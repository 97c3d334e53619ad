//! Calendar months in UTC, and the time at which the usage of a month is final.

use std::fmt;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::invalid::{InvalidError, text_value};
use crate::usage::ACCEPT_DAYS;
use crate::window::{Span, Window};

/// The time between the close of a month and the moment at which its usage is final. Requests that
/// began before the close have ended by then.
const GRACE_MINUTES: i64 = 5;

/// A calendar month in UTC, written as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(DateTime<Utc>);

impl Month {
    /// Parses a month of the years 2000 to 9998.
    ///
    /// # Errors
    /// Returns `invalid_month` for any other text.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        let is_written_so = text.len() == 7
            && text.bytes().enumerate().all(|(i, b)| (i == 4 && b == b'-') || b.is_ascii_digit())
            && ("2000"..="9998").contains(&&text[..4]);
        let first = Some(format!("{text}-01"))
            .filter(|_| is_written_so)
            .and_then(|day| NaiveDate::parse_from_str(&day, "%Y-%m-%d").ok())
            .and_then(|day| day.and_hms_opt(0, 0, 0));
        first.map(|first| Self(first.and_utc())).ok_or_else(|| {
            InvalidError::new(
                "invalid_month",
                "must be a month such as `2026-11`, from the year 2000",
            )
        })
    }

    /// Returns the month that contains `at`.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        Self(Window::Month.floor(at))
    }

    /// Returns the first moment of the month.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        self.0
    }

    /// Returns the whole month as a time range.
    #[must_use]
    pub fn span(self) -> Span {
        Span { from: self.0, to: Window::Month.next(self.0) }
    }

    /// Returns the month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.0 - Duration::days(1))
    }

    /// Returns the time at which the month closes, 7 days after its end. From then on, an event of
    /// the month does not count in it: its recording or voiding is an adjustment in the month of
    /// that change.
    #[must_use]
    pub fn closes_at(self) -> DateTime<Utc> {
        self.span().to + Duration::days(ACCEPT_DAYS)
    }

    /// Returns the time from which the usage of the month no longer changes.
    #[must_use]
    pub fn final_at(self) -> DateTime<Utc> {
        self.closes_at() + Duration::minutes(GRACE_MINUTES)
    }

    /// Returns the month in which a change at `now` to the usage of this month is an adjustment.
    /// `None` if the month is open, so that the change counts in the month itself.
    #[must_use]
    pub fn adjusted_in(self, now: DateTime<Utc>) -> Option<Self> {
        (now >= self.closes_at()).then(|| Self::of(now))
    }
}

/// Returns the time from which the usage of a time range no longer changes: when the month
/// with the last moment of the range is final.
#[must_use]
pub fn final_at(span: Span) -> DateTime<Utc> {
    Month::of(span.to - Duration::milliseconds(1)).final_at()
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

text_value!(Month, to_string);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_survives_a_round_trip() {
        for text in ["2000-01", "2026-11", "9998-12"] {
            assert_eq!(Month::parse(text).map(|month| month.to_string()), Ok(text.to_owned()));
        }
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "2026-11-01",
            "2026/11",
            "1999-12",
            "9999-01",
            "+026-11",
            "2026-é",
        ] {
            assert!(Month::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_month_closes_seven_days_after_its_end_and_is_final_five_minutes_later() {
        let month = Month::of(at("2026-11-30T23:59:59.999Z"));
        assert_eq!(month.to_string(), "2026-11");
        assert_eq!(month.previous().to_string(), "2026-10");
        assert_eq!(month.closes_at(), at("2026-12-08T00:00:00Z"));
        assert_eq!(month.final_at(), at("2026-12-08T00:05:00Z"));
        assert_eq!(month.adjusted_in(at("2026-12-07T23:59:59.999Z")), None);
        assert_eq!(
            month.adjusted_in(at("2026-12-08T00:00:00Z")),
            Some(Month::of(at("2026-12-01T00:00:00Z")))
        );
        // The next month can be over before the change.
        assert_eq!(
            month.adjusted_in(at("2027-01-02T00:00:00Z")).map(|month| month.to_string()),
            Some("2027-01".to_owned())
        );
    }

    #[test]
    fn a_range_is_final_with_the_month_of_its_last_moment() {
        let span = |from: &str, to: &str| Span { from: at(from), to: at(to) };
        for (span, want) in [
            (span("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"), "2026-12-08T00:05:00Z"),
            (span("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"), "2026-12-08T00:05:00Z"),
            (span("2026-11-30T23:00:00Z", "2026-12-01T01:00:00Z"), "2027-01-08T00:05:00Z"),
        ] {
            assert_eq!(final_at(span), at(want));
        }
    }
}
