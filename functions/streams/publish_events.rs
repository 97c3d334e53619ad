//! Publishes each committed change as an event, at least once and in no promised order.
//!
//! The transaction of a change writes its audit record, and the table's stream delivers the record
//! to this function. Lambda retries records that EventBridge did not take. This function is the
//! stream's only reader, so requests for mails go through it too: to the bus, and from there to the
//! mail queue.

use orgs_runtime::AppState;
use orgs_runtime::events::Change;

orgs_runtime::action!(publish_events, "Publishes each committed change as an event", events: handle);

async fn handle(app: &AppState, changes: &[Change]) -> Vec<usize> {
    app.events.publish(changes).await
}
