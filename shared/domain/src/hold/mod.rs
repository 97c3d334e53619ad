//! Holds: credits of the monthly budget that a service client reserves before a run, so that
//! concurrent runs cannot spend the same credits.
//!
//! A usage event that names a hold captures it: the transaction that counts the event turns reserved
//! credits into spent ones. For each month, `limit = left + held + spent` at every moment. Usage that
//! names no hold, or costs more than its hold, lowers `left`, below zero if it must, because usage
//! that happened is always recorded.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::booking::BookedEvent;
use crate::budget::{Budget, BudgetUse};
use crate::credits::Credits;
use crate::id::{HoldId, UserId};
use crate::month::Month;

/// The longest time for which a hold reserves credits, in seconds: a day.
pub const EXPIRES_IN_SECONDS_MAX: i64 = 86_400;

/// The status of a hold.
///
/// - `open`: the credits are reserved.
/// - `captured`: a usage event with `"final": true` settled the hold.
/// - `released`: the hold was released before it was settled.
/// - `expired`: the hold was neither settled nor released in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HoldStatus)]
pub enum Status {
    /// The credits are reserved.
    Open,
    /// A usage event with `"final": true` settled the hold.
    Captured,
    /// The hold was released before it was settled.
    Released,
    /// The hold was neither settled nor released in time.
    Expired,
}

/// A request for a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRequest {
    /// The id.
    pub id: HoldId,
    /// The credits to reserve.
    pub credits: Credits,
    /// The number of seconds for which to reserve them.
    pub expires_in: i64,
    /// The kind of the planned usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The resource of the planned usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The person for whom the usage is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// A hold as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The request that created the hold.
    pub request: HoldRequest,
    /// The reserved credits, as the last change set them.
    pub credits: Credits,
    /// The credits of all usage events that named the hold.
    pub captured: Credits,
    /// The part of `captured` that was taken from the reserved credits.
    pub covered: Credits,
    /// The status. A hold whose time is over can still be stored as open.
    pub status: Status,
    /// The month whose budget the credits are reserved from.
    pub month: Month,
    /// The service client that created the hold.
    pub client_id: UserId,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time from which the credits are no longer reserved.
    pub expires_at: DateTime<Utc>,
    /// The version, increased by 1 with each change.
    pub version: u32,
}

impl Hold {
    /// Returns the status at `now`.
    #[must_use]
    pub fn status_at(&self, now: DateTime<Utc>) -> Status {
        if self.status == Status::Open && self.expires_at <= now {
            Status::Expired
        } else {
            self.status
        }
    }

    /// Returns the credits that are still reserved.
    #[must_use]
    pub fn rest(&self) -> Credits {
        if self.status == Status::Open {
            Credits::from_micro(self.credits.micro().saturating_sub(self.covered.micro()))
        } else {
            Credits::default()
        }
    }

    /// Captures an event that names the hold, and returns the credits that are taken from the
    /// reserved ones. An event of another month, an adjustment of a closed month, or an event of a
    /// hold that has ended takes none.
    fn capture(&mut self, BookedEvent { event, adjusted_in, .. }: &BookedEvent) -> Credits {
        let counts_here = Month::of(event.timestamp) == self.month && adjusted_in.is_none();
        let covered = if counts_here { self.rest().min(event.credits) } else { Credits::default() };
        self.captured += event.credits;
        self.covered += covered;
        covered
    }
}

/// The reason why a hold is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldError {
    /// The hold is larger than the whole budget.
    #[error("the hold is larger than the budget")]
    TooLarge,
    /// The budget is spent, or what is left of it is too little, even without other holds.
    #[error("the budget is spent, or too little of it is left")]
    BudgetExceeded,
    /// Other holds reserve the credits.
    #[error("other holds reserve the credits")]
    BudgetHeld,
}

/// Returns the most credits that may be reserved in the month before `more` are added to them, so
/// that the budget suffices. Returns `None` if the budget is not enforced.
fn reserved_max(
    budget: &Budget,
    used: &BudgetUse,
    more: Credits,
) -> Result<Option<Credits>, HoldError> {
    let Some(limit) = budget.monthly_credits.filter(|_| budget.enforce) else { return Ok(None) };
    let over = |taken: Credits| {
        taken >= limit || taken.micro().saturating_add(more.micro()) > limit.micro()
    };
    if more > limit {
        return Err(HoldError::TooLarge);
    }
    if over(used.spent) {
        return Err(HoldError::BudgetExceeded);
    }
    if over(used.taken()) {
        return Err(HoldError::BudgetHeld);
    }
    let room = limit.micro() - more.micro();
    // Usage that no hold covers lowers the room. More voided than uncovered usage raises it.
    let max = if used.covered > used.spent {
        room.saturating_add(used.covered.micro() - used.spent.micro())
    } else {
        room.saturating_sub(used.spent.micro() - used.covered.micro())
    };
    Ok(Some(Credits::from_micro(max)))
}

/// The decision to create a hold.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct NewHold {
    hold: Hold,
    reserved_max: Option<Credits>,
}

impl NewHold {
    /// Returns the hold.
    #[must_use]
    pub fn hold(&self) -> &Hold {
        &self.hold
    }

    /// Returns the most credits that may be reserved before. `None` means any.
    #[must_use]
    pub fn reserved_max(&self) -> Option<Credits> {
        self.reserved_max
    }
}

/// Creates a hold for the month of `now`, whose budget is used as `used` says.
///
/// # Errors
/// [`HoldError`] if the budget is enforced and does not suffice.
pub fn create(
    request: HoldRequest,
    client_id: UserId,
    budget: &Budget,
    used: &BudgetUse,
    now: DateTime<Utc>,
) -> Result<NewHold, HoldError> {
    let reserved_max = reserved_max(budget, used, request.credits)?;
    let hold = Hold {
        credits: request.credits,
        captured: Credits::default(),
        covered: Credits::default(),
        status: Status::Open,
        month: Month::of(now),
        client_id,
        created_at: now,
        expires_at: now + Duration::seconds(request.expires_in),
        version: 1,
        request,
    };
    Ok(NewHold { hold, reserved_max })
}

/// The decision to change or settle a hold.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldChange {
    before: Hold,
    after: Hold,
    reserved_max: Option<Credits>,
}

impl HoldChange {
    /// Returns the hold as it was read.
    #[must_use]
    pub fn before(&self) -> &Hold {
        &self.before
    }

    /// Returns the hold after the change.
    #[must_use]
    pub fn after(&self) -> &Hold {
        &self.after
    }

    /// Returns the most credits that may be reserved before. `None` means any.
    #[must_use]
    pub fn reserved_max(&self) -> Option<Credits> {
        self.reserved_max
    }
}

/// Changes the credits and the expiry of an open hold. `used` is the use of the budget in the hold's
/// month. Returns `None` if the hold is not open at `now`.
///
/// # Errors
/// [`HoldError`] if more credits are reserved than before, and the budget is enforced and does not
/// suffice.
pub fn update(
    hold: &Hold,
    credits: Option<Credits>,
    expires_in: Option<i64>,
    budget: &Budget,
    used: &BudgetUse,
    now: DateTime<Utc>,
) -> Result<Option<HoldChange>, HoldError> {
    if hold.status_at(now) != Status::Open {
        return Ok(None);
    }
    let after = Hold {
        credits: credits.unwrap_or(hold.credits),
        expires_at: expires_in.map_or(hold.expires_at, |s| now + Duration::seconds(s)),
        version: hold.version + 1,
        ..hold.clone()
    };
    let more = after.rest().micro().saturating_sub(hold.rest().micro());
    let reserved_max =
        if more == 0 { None } else { reserved_max(budget, used, Credits::from_micro(more))? };
    Ok(Some(HoldChange { before: hold.clone(), after, reserved_max }))
}

/// Ends a hold before a usage event settles it: it is `expired` if its time is over at `now`, and
/// otherwise `released`. Returns `None` if the hold has ended already.
#[must_use]
pub fn end(hold: &Hold, now: DateTime<Utc>) -> Option<HoldChange> {
    let status = match hold.status_at(now) {
        Status::Open => Status::Released,
        status => status,
    };
    (hold.status == Status::Open).then(|| HoldChange {
        before: hold.clone(),
        after: Hold { status, version: hold.version + 1, ..hold.clone() },
        reserved_max: None,
    })
}

/// Captures the events that name a hold, in order. Returns the change, and for each event the
/// credits that are taken from the reserved ones. A final event settles the hold.
pub fn capture<'e>(
    hold: &Hold,
    events: impl IntoIterator<Item = &'e BookedEvent>,
) -> (HoldChange, Vec<Credits>) {
    let mut after = Hold { version: hold.version + 1, ..hold.clone() };
    let mut is_final = false;
    let covered = events
        .into_iter()
        .map(|booked| {
            is_final |= booked.event.is_final;
            after.capture(booked)
        })
        .collect();
    if is_final && after.status == Status::Open {
        after.status = Status::Captured;
    }
    (HoldChange { before: hold.clone(), after, reserved_max: None }, covered)
}

#[cfg(test)]
mod tests;
