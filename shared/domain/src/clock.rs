//! The clock and the generator of ids. Callers pass the time and new ids to the rules, so that
//! tests can control them. No other module reads the system clock.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, SubsecRound, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// A source of time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system clock, shifted by this number of milliseconds.
    System(Arc<AtomicI64>),
    /// A fixed time in milliseconds since 1970. Only [`Clock::advance`] changes it.
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// Returns the system clock without a shift.
    #[must_use]
    pub fn system() -> Self {
        Self::System(Arc::default())
    }

    /// Returns a clock that is stopped at `at`.
    #[must_use]
    pub fn frozen(at: DateTime<Utc>) -> Self {
        Self::Frozen(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    /// Returns the current time in whole milliseconds, the precision of every stored time.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the system clock")]
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

    /// Moves the clock forward by `milliseconds`, or back if the number is negative.
    pub fn advance(&self, milliseconds: i64) {
        let (Self::System(at) | Self::Frozen(at)) = self;
        at.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

/// A generator of UUIDs of version 7 (RFC 9562). The UUIDs sort by time. UUIDs from one generator
/// in the same millisecond sort in the order of their creation.
#[derive(Debug)]
pub struct Ids {
    clock: Clock,
    order: Mutex<ContextV7>,
}

impl Ids {
    /// Creates a generator that takes its timestamps from `clock`.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, order: Mutex::new(ContextV7::new()) }
    }

    /// Generates a new UUID.
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
    fn ids_of_one_millisecond_keep_their_order() {
        let ids = Ids::new(Clock::frozen(
            DateTime::from_timestamp_millis(1_790_000_000_000).unwrap_or_default(),
        ));
        let made: Vec<Uuid> = (0..100).map(|_| ids.generate()).collect();
        assert!(made.is_sorted());
        assert!(made.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_frozen_clock_moves_only_when_advanced() {
        let clock = Clock::frozen(DateTime::from_timestamp_millis(1_000).unwrap_or_default());
        assert_eq!(clock.now().timestamp_millis(), 1_000);
        clock.advance(500);
        assert_eq!(clock.now().timestamp_millis(), 1_500);
    }
}
