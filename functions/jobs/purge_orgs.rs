//! Purges organizations that were deleted more than 30 days ago. Each purge has the condition that
//! nobody restored the organization.
//!
//! The organizations share the time of a run, so that a large organization, or one that cannot be
//! removed, does not delay the others. A run can stop at any point, and the next run continues.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::TimeDelta;
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, RetryableError, action};
use orgs_store::{PendingPurge, Purged};
use tokio::time::Instant;

/// The declaration.
pub const ACTION: Action = action!(Schedule purge_orgs)
    .summary("Remove organizations that were deleted more than 30 days ago")
    .trigger(Trigger::Hourly)
    .grants(&[
        Grant::ListCore,
        Grant::ReadCore,
        Grant::CommitCore,
        Grant::PurgeCore,
        Grant::ListUsage,
        Grant::PurgeUsage,
    ]);

/// The longest run. Lambda stops a scheduled function after 15 minutes.
const RUN_TIME_MAX: Duration = Duration::from_secs(40);
/// The shortest turn of an organization.
const TURN_TIME_MIN: Duration = Duration::from_secs(10);
/// The time between the end of the 30 days and a purge. Requests that started within the 30 days
/// have ended by then.
const GRACE_PERIOD: TimeDelta = TimeDelta::minutes(1);

async fn purge_orgs(app: &AppState) -> Result<(), RetryableError> {
    let (until, now) = (Instant::now() + RUN_TIME_MAX, app.clock.now() - GRACE_PERIOD);
    let due = app.store.due_purges(now).await.map_err(|error| RetryableError(error.to_string()))?;
    let mut due: VecDeque<PendingPurge> = due.into();
    // Each run starts at a random organization. Otherwise the first organizations could use up the
    // time of every run.
    let id = app.ids.generate();
    let random = u16::from_be_bytes([id.as_bytes()[14], id.as_bytes()[15]]);
    due.rotate_left(usize::from(random) % due.len().max(1));
    let mut failed: usize = 0;
    while let Some(next) = due.pop_front() {
        let remaining = until.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            break;
        }
        let share = remaining / u32::try_from(due.len() + 1).unwrap_or(u32::MAX);
        let turn_end = (Instant::now() + share.max(TURN_TIME_MIN)).min(until);
        match app.store.purge(&next, now, || Instant::now() < turn_end).await {
            Ok(purged) => {
                tracing::info!(org_id = %next.org, ?purged, "an organization was due to be removed");
                if purged == Purged::Unfinished {
                    due.push_back(next);
                }
            }
            Err(error) => {
                tracing::error!(org_id = %next.org, %error, "an organization could not be removed");
                failed += 1;
            }
        }
    }
    if failed > 0 {
        return Err(RetryableError(format!("{failed} organizations could not be removed")));
    }
    Ok(())
}
