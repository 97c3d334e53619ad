//! Stands in for EventBridge: accepts `PutEvents`. Mail requests go to the mail queue; other events
//! are stored for `/local/events`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::queue::Queue;
use crate::service::{Answer, Service};
use crate::state::State;
use orgs_runtime::action::MAIL_QUEUE;

/// The largest number of entries in a call: EventBridge's quota.
const CALL_ENTRIES_MAX: usize = 10;
/// The largest total size of the entries in a call: EventBridge's quota.
const CALL_BYTES_MAX: usize = 256 * 1024;

/// The event bus.
#[derive(Debug)]
pub(crate) struct Bus {
    pub(crate) state: Arc<State>,
    /// The target of the rule for mail requests.
    pub(crate) queue: Arc<Queue>,
    /// The number of entries that are still to be refused, for tests.
    pub(crate) refuses: AtomicU32,
}

impl Service for Bus {
    fn answer(&self, target: &str, body: &[u8]) -> Answer {
        let entries = serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|mut body| body["Entries"].take().as_array().cloned());
        let ("AWSEvents.PutEvents", Some(entries)) = (target, entries) else {
            return Answer::json(400, json!({"__type": "UnknownOperationException"}).to_string());
        };
        if entries.len() > CALL_ENTRIES_MAX
            || entries.iter().map(bytes).sum::<usize>() > CALL_BYTES_MAX
        {
            let message = "Total size of the entries in the request is over the limit.";
            return Answer::json(
                400,
                json!({"__type": "ValidationException", "message": message}).to_string(),
            );
        }
        let outcomes: Vec<Value> = entries.iter().map(|entry| self.put(entry)).collect();
        let failed = outcomes.iter().filter(|outcome| outcome["EventId"].is_null()).count();
        Answer::json(200, json!({"FailedEntryCount": failed, "Entries": outcomes}).to_string())
    }
}

/// Returns the size of an entry in bytes, as EventBridge counts it: 14 bytes for the time, and the
/// texts in UTF-8.
fn bytes(entry: &Value) -> usize {
    let texts = ["Source", "DetailType", "Detail"].into_iter().map(|name| &entry[name]);
    let texts =
        texts.chain(entry["Resources"].as_array().into_iter().flatten()).filter_map(Value::as_str);
    texts.map(str::len).sum::<usize>() + if entry["Time"].is_null() { 0 } else { 14 }
}

impl Bus {
    /// Stores one entry and returns its result, in EventBridge's format.
    fn put(&self, entry: &Value) -> Value {
        let refuse =
            |message: &str| json!({"ErrorCode": "InternalFailure", "ErrorMessage": message});
        if self
            .refuses
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok()
        {
            return refuse("try again");
        }
        let Some(detail) =
            entry["Detail"].as_str().and_then(|detail| serde_json::from_str::<Value>(detail).ok())
        else {
            return refuse("the detail is not valid JSON");
        };
        if entry["Source"] == MAIL_QUEUE.source {
            return match self.queue.send(&detail.to_string()) {
                Ok(id) => json!({"EventId": format!("local-mail-{id}")}),
                Err(error) => refuse(&error.to_string()),
            };
        }
        let event = json!({
            "source": entry["Source"], "detail-type": entry["DetailType"], "time": detail["at"], "resources": entry["Resources"], "detail": detail,
        });
        match self.state.add_event(&event.to_string()) {
            Ok(id) => json!({"EventId": format!("local-{id}")}),
            Err(error) => refuse(&error.to_string()),
        }
    }
}
