//! Time and fresh ids, handed to the rules instead of taken by them. This is the one place that
//! reads the system's clock.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, SubsecRound, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's time, moved by so many milliseconds.
    System(Arc<AtomicI64>),
    /// A time that moves only when it is told to, in milliseconds since 1970.
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock as it is.
    #[must_use]
    pub fn system() -> Self {
        Self::System(Arc::default())
    }

    /// A clock that stands at `at`.
    #[must_use]
    pub fn frozen(at: DateTime<Utc>) -> Self {
        Self::Frozen(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    /// Now, in whole milliseconds (what every stored time keeps).
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one home of the system's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System(shift) => {
                (Utc::now() + Duration::milliseconds(shift.load(Ordering::SeqCst))).trunc_subsecs(3)
            }
            Self::Frozen(at) => {
                DateTime::from_timestamp_millis(at.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Moves the clock on (or back, with a negative number) by so many milliseconds.
    pub fn advance(&self, milliseconds: i64) {
        let (Self::System(at) | Self::Frozen(at)) = self;
        at.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

/// Makes UUIDs of version 7: ordered by time, and within a millisecond by the order in which one
/// process made them.
#[derive(Debug)]
pub struct Ids {
    clock: Clock,
    order: Mutex<ContextV7>,
}

impl Ids {
    /// Ids that carry the time of `clock`.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, order: Mutex::new(ContextV7::new()) }
    }

    /// A fresh UUID.
    #[must_use]
    pub fn generate(&self) -> Uuid {
        let now = self.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&self.order, seconds, now.timestamp_subsec_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_in_one_millisecond_keep_their_order() {
        let ids = Ids::new(Clock::frozen(
            DateTime::from_timestamp_millis(1_790_000_000_000).unwrap_or_default(),
        ));
        let made: Vec<Uuid> = (0..100).map(|_| ids.generate()).collect();
        assert!(made.is_sorted());
        assert!(made.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen(DateTime::from_timestamp_millis(1_000).unwrap_or_default());
        assert_eq!(clock.now().timestamp_millis(), 1_000);
        clock.advance(500);
        assert_eq!(clock.now().timestamp_millis(), 1_500);
    }
}
