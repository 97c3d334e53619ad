//! Removes what is left of organizations that were deleted more than 30 days ago, each on the
//! condition that nobody restored it.
//!
//! The organizations share the time of a run, so that neither a large one nor one that cannot be
//! removed keeps the others waiting. A run can be stopped at any point: the next one goes on.

use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, RetryableError, action};
use std::collections::VecDeque;
use std::time::Duration;

use chrono::TimeDelta;
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

/// The time of a run: Lambda stops a scheduled function after a minute.
const RUN_SECONDS: Duration = Duration::from_secs(40);
/// The least time that an organization gets in a turn.
const TURN_SECONDS_MIN: Duration = Duration::from_secs(10);
/// The time after the last moment of restoring before a purge begins. Requests that were under way
/// are over by then.
const GRACE: TimeDelta = TimeDelta::minutes(1);

async fn purge_orgs(app: &AppState) -> Result<(), RetryableError> {
    let (until, now) = (Instant::now() + RUN_SECONDS, app.clock.now() - GRACE);
    let due = app.store.due_purges(now).await.map_err(|error| RetryableError(error.to_string()))?;
    let mut due: VecDeque<PendingPurge> = due.into();
    // Each run begins at a random organization. Otherwise the first ones could take the time of
    // every run.
    let id = app.ids.generate();
    let random = u16::from_be_bytes([id.as_bytes()[14], id.as_bytes()[15]]);
    due.rotate_left(usize::from(random) % due.len().max(1));
    let mut failed: usize = 0;
    while let Some(next) = due.pop_front() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let share = left / u32::try_from(due.len() + 1).unwrap_or(u32::MAX);
        let turn = (Instant::now() + share.max(TURN_SECONDS_MIN)).min(until);
        match app.store.purge(&next, now, || Instant::now() < turn).await {
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
