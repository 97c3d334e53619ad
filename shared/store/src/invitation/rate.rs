//! Limits mails: a blocked address gets none, and the transaction that causes a mail counts it for
//! its sender and its recipient.
//!
//! There is no counter per organization, because it would make inviters wait for each other.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::limits::Limits;
use orgs_domain::{EmailKey, OrgId, UserId};

use crate::error::StoreError;
use crate::item::n;
use crate::keys::{self, Key};
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

/// A change that sends a mail, with the limits of its sender and its recipient.
#[derive(Debug)]
pub struct RateLimited<'a, C> {
    /// The change to commit.
    pub change: &'a C,
    /// The user who causes the mail.
    pub sender: &'a UserId,
    /// The address that gets the mail.
    pub recipient: EmailKey,
    /// The limits per sender and hour, and per recipient and day.
    pub limits: &'a Limits,
}

/// Returns the seconds until the window of the limit behind `condition` ends. Returns `None` for
/// other conditions.
#[must_use]
pub fn retry_after(condition: Condition, now: DateTime<Utc>) -> Option<i64> {
    let window = match condition {
        Condition::SenderRate => Duration::hours(1),
        Condition::RecipientRate => Duration::days(1),
        _ => return None,
    };
    Some(window_start(window, now) + window.num_seconds() - now.timestamp())
}

/// Returns the start of the window that contains `now`, in seconds since 1970.
fn window_start(window: Duration, now: DateTime<Utc>) -> i64 {
    now.timestamp() - now.timestamp().rem_euclid(window.num_seconds())
}

/// Adds `mails` to a counter, on the condition that it stays within `limit`.
fn count(
    tx: &mut TransactionBuilder,
    condition: Condition,
    key: &Key,
    mails: u32,
    limit: u32,
    ttl: i64,
) -> Result<(), StoreError> {
    let counted = Expr::update("ADD #n :mails SET #ttl = :ttl")
        .and_when("attribute_not_exists(#n) OR #n <= :before")
        .bind(":mails", n(mails))
        .bind(":before", n(i64::from(limit) - i64::from(mails)))
        .bind(":ttl", n(ttl));
    tx.update(condition, key, counted)
}

/// Counts `mails` for the sender in the current hour.
pub(crate) fn sender(
    tx: &mut TransactionBuilder,
    sender: &UserId,
    mails: u32,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(limit) = limits.invitations_per_inviter_hour else { return Ok(()) };
    let hour = Duration::hours(1);
    let start = window_start(hour, now);
    count(
        tx,
        Condition::SenderRate,
        &keys::sender_rate(sender, start),
        mails,
        limit,
        start + 2 * hour.num_seconds(),
    )
}

/// Requires that the recipient is not blocked, and counts one mail for it on the current day.
pub(crate) fn recipient(
    tx: &mut TransactionBuilder,
    recipient: &EmailKey,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.check(
        Condition::AddressOpen,
        &keys::block(recipient),
        Expr::when("attribute_not_exists(#PK)"),
    )?;
    let Some(limit) = limits.invitations_per_recipient_day else { return Ok(()) };
    let day = Duration::days(1);
    let start = window_start(day, now);
    count(
        tx,
        Condition::RecipientRate,
        &keys::recipient_rate(recipient, start),
        1,
        limit,
        start + 2 * day.num_seconds(),
    )
}

impl<C: Transaction> Transaction for RateLimited<'_, C> {
    fn org(&self) -> OrgId {
        self.change.org()
    }

    fn writes_member(&self, user: &UserId) -> bool {
        self.change.writes_member(user)
    }

    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.change.build(tx, now)?;
        sender(tx, self.sender, 1, self.limits, now)?;
        recipient(tx, &self.recipient, self.limits, now)
    }

    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff {
        self.change.audit_entry(now)
    }
}
