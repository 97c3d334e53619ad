//! Publishes each committed change as an event, at least once and in no promised order: the audit record is written with the change, the
//! table's stream brings it here, and what EventBridge does not take comes again. It is the only reader of that stream: a mail that a change
//! asks for goes the same way, to the mail queue.

use orgs_http::World;
use orgs_http::events::Change;

orgs_http::action!(publish_events, "Publishes each committed change as an event", events: handle);

async fn handle(world: &World, changes: &[Change]) -> Vec<usize> {
    world.events.publish(changes).await
}
