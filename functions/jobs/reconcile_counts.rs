//! Counts the members and owners of every organization once a day, and compares them with the
//! counts that its commits keep. A difference would be a bug of ours, or somebody's change by hand:
//! it is said in a metric and in an error log, and nothing is repaired in silence.
//!
//! It runs every hour, goes on where it ended, and does nothing once the day's pass is done.

use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, Metric, RetryableError, action};
use std::time::Duration;

use futures::future::try_join_all;
use orgs_domain::OrgId;
use orgs_store::{Recount, SEGMENTS, ScanCursor, StoreError};
use tokio::time::Instant;

/// The declaration.
pub const ACTION: Action = action!(Schedule reconcile_counts)
    .summary("Compare stored member counts with a fresh count")
    .trigger(Trigger::Hourly)
    .grants(&[Grant::ScanCore, Grant::ReadCore, Grant::ListCore]);

/// A whole pass begins no sooner than so many hours after the last one ended.
const EVERY_HOURS: i64 = 23;
/// The longest run. Lambda stops a scheduled function after 15 minutes.
const AT_MOST: Duration = Duration::from_mins(10);
/// The longest count of one organization. A million members take about ten seconds (an estimate).
const ORG_AT_MOST: Duration = Duration::from_mins(1);
/// A difference counts when it is there at so many looks: members are not read at one moment.
const LOOKS: usize = 3;

async fn reconcile_counts(app: &AppState) -> Result<(), RetryableError> {
    let until = Instant::now() + AT_MOST;
    let segments = try_join_all((0..SEGMENTS).map(|segment| pass(app, segment, until))).await;
    segments.map(drop).map_err(|error| RetryableError(error.to_string()))
}

async fn pass(app: &AppState, segment: u8, until: Instant) -> Result<(), StoreError> {
    let (store, now) = (&app.store, app.clock.now());
    let mut pass = store.scan_progress(segment).await?;
    let is_done = pass.finished_at.is_some_and(|at| (now - at).num_hours() < EVERY_HOURS);
    if pass.position.is_none() && is_done {
        return Ok(());
    }
    loop {
        let (orgs, next) = store.orgs_after(segment, pass.position.as_ref()).await?;
        for org in &orgs {
            if Instant::now() > until {
                return store.save_scan_progress(segment, &pass).await;
            }
            look_at(app, org).await?;
            pass.position = Some(ScanCursor::after(org));
        }
        pass.position = next;
        if pass.position.is_none() {
            pass.finished_at = Some(now);
        }
        // Kept at every part, so that a run that is stopped has not looked in vain.
        store.save_scan_progress(segment, &pass).await?;
        if pass.position.is_none() || Instant::now() > until {
            return Ok(());
        }
    }
}

async fn look_at(app: &AppState, org: &OrgId) -> Result<(), StoreError> {
    let mut difference = None;
    for _ in 0..LOOKS {
        match app.store.recount(org, Instant::now() + ORG_AT_MOST).await? {
            Recount::Done { said, counted } if said != counted => {
                difference = Some([said, counted])
            }
            Recount::TooMany => {
                tracing::warn!(org_id = %org, "the organization has too many members to count in a minute: skipped");
                return Ok(());
            }
            Recount::Done { .. } | Recount::Changed => return Ok(()),
        }
    }
    if let Some([said, counted]) = difference {
        app.metrics.record(Metric::CountDifferences, 1);
        tracing::error!(org_id = %org, ?said, ?counted, "a stored count of members or owners is wrong");
    }
    Ok(())
}
