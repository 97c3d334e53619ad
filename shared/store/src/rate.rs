//! Limits on how much mail one person sends and one address gets, counted in the transaction that causes it.
//!
//! An organization-wide counter would make inviters wait for each other, so there is none.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::limits::Limits;
use orgs_domain::{EmailKey, OrgId, UserId};

use crate::change::{Change, Changed};
use crate::failure::Unavailable;
use crate::item::n;
use crate::keys::{self, Key};
use crate::plan::{Expr, Guard, Plan};

/// A change that sends a mail, within the limits of its sender and its recipient.
#[derive(Debug)]
pub struct Limited<'a, C> {
    /// The change.
    pub change: &'a C,
    /// Who has the mail sent.
    pub sender: &'a UserId,
    /// Who gets it.
    pub recipient: EmailKey,
    /// The limits.
    pub limits: &'a Limits,
}

/// Seconds until the limit that `guard` names has a new window; nothing for other guards.
#[must_use]
pub fn retry_after(guard: Guard, now: DateTime<Utc>) -> Option<i64> {
    let window = match guard {
        Guard::SenderRate => Duration::hours(1),
        Guard::RecipientRate => Duration::days(1),
        _ => return None,
    };
    Some(window_start(window, now) + window.num_seconds() - now.timestamp())
}

/// When the window that `now` lies in starts, in seconds since 1970.
fn window_start(window: Duration, now: DateTime<Utc>) -> i64 {
    now.timestamp() - now.timestamp().rem_euclid(window.num_seconds())
}

fn count(plan: &mut Plan, guard: Guard, key: &Key, most: u32, ttl: i64) -> Result<(), Unavailable> {
    let counted = Expr::update("ADD #n :one SET #ttl = :ttl")
        .and_when("attribute_not_exists(#n) OR #n < :most")
        .bind(":one", n(1))
        .bind(":most", n(most))
        .bind(":ttl", n(ttl));
    plan.update(guard, key, counted)
}

impl<C: Change> Change for Limited<'_, C> {
    fn org(&self) -> OrgId {
        self.change.org()
    }

    fn covers(&self, user: &UserId) -> bool {
        self.change.covers(user)
    }

    fn plan(&self, plan: &mut Plan, now: DateTime<Utc>) -> Result<(), Unavailable> {
        self.change.plan(plan, now)?;
        let (hour, day) = (Duration::hours(1), Duration::days(1));
        if let Some(most) = self.limits.invitations_per_inviter_hour {
            let start = window_start(hour, now);
            count(plan, Guard::SenderRate, &keys::sender_rate(self.sender, start), most, start + 2 * hour.num_seconds())?;
        }
        if let Some(most) = self.limits.invitations_per_recipient_day {
            let start = window_start(day, now);
            count(plan, Guard::RecipientRate, &keys::recipient_rate(&self.recipient, start), most, start + 2 * day.num_seconds())?;
        }
        Ok(())
    }

    fn audited(&self, now: DateTime<Utc>) -> Changed {
        self.change.audited(now)
    }
}
