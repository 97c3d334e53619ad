//! Publishes each committed change as an event, at least once and in no promised order: the audit record is written with the change, the
//! table's stream brings it here, and what EventBridge does not take comes again.

use orgs_http::World;
use orgs_http::domain::audit::AuditRecord;

orgs_http::action!(publish_events, "Publishes each committed change as an event", events: handle);

async fn handle(world: &World, records: &[AuditRecord]) -> Vec<usize> {
    world.events.publish(records).await
}
