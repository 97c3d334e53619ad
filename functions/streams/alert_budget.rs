//! Mails the owners of an organization when its usage of a month reaches a threshold of its budget,
//! once a month for each threshold. A budget with other credits has thresholds of its own, so that
//! owners who raise the budget are mailed again.
//!
//! If several thresholds are reached at the same time, one mail names the highest. Each owner gets
//! at most [`MAILS_PER_MONTH_MAX`] such mails a month, so that an owner who changes the budget
//! again and again cannot flood the others.
//!
//! The stream of the table `usage` delivers every monthly counter that changed. For an organization
//! without a budget, which is the usual case, the handler makes one read. If several processes see
//! the same threshold, one of them mails; if it stops halfway, another continues.

use orgs_domain::window::Window;
use orgs_runtime::action::{Action, Grant, Records, Trigger};
use orgs_runtime::{AppState, RetryableError, UsageMonth, action};
use orgs_store::Notice;

/// The declaration.
pub const ACTION: Action = action!(UsageMonth alert_budget)
    .summary("Mail owners when a budget threshold is reached")
    .trigger(Trigger::Stream(Records::UsageMonth))
    .grants(&[
        Grant::ReadCore,
        Grant::SearchCore,
        Grant::ListUsage,
        Grant::UpdateUsage,
        Grant::SendMail,
    ]);

/// The largest number of budget mails in a month. A budget has at most 10 thresholds.
const MAILS_PER_MONTH_MAX: usize = 20;

async fn alert_budget(
    app: &AppState,
    UsageMonth { org_id, month }: UsageMonth,
) -> Result<(), RetryableError> {
    // Owners cannot influence the usage of a past month, so late events for it send no mail.
    if month != Window::Month.floor(app.clock.now()) {
        return Ok(());
    }
    let retry = |error: orgs_store::StoreError| RetryableError(error.to_string());
    let found = app.org_with_budget(org_id).await.map_err(retry)?;
    let (Some(_), Some(budget)) = (found.org, found.budget) else { return Ok(()) };
    let Some(monthly_credits) = budget.monthly_credits else { return Ok(()) };
    let (spent, notified) = app.store.spending(&org_id, month).await.map_err(retry)?;
    let mut reached: Vec<u16> = budget
        .thresholds_reached(spent)
        .into_iter()
        .filter(|percent| !notified.thresholds.contains(&(monthly_credits, *percent)))
        .collect();
    let Some(highest) = reached.pop() else { return Ok(()) };
    // A mail that some owners have received still goes to the others.
    let is_begun = notified.mailed.contains(&(monthly_credits, highest));
    if notified.mailed.len() >= MAILS_PER_MONTH_MAX && !is_begun {
        tracing::warn!(%org_id, highest, "the limit of mails about the budget for this month is reached: the owners are not mailed");
        return Ok(());
    }
    let notice = |percent| Notice::Budget { month, monthly_credits, percent };
    let message = |org: &_, owner: &_| {
        orgs_mail::budget(org, owner, &budget, highest, spent, month, app.mailer.settings())
    };
    app.notify_owners(org_id, notice(highest), message).await?;
    // Completed after the mail, so that a lower threshold counts as notified only if the mail about
    // the highest threshold was sent.
    for lower in reached {
        app.store.complete_notice(&org_id, notice(lower), app.clock.now()).await.map_err(retry)?;
    }
    Ok(())
}
