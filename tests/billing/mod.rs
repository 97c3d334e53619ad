//! `/v1/orgs/{org_id}/billing`

mod get_billing;
mod set_billing;

use serde_json::Value;

use crate::world::{Answer, Caller};

pub(crate) async fn set(owner: &Caller, org: &str, body: &Value) -> Answer {
    owner.call("PUT", &format!("/v1/orgs/{org}/billing"), Some(body)).await
}

pub(crate) async fn get(caller: &Caller, org: &str) -> Value {
    caller.get(&format!("/v1/orgs/{org}/billing")).await.expect(200)
}

/// Returns the account id of a user from `GET /v1/me`.
pub(crate) async fn account(caller: &Caller) -> String {
    caller.get("/v1/me").await.expect(200)["account_id"].as_str().unwrap().to_owned()
}
