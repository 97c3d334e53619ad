//! `/v1/orgs/{org_id}/budget`, and the budget alerts.

mod alert_budget;
mod alert_reasons;
mod get_budget;
mod set_budget;

use serde_json::Value;

use crate::world::{Answer, Caller};

pub(crate) async fn set(owner: &Caller, org: &str, body: &Value) -> Answer {
    owner.call("PUT", &format!("/v1/orgs/{org}/budget"), Some(body)).await
}

pub(crate) async fn get(caller: &Caller, org: &str) -> Value {
    caller.get(&format!("/v1/orgs/{org}/budget")).await.expect(200)
}
