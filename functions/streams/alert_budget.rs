//! Mails the owners of an organization when what it used in a month reaches a threshold of its
//! budget: each threshold once a month.
//!
//! Thresholds that are reached at the same time are one mail, about the highest. An organization
//! gets at most [`MAILS_PER_MONTH_MAX`] of them, so that an owner who changes the budget again and
//! again cannot flood the others.
//!
//! The stream of the table `usage` brings every month's counter that was raised. Most organizations
//! have no budget, and then this is one read. Of several processes that see the same threshold one
//! mails; where it ends in between, another goes on.

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

/// The most thresholds in a month that are mailed. A budget has at most 10.
const MAILS_PER_MONTH_MAX: usize = 20;

async fn alert_budget(
    app: &AppState,
    UsageMonth { org_id, month }: UsageMonth,
) -> Result<(), RetryableError> {
    // What comes late for a month that is over changes nothing that an owner could still do.
    if month != Window::Month.floor(app.clock.now()) {
        return Ok(());
    }
    let retry = |error: orgs_store::StoreError| RetryableError(error.to_string());
    let found = app.org_with_budget(org_id).await.map_err(retry)?;
    let (Some(_), Some(budget)) = (found.org, found.budget) else { return Ok(()) };
    if budget.monthly_credits.is_none() {
        return Ok(());
    }
    let (spent, told) = app.store.spending(&org_id, month).await.map_err(retry)?;
    let mut reached: Vec<u16> = budget
        .thresholds_reached(spent)
        .into_iter()
        .filter(|percent| !told.percents.contains(percent))
        .collect();
    let Some(highest) = reached.pop() else { return Ok(()) };
    if told.mailed >= MAILS_PER_MONTH_MAX {
        tracing::warn!(%org_id, highest, "the limit of mails about the budget for this month is reached: the owners are not mailed");
        return Ok(());
    }
    let name = month.format("%B %Y").to_string();
    let message = |org: &_, owner: &_| {
        orgs_mail::budget(org, owner, &budget, highest, spent, &name, app.mailer.settings())
    };
    app.notify_owners(org_id, Notice::Budget(month, highest), message).await?;
    // After the mail: a threshold counts as told only if its mail, or one about a higher threshold,
    // was sent.
    for lower in reached {
        app.store
            .complete_notice(&org_id, Notice::Budget(month, lower), app.clock.now())
            .await
            .map_err(retry)?;
    }
    Ok(())
}
