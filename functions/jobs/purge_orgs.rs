//! Removes what is left of organizations that were deleted more than 30 days ago, each on the condition that nobody restored it.
//! It can be stopped at any point: the next run goes on.

use std::time::Duration;

use chrono::TimeDelta;
use orgs_http::store::Purged;
use orgs_http::{Retry, World};
use tokio::time::Instant;

orgs_http::action!(purge_orgs, "Removes what is left of organizations that were deleted more than 30 days ago", schedule: handle);

/// For how long it works: a Lambda that nobody waits for is stopped after a minute.
const AT_MOST: Duration = Duration::from_secs(40);
/// So much later than nobody can restore it: what was still under way by then is over.
const GRACE: TimeDelta = TimeDelta::minutes(1);

async fn handle(world: &World) -> Result<(), Retry> {
    let (until, now) = (Instant::now() + AT_MOST, world.clock.now() - GRACE);
    let failed = |error: orgs_http::store::Unavailable| Retry(error.to_string());
    for due in world.store.due_purges(now).await.map_err(failed)? {
        let purged = world.store.purge(&due, now, || Instant::now() < until).await.map_err(failed)?;
        tracing::info!(org_id = %due.org, ?purged, "an organization was due to be removed");
        if purged == Purged::Unfinished {
            break;
        }
    }
    Ok(())
}
