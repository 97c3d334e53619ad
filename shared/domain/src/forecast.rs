//! The expected usage of the current month, extrapolated from the usage so far.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::credits::Credits;
use crate::window::Window;

/// The expected usage of the current month: the usage so far, divided by the hours that have begun,
/// times all hours of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Forecast {
    /// The start of the month, in UTC.
    pub start: DateTime<Utc>,
    /// The end of the month, exclusive: the start of the next month.
    pub end: DateTime<Utc>,
    /// The expected credits of the whole month, as a decimal string with at most 6 decimals.
    #[schema(value_type = String, example = "120.75")]
    pub credits: Credits,
}

impl Forecast {
    /// Computes the forecast at `now` from the credits that were used in the month so far.
    #[must_use]
    pub fn of(used: Credits, now: DateTime<Utc>) -> Self {
        let start = Window::Month.floor(now);
        let end = Window::Month.next(start);
        let hours = |from, to| u128::try_from(Window::Hour.count(from, to)).unwrap_or_default();
        let begun = (hours(start, Window::Hour.floor(now)) + 1).min(hours(start, end));
        Self {
            start,
            end,
            credits: Credits::from_micro(used.micro().saturating_mul(hours(start, end)) / begun),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn credits(text: &str) -> Credits {
        Credits::parse(text).unwrap()
    }

    #[test]
    fn the_average_of_the_hours_so_far_applies_to_the_whole_month() {
        // November has 720 hours.
        for (now, used, wanted) in [
            ("2026-11-01T00:00:00Z", "1", "720"),
            ("2026-11-01T00:59:59.999Z", "1", "720"),
            ("2026-11-15T23:30:00Z", "100", "200"),
            ("2026-11-30T23:59:59Z", "7.5", "7.5"),
            ("2026-11-10T00:00:00Z", "0", "0"),
        ] {
            assert_eq!(Forecast::of(credits(used), at(now)).credits, credits(wanted), "{now}");
        }
        let leap = Forecast::of(credits("1"), at("2028-02-29T12:00:00Z"));
        assert_eq!(
            (leap.start, leap.end),
            (at("2028-02-01T00:00:00Z"), at("2028-03-01T00:00:00Z"))
        );
    }
}
