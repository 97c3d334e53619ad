//! The response for a hold, and the problem if a budget denies it.

use orgs_domain::Month;
use orgs_domain::budget::{Budget, BudgetUse};
use orgs_domain::hold::{Hold, HoldError};
use orgs_runtime::{Problem, ProblemCode, RequestContext};
use orgs_views::{HoldView, LimitView};

/// The seconds after which a hold is worth another try, while other holds reserve the credits.
const RETRY_AFTER_SECONDS: i64 = 5;

/// A month's budget, and its use.
#[derive(Debug, Clone, Copy)]
pub(super) struct BudgetLimit<'a> {
    pub(super) budget: &'a Budget,
    pub(super) used: &'a BudgetUse,
    pub(super) month: Month,
}

impl BudgetLimit<'_> {
    /// Returns the view of a hold of this month.
    pub(super) fn view(&self, hold: &Hold, ctx: &RequestContext<'_>) -> HoldView {
        let limit = LimitView::of(self.budget, self.used, self.month);
        HoldView::of(hold, limit.as_ref(), ctx.now)
    }

    /// Returns the problem of a denied hold. It names the limit, its use, and the time at which it
    /// starts over.
    pub(super) fn denied(&self, error: HoldError) -> Problem {
        let limit = self.budget.monthly_credits.unwrap_or_default();
        let (spent, held) = (self.used.spent, self.used.held());
        let resets_at = self.month.span().to.format("%Y-%m-%dT%H:%M:%SZ");
        let code = match error {
            HoldError::TooLarge => ProblemCode::HoldTooLarge,
            HoldError::BudgetExceeded => ProblemCode::BudgetExceeded,
            HoldError::BudgetHeld => ProblemCode::BudgetHeld,
        };
        Problem {
            retry_after: (error == HoldError::BudgetHeld).then_some(RETRY_AFTER_SECONDS),
            ..Problem::new(
                code,
                format!(
                    "{error}: of the organization's {limit} credits for {}, {spent} are spent and {held} are held; the budget starts over at {resets_at}",
                    self.month
                ),
            )
        }
    }
}
