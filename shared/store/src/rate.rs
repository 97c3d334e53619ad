//! Who gets mail, and how much: an address that wants none gets none, and one person's and one
//! address's share is counted in the transaction that causes the mail.
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

/// Counts `mails` more in a window, where that stays within `most`.
fn count(
    plan: &mut Plan,
    guard: Guard,
    key: &Key,
    mails: u32,
    most: u32,
    ttl: i64,
) -> Result<(), Unavailable> {
    let counted = Expr::update("ADD #n :mails SET #ttl = :ttl")
        .and_when("attribute_not_exists(#n) OR #n <= :before")
        .bind(":mails", n(mails))
        .bind(":before", n(i64::from(most) - i64::from(mails)))
        .bind(":ttl", n(ttl));
    plan.update(guard, key, counted)
}

/// The sender's share of `mails` mails.
pub(crate) fn sender(
    plan: &mut Plan,
    sender: &UserId,
    mails: u32,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<(), Unavailable> {
    let Some(most) = limits.invitations_per_inviter_hour else { return Ok(()) };
    let hour = Duration::hours(1);
    let start = window_start(hour, now);
    count(
        plan,
        Guard::SenderRate,
        &keys::sender_rate(sender, start),
        mails,
        most,
        start + 2 * hour.num_seconds(),
    )
}

/// The recipient's share of one mail, which it takes.
pub(crate) fn recipient(
    plan: &mut Plan,
    recipient: &EmailKey,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<(), Unavailable> {
    plan.check(
        Guard::AddressOpen,
        &keys::block(recipient),
        Expr::when("attribute_not_exists(#PK)"),
    )?;
    let Some(most) = limits.invitations_per_recipient_day else { return Ok(()) };
    let day = Duration::days(1);
    let start = window_start(day, now);
    count(
        plan,
        Guard::RecipientRate,
        &keys::recipient_rate(recipient, start),
        1,
        most,
        start + 2 * day.num_seconds(),
    )
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
        sender(plan, self.sender, 1, self.limits, now)?;
        recipient(plan, &self.recipient, self.limits, now)
    }

    fn audited(&self, now: DateTime<Utc>) -> Changed {
        self.change.audited(now)
    }
}
