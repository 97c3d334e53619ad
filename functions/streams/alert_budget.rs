//! Raises alerts about the budget of an organization: its usage of a month reached a threshold, the
//! current hour would exceed the budget, or the current hour is unusual. Each alert is an audit
//! record, from which the event and the mail to the owners follow. It also ends expired holds, so
//! that their credits do not stay reserved until somebody needs them.
//!
//! The stream of the table `usage` delivers every monthly counter that changed. For an organization
//! without a budget, which is the usual case, the handler makes one read.

use orgs_domain::budget_alert::{Facts, evaluate};
use orgs_domain::{AuditId, Credits, Month};
use orgs_runtime::action::{Action, Grant, Records, Shape, Trigger};
use orgs_runtime::{AppState, RetryableError, UsageMonth, action};
use orgs_store::AlertRecord;

/// The declaration.
pub const ACTION: Action = action!(UsageMonth alert_budget)
    .summary("Raise alerts about budgets")
    .trigger(Trigger::Stream(Records::UsageMonth))
    .grants(&[
        Grant::ReadCore,
        Grant::ListUsage,
        Grant::ReadUsage,
        Grant::CommitCore,
        Grant::CommitUsage,
        Grant::EndHolds,
    ])
    .event("Budget alert", Shape::Nothing, Shape::Object("BudgetAlert"));

async fn alert_budget(
    app: &AppState,
    UsageMonth { org_id, month }: UsageMonth,
) -> Result<(), RetryableError> {
    let retry = |error: orgs_store::StoreError| RetryableError(error.to_string());
    let found = app.org_with_budget(org_id).await.map_err(retry)?;
    let (Some(org), Some(budget)) = (found.org, found.budget) else { return Ok(()) };
    if budget.monthly_credits.is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    let is_current = month == Month::of(now);
    let hour = async {
        let read = app.store.hour_usage(&org_id, org.created_at, now);
        if is_current { read.await.map(Some) } else { Ok(None) }
    };
    let ((used, history), hour) =
        futures::try_join!(app.store.spending(&org_id, month), hour).map_err(retry)?;
    if used.held() > Credits::default() {
        app.store.end_expired_holds(&org_id, now).await.map_err(retry)?;
    }
    let facts = Facts { budget: &budget, month, spent: used.spent, now, hour, is_denied: false };
    let Some(new) = evaluate(&facts, &history) else { return Ok(()) };
    let request_id = app.ids.generate().to_string();
    let record = AlertRecord { id: AuditId::new(app.ids.generate()), request_id: &request_id, now };
    if app.store.raise_alert(&org_id, &new, record).await.map_err(retry)? {
        return Ok(());
    }
    Err(RetryableError("another process raised an alert at the same time".to_owned()))
}
