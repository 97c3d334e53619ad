//! Stores the statement of each account with usage in a month, once the usage of the month is final.
//! A stored statement never changes.
//!
//! The job runs every hour and looks at the last months. A run can stop at any point: an account
//! counts as closed with the transaction that stores its statement, and the next run continues with
//! the accounts that are open.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt};
use orgs_domain::{AccountId, Month};
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, RetryableError, action};
use orgs_store::StoreError;
use orgs_store::keys::ACCOUNT_DIGITS;
use tokio::time::Instant;

/// The declaration.
pub const ACTION: Action = action!(Schedule close_months)
    .summary("Store the final statements of the accounts with usage")
    .trigger(Trigger::Hourly)
    .grants(&[Grant::ListUsage, Grant::CommitUsage]);

/// The time after which a month with open accounts is an error. Before that, the next run continues.
const LATE_AFTER: chrono::Duration = chrono::Duration::days(1);
/// The longest run. Lambda stops a scheduled function after 15 minutes.
const RUN_TIME_MAX: Duration = Duration::from_mins(10);
/// The number of months that a run looks at. A run closes what earlier runs left open, also after
/// the job has not run for a while.
const MONTHS: usize = 3;
/// The number of accounts that one query reads.
const ACCOUNTS_PER_QUERY: u16 = 500;
/// The number of accounts that are closed at the same time.
const PARALLEL_ACCOUNTS: usize = 8;

async fn close_months(app: &AppState) -> Result<(), RetryableError> {
    let (until, now) = (Instant::now() + RUN_TIME_MAX, app.clock.now());
    let mut month = Month::of(now);
    let mut errors = Vec::new();
    for _ in 0..MONTHS {
        month = month.previous();
        if now < month.final_at() {
            continue;
        }
        match close(app, month, until).await {
            Err(error) => errors.push(format!("{month}: {error}")),
            Ok(Run { failed, .. }) if failed > 0 => {
                errors.push(format!("{month}: {failed} statements could not be stored"));
            }
            Ok(Run { is_complete: false, .. }) if now >= month.final_at() + LATE_AFTER => {
                errors.push(format!("{month}: there was no time to close all accounts"));
            }
            Ok(_) => {}
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(RetryableError(errors.join("; "))) }
}

/// The result of a run for one month.
struct Run {
    /// The number of statements that could not be stored. One account does not stop the others.
    failed: usize,
    /// True if the run looked at every account.
    is_complete: bool,
}

/// Stores the statements of a month.
async fn close(app: &AppState, month: Month, until: Instant) -> Result<Run, StoreError> {
    let (mut failed, mut stored) = (0, 0);
    let mut digits = ACCOUNT_DIGITS.chars();
    let mut next = digits.next().map(|digit| (digit, None::<String>));
    while let Some((digit, after)) = next.take_if(|_| Instant::now() <= until) {
        let (accounts, last) = app
            .store
            .billed_accounts_after(month, digit, after.as_deref(), ACCOUNTS_PER_QUERY)
            .await?;
        let open = accounts.into_iter().filter(|account| account.hash.is_none());
        let mut closing = stream::iter(open)
            .map(|account| close_account(app, account.account_id, month, app.clock.now()))
            .buffer_unordered(PARALLEL_ACCOUNTS);
        while let Some(is_stored) = closing.next().await {
            match is_stored {
                Some(is_new) => stored += usize::from(is_new),
                None => failed += 1,
            }
        }
        next = match last {
            Some(last) => Some((digit, Some(last))),
            None => digits.next().map(|digit| (digit, None)),
        };
    }
    if stored > 0 {
        tracing::info!(%month, stored, "stored final statements");
    }
    Ok(Run { failed, is_complete: next.is_none() })
}

/// Stores the statement of one account. Returns `None` if that failed.
async fn close_account(
    app: &AppState,
    account: AccountId,
    month: Month,
    now: DateTime<Utc>,
) -> Option<bool> {
    let closed = async {
        let statement = app.store.add_up_statement(&account, month).await?;
        app.store.close_statement(&statement, now).await
    };
    closed
        .await
        .inspect_err(|error| {
            tracing::error!(account_id = %account, %month, %error, "a statement could not be stored");
        })
        .ok()
}
