//! Compares the stored member and owner counts of every organization with a fresh count, once a
//! day. A difference is the result of a bug or of a manual change. The job reports it with a metric
//! and an error log, and does not repair it.
//!
//! The job runs every hour, continues where the last run stopped, and does nothing once the pass of
//! the day is complete.

use std::time::Duration;

use futures::future::try_join_all;
use orgs_domain::OrgId;
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, Metric, RetryableError, action};
use orgs_store::{Recount, SEGMENTS, ScanCursor, StoreError};
use tokio::time::Instant;

/// The declaration.
pub const ACTION: Action = action!(Schedule reconcile_counts)
    .summary("Compare stored member counts with a fresh count")
    .trigger(Trigger::Hourly)
    .grants(&[Grant::ScanCore, Grant::ReadCore, Grant::ListCore]);

/// The shortest time between the end of a pass and the start of the next, in hours.
const PASS_INTERVAL_HOURS_MIN: i64 = 23;
/// The longest run. Lambda stops a scheduled function after 15 minutes.
const RUN_TIME_MAX: Duration = Duration::from_mins(10);
/// The longest count of one organization. A million members take about ten seconds (an estimate).
const COUNT_TIME_MAX: Duration = Duration::from_mins(1);
/// The number of counts in a row that must differ before the job reports a difference. A count is
/// not a snapshot, because it reads the members page by page.
const DIFFERING_COUNTS_MIN: usize = 3;

async fn reconcile_counts(app: &AppState) -> Result<(), RetryableError> {
    let until = Instant::now() + RUN_TIME_MAX;
    let segments = try_join_all((0..SEGMENTS).map(|segment| pass(app, segment, until))).await;
    segments.map(drop).map_err(|error| RetryableError(error.to_string()))
}

async fn pass(app: &AppState, segment: u8, until: Instant) -> Result<(), StoreError> {
    let (store, now) = (&app.store, app.clock.now());
    let mut pass = store.scan_progress(segment).await?;
    let is_recent =
        pass.finished_at.is_some_and(|at| (now - at).num_hours() < PASS_INTERVAL_HOURS_MIN);
    if pass.position.is_none() && is_recent {
        return Ok(());
    }
    loop {
        let (orgs, next) = store.orgs_after(segment, pass.position.as_ref()).await?;
        for org in &orgs {
            if Instant::now() > until {
                return store.save_scan_progress(segment, &pass).await;
            }
            check_counts(app, org).await?;
            pass.position = Some(ScanCursor::after(org));
        }
        pass.position = next;
        if pass.position.is_none() {
            pass.finished_at = Some(now);
        }
        // Saved after every page, so that a run that is stopped loses little.
        store.save_scan_progress(segment, &pass).await?;
        if pass.position.is_none() || Instant::now() > until {
            return Ok(());
        }
    }
}

async fn check_counts(app: &AppState, org: &OrgId) -> Result<(), StoreError> {
    let mut difference = None;
    for _ in 0..DIFFERING_COUNTS_MIN {
        match app.store.recount(org, Instant::now() + COUNT_TIME_MAX).await? {
            Recount::Done { stored, counted } if stored != counted => {
                difference = Some([stored, counted]);
            }
            Recount::TooMany => {
                tracing::warn!(org_id = %org, "the organization has too many members to count in a minute: skipped");
                return Ok(());
            }
            Recount::Done { .. } | Recount::Changed => return Ok(()),
        }
    }
    if let Some([stored, counted]) = difference {
        app.metrics.record(Metric::CountDifferences, 1);
        tracing::error!(org_id = %org, ?stored, ?counted, "a stored count of members or owners is wrong");
    }
    Ok(())
}
