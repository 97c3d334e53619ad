//! Where a usage event is booked: the account that pays for it, and the month in which it counts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::month::Month;
use crate::org::Org;
use crate::usage::UsageEvent;

/// A usage event and where it is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedEvent {
    /// The event.
    #[serde(flatten)]
    pub event: UsageEvent,
    /// The account that paid for the organization at the time of the event.
    pub account_id: AccountId,
    /// The month whose statement has the event as an adjustment of the event's own month. Absent if
    /// the event counts in its own month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted_in: Option<Month>,
}

impl BookedEvent {
    /// Books a new event of an organization. The account that paid at the time of the event is
    /// charged. An event of a closed month is an adjustment in the current month.
    #[must_use]
    pub fn new(event: UsageEvent, org: &Org, now: DateTime<Utc>) -> Self {
        Self {
            account_id: org.billing.account_at(&org.id, event.timestamp),
            adjusted_in: Month::of(event.timestamp).adjusted_in(now),
            event,
        }
    }

    /// Returns how a void at `now` is booked: where the event itself counts while its month is
    /// open, and otherwise as an adjustment in the current month.
    #[must_use]
    pub fn voided(self, now: DateTime<Utc>) -> Self {
        let adjusted_in = match self.adjusted_in {
            Some(_) => Some(Month::of(now)),
            None => Month::of(self.event.timestamp).adjusted_in(now),
        };
        Self { adjusted_in, ..self }
    }

    /// Returns the month whose statement has the event.
    #[must_use]
    pub fn month(&self) -> Month {
        self.adjusted_in.unwrap_or_else(|| Month::of(self.event.timestamp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credits::Credits;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_void_after_the_close_is_an_adjustment_in_the_month_of_the_void() {
        let booked = |adjusted_in: Option<&str>| BookedEvent {
            event: UsageEvent {
                id: "e1".to_owned(),
                timestamp: at("2026-10-20T12:00:00Z"),
                kind: "chat".to_owned(),
                credits: Credits::from_micro(1),
                resource_id: None,
                user_id: None,
                hold_id: None,
                is_final: false,
            },
            account_id: AccountId::parse("acct_2bd806c97f0e00af1a1fc3328fa763a9").unwrap(),
            adjusted_in: adjusted_in.map(|month| Month::parse(month).unwrap()),
        };
        let voided = |adjusted_in, now| booked(adjusted_in).voided(at(now)).adjusted_in;
        let month = |text| Month::parse(text).ok();
        assert_eq!(voided(None, "2026-11-07T23:59:59Z"), None);
        assert_eq!(voided(None, "2026-11-08T00:00:00Z"), month("2026-11"));
        // A backfilled event is taken back in the month of the void, even if that month is the same.
        assert_eq!(voided(Some("2026-11"), "2026-11-20T00:00:00Z"), month("2026-11"));
        assert_eq!(voided(Some("2026-11"), "2026-12-01T00:00:00Z"), month("2026-12"));
        assert_eq!(booked(None).month().to_string(), "2026-10");
        assert_eq!(booked(Some("2026-11")).month().to_string(), "2026-11");
    }
}
