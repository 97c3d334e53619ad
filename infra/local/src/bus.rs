//! EventBridge as far as it is used: `PutEvents`, kept where `/local/events` shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use serde_json::{Value, json};

use crate::gateway::json_response;
use crate::state::State;

/// What the endpoint needs.
#[derive(Debug, Clone)]
pub(crate) struct Bus {
    pub(crate) state: Arc<State>,
    /// How many events are still to be refused, for tests.
    pub(crate) refuses: Arc<AtomicU32>,
}

pub(crate) fn router(bus: Bus) -> Router {
    Router::new().route("/", post(put_events)).with_state(bus)
}

async fn put_events(Shared(bus): Shared<Bus>, headers: HeaderMap, body: Bytes) -> Response {
    let operation = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let entries = serde_json::from_slice::<Value>(&body).ok().and_then(|mut body| body["Entries"].take().as_array().cloned());
    let (Some("AWSEvents.PutEvents"), Some(entries)) = (operation, entries) else {
        return json_response(StatusCode::BAD_REQUEST, json!({"__type": "UnknownOperationException"}).to_string());
    };
    let outcomes: Vec<Value> = entries.iter().map(|entry| bus.put(entry)).collect();
    let failed = outcomes.iter().filter(|outcome| outcome["EventId"].is_null()).count();
    json_response(StatusCode::OK, json!({"FailedEntryCount": failed, "Entries": outcomes}).to_string())
}

impl Bus {
    fn put(&self, entry: &Value) -> Value {
        let refuse = |message: &str| json!({"ErrorCode": "InternalFailure", "ErrorMessage": message});
        if self.refuses.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return refuse("try again");
        }
        let Some(detail) = entry["Detail"].as_str().and_then(|detail| serde_json::from_str::<Value>(detail).ok()) else {
            return refuse("the detail is no JSON");
        };
        let event = json!({
            "source": entry["Source"], "detail-type": entry["DetailType"], "time": detail["at"], "resources": entry["Resources"], "detail": detail,
        });
        match self.state.add_event(&event.to_string()) {
            Ok(id) => json!({"EventId": format!("local-{id}")}),
            Err(error) => refuse(&error.to_string()),
        }
    }
}
