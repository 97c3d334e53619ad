//! Publishes each committed change as an event, at least once and without a guaranteed order.
//!
//! The transaction of a change writes its audit record, and the table's stream delivers the record
//! to this function. Lambda retries records that EventBridge did not accept. This function is the
//! only reader of the stream, so it also forwards requests for mails: to the bus, which routes them
//! to the mail queue.

use orgs_events::Change;
use orgs_runtime::action::{Action, Grant, Records, Trigger};
use orgs_runtime::{AppState, action};

/// The declaration.
pub const ACTION: Action = action!(Changes publish_events)
    .summary("Publish each committed change as an event")
    .trigger(Trigger::Stream(Records::All))
    .grants(&[Grant::PublishEvents]);

async fn publish_events(app: &AppState, changes: &[Change]) -> Vec<usize> {
    app.events.publish(changes).await
}
