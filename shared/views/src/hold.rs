//! Holds, and the limits that they count against.

use chrono::{DateTime, Utc};
use orgs_domain::budget::{Budget, BudgetUse};
use orgs_domain::hold::{Hold, Status};
use orgs_domain::{CreditBalance, Credits, HoldId, Month, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// Credits of the monthly budget that are reserved for a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Hold)]
pub struct HoldView {
    /// The id, as the service client chose it.
    #[schema(value_type = String, example = "run-7f3a")]
    pub id: HoldId,
    /// The reserved credits, as a decimal string.
    #[schema(value_type = String, example = "5")]
    pub credits: Credits,
    /// The credits of all usage events that named the hold, as a decimal string. It can be more than
    /// `credits`: usage that happened is always recorded.
    #[schema(value_type = String, example = "1.25")]
    pub captured: Credits,
    /// The status.
    pub status: Status,
    /// The kind of the planned usage; null if the request named none.
    #[schema(example = "chat.completion")]
    pub kind: Option<String>,
    /// The id of the resource of the planned usage; null if the request named none.
    #[schema(example = "res_019ab3c0d5e07f10a2b3c4d5e6f70814")]
    pub resource_id: Option<String>,
    /// The user id of the person for whom the usage is planned; null if the request named none.
    #[schema(example = "auth0|65f0c1")]
    pub user_id: Option<String>,
    /// The id of the service client that created the hold.
    #[schema(value_type = String, example = "runner")]
    pub client_id: UserId,
    /// The time of creation, in UTC.
    pub created_at: DateTime<Utc>,
    /// The time from which the credits are no longer reserved, in UTC.
    pub expires_at: DateTime<Utc>,
    /// The limits of the organization. Empty if the organization has no budget.
    pub limits: Vec<LimitView>,
}

/// A limit, and its use. At every moment, `limit` is the sum of `spent`, `held` and `left`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Limit)]
pub struct LimitView {
    /// The subject of the limit.
    pub subject: LimitSubject,
    /// The time after which the limit starts over.
    pub window: LimitWindow,
    /// The credits of the limit, as a decimal string.
    #[schema(value_type = String, example = "1000")]
    pub limit: Credits,
    /// The spent credits, as a decimal string.
    #[schema(value_type = String, example = "812.5")]
    pub spent: Credits,
    /// The credits that open holds reserve, as a decimal string.
    #[schema(value_type = String, example = "10")]
    pub held: Credits,
    /// The credits that are left, as a decimal string. Negative if usage exceeded the limit.
    #[schema(value_type = String, example = "177.5")]
    pub left: CreditBalance,
    /// True if holds that exceed the limit are denied.
    pub enforce: bool,
    /// The time at which the limit starts over, in UTC.
    pub resets_at: DateTime<Utc>,
}

/// The subject of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct LimitSubject {
    /// The type: the whole organization.
    #[serde(rename = "type")]
    pub kind: LimitSubjectType,
}

/// The type of a limit's subject.
///
/// - `org`: the whole organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitSubjectType {
    /// The whole organization.
    Org,
}

/// The time after which a limit starts over.
///
/// - `month`: the calendar month in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitWindow {
    /// The calendar month in UTC.
    Month,
}

impl LimitView {
    /// Returns the limit of `budget` in a month, if there is one.
    #[must_use]
    pub fn of(budget: &Budget, used: &BudgetUse, month: Month) -> Option<Self> {
        let limit = budget.monthly_credits?;
        let balance = |credits: Credits| i128::try_from(credits.micro()).unwrap_or(i128::MAX);
        let left = balance(limit).saturating_sub(balance(used.taken()));
        Some(Self {
            subject: LimitSubject { kind: LimitSubjectType::Org },
            window: LimitWindow::Month,
            limit,
            spent: used.spent,
            held: used.held(),
            left: CreditBalance::from_micro(left),
            enforce: budget.enforce,
            resets_at: month.span().to,
        })
    }
}

impl HoldView {
    /// Returns the view of a hold at `now`, with the limit that it counts against.
    #[must_use]
    pub fn of(hold: &Hold, limit: Option<&LimitView>, now: DateTime<Utc>) -> Self {
        Self {
            id: hold.request.id.clone(),
            credits: hold.credits,
            captured: hold.captured,
            status: hold.status_at(now),
            kind: hold.request.kind.clone(),
            resource_id: hold.request.resource_id.clone(),
            user_id: hold.request.user_id.clone(),
            client_id: hold.client_id.clone(),
            created_at: hold.created_at,
            expires_at: hold.expires_at,
            limits: limit.into_iter().cloned().collect(),
        }
    }
}
