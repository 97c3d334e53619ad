//! Publishes each committed change as an event, at least once and in no promised order: the audit record is written with the change, the
//! table's stream brings it here, and what EventBridge does not take comes again.

use orgs_http::domain::audit::AuditRecord;
use orgs_http::{Retry, World};

orgs_http::action!(publish_events, "Publishes each committed change as an event", events: handle);

async fn handle(world: &World, records: &[AuditRecord]) -> Result<Vec<usize>, Retry> {
    world.events.publish(records).await.map_err(|error| Retry(error.to_string()))
}
