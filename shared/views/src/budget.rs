//! Budgets.

use chrono::{DateTime, Utc};
use orgs_domain::Credits;
use orgs_domain::budget::{Budget, BudgetUse, State, Thresholds, month_of};
use orgs_domain::forecast::Forecast;
use orgs_domain::window::Span;
use serde::Serialize;
use utoipa::ToSchema;

/// The budget of an organization, and the usage of the current month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Budget)]
pub struct BudgetView {
    /// The credits for a calendar month in UTC, as a decimal string with at most 6 decimals; null
    /// means no budget.
    #[schema(value_type = Option<String>, example = "1000")]
    pub monthly_credits: Option<Credits>,
    /// The percentages of the budget at which the owners are mailed, each at most once a month: at
    /// most 10, each from 1 to 1000. The default is 50, 80 and 100.
    pub thresholds: Thresholds,
    /// True if using a resource is denied when the budget is spent or would be exceeded. The default
    /// is false.
    pub enforce: bool,
    /// The current calendar month, in UTC.
    pub period: Period,
    /// The credits that were used in the month so far, as a decimal string with at most 6 decimals.
    #[schema(value_type = String, example = "12.5")]
    pub spent: Credits,
    /// The credits that open holds reserve, as a decimal string. A hold counts until it is ended,
    /// which can be a while after its expiry.
    #[schema(value_type = String, example = "2")]
    pub held: Credits,
    /// The credits of the budget that are not spent, as a decimal string; 0 if the budget is
    /// exceeded, null if there is no budget. Open holds reserve a part of them.
    #[schema(value_type = Option<String>, example = "987.5")]
    pub remaining: Option<Credits>,
    /// The state of the month's usage in relation to the budget.
    pub state: State,
    /// The expected usage of the whole month.
    pub forecast: Forecast,
    /// The version: 0 until a budget is set for the first time, increased by 1 with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// The calendar month of a budget, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BudgetPeriod)]
pub struct Period {
    /// The start of the month.
    pub start: DateTime<Utc>,
    /// The end of the month, exclusive: the start of the next month.
    pub end: DateTime<Utc>,
}

/// The settings of a budget, without the usage of a month, as audit records and events have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BudgetTerms)]
pub struct BudgetSettings {
    /// The credits for a calendar month in UTC, as a decimal string with at most 6 decimals; null
    /// means no budget.
    #[schema(value_type = Option<String>, example = "1000")]
    pub monthly_credits: Option<Credits>,
    /// The percentages of the budget at which the owners are mailed: at most 10, each from 1 to
    /// 1000. The default is 50, 80 and 100.
    pub thresholds: Thresholds,
    /// True if using a resource is denied when the budget is spent or would be exceeded. The default
    /// is false.
    pub enforce: bool,
    /// The version: increased by 1 with each change.
    #[schema(example = 1)]
    pub version: u32,
}

impl BudgetView {
    /// Returns the view of `budget` and of its use in the month of `now`.
    #[must_use]
    pub fn of(budget: &Budget, used: &BudgetUse, now: DateTime<Utc>) -> Self {
        let spent = used.spent;
        let Span { from: start, to: end } = month_of(now);
        Self {
            monthly_credits: budget.monthly_credits,
            thresholds: budget.thresholds.clone(),
            enforce: budget.enforce,
            period: Period { start, end },
            spent,
            held: used.held(),
            remaining: budget.remaining(spent),
            state: budget.state(spent),
            forecast: Forecast::of(spent, now),
            version: budget.version,
        }
    }
}

impl BudgetSettings {
    /// Returns the settings of `budget`.
    #[must_use]
    pub fn of(budget: &Budget) -> Self {
        Self {
            monthly_credits: budget.monthly_credits,
            thresholds: budget.thresholds.clone(),
            enforce: budget.enforce,
            version: budget.version,
        }
    }
}
