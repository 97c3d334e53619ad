//! Who gets mail, and how much: an address that wants none gets none, and one person's and one
//! address's share is counted in the transaction that causes the mail.
//!
//! An organization-wide counter would make inviters wait for each other, so there is none.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::limits::Limits;
use orgs_domain::{EmailKey, OrgId, UserId};

use crate::error::StoreError;
use crate::item::n;
use crate::keys::{self, Key};
use crate::transaction::{AuditDiff, Transaction};
use crate::transaction_builder::{Condition, Expr, TransactionBuilder};

/// A change that sends a mail, within the limits of its sender and its recipient.
#[derive(Debug)]
pub struct RateLimited<'a, C> {
    /// The change.
    pub change: &'a C,
    /// Who has the mail sent.
    pub sender: &'a UserId,
    /// Who gets it.
    pub recipient: EmailKey,
    /// The limits.
    pub limits: &'a Limits,
}

/// Seconds until the limit that `condition` names has a new window; nothing for other guards.
#[must_use]
pub fn retry_after(condition: Condition, now: DateTime<Utc>) -> Option<i64> {
    let window = match condition {
        Condition::SenderRate => Duration::hours(1),
        Condition::RecipientRate => Duration::days(1),
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
    tx: &mut TransactionBuilder,
    condition: Condition,
    key: &Key,
    mails: u32,
    most: u32,
    ttl: i64,
) -> Result<(), StoreError> {
    let counted = Expr::update("ADD #n :mails SET #ttl = :ttl")
        .and_when("attribute_not_exists(#n) OR #n <= :before")
        .bind(":mails", n(mails))
        .bind(":before", n(i64::from(most) - i64::from(mails)))
        .bind(":ttl", n(ttl));
    tx.update(condition, key, counted)
}

/// The sender's share of `mails` mails.
pub(crate) fn sender(
    tx: &mut TransactionBuilder,
    sender: &UserId,
    mails: u32,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(most) = limits.invitations_per_inviter_hour else { return Ok(()) };
    let hour = Duration::hours(1);
    let start = window_start(hour, now);
    count(
        tx,
        Condition::SenderRate,
        &keys::sender_rate(sender, start),
        mails,
        most,
        start + 2 * hour.num_seconds(),
    )
}

/// The recipient's share of one mail, which it takes.
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
    let Some(most) = limits.invitations_per_recipient_day else { return Ok(()) };
    let day = Duration::days(1);
    let start = window_start(day, now);
    count(
        tx,
        Condition::RecipientRate,
        &keys::recipient_rate(recipient, start),
        1,
        most,
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
