//! `/v1/orgs/{org_id}/resources`

mod create_resource;
mod delete_resource;
mod get_resource;
mod list_resources;
mod update_resource;

use serde_json::{Value, json};

use crate::world::Caller;

/// Creates a resource as `creator`, and returns its id.
pub(crate) async fn resource(creator: &Caller, org: &str, kind: &str, cost_class: &str) -> String {
    let body = json!({"kind": kind, "name": "One", "cost_class": cost_class});
    let created: Value =
        creator.post(&format!("/v1/orgs/{org}/resources"), &body).await.expect(201);
    created["id"].as_str().unwrap().to_owned()
}

/// Sets that only owners may create resources of the cost class `high`.
pub(crate) async fn owners_only(owner: &Caller, org: &str) {
    owner
        .patch(&format!("/v1/orgs/{org}"), &json!({"settings": {"high_cost_creators": "owner"}}))
        .await
        .expect(200);
}
