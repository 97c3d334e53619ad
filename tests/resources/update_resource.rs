use serde_json::{Value, json};

use super::{owners_only, resource};
use crate::world::{Caller, World};

async fn update(caller: &Caller, org: &str, id: &str, patch: &Value) -> String {
    caller.patch(&format!("/v1/orgs/{org}/resources/{id}"), patch).await.to_string()
}

#[tokio::test]
async fn an_administrator_changes_a_resource() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let id = resource(&ann, &org, "agent", "standard").await;
    world.advance(60).await;
    let path = format!("/v1/orgs/{org}/resources/{id}");
    let answer = adam
        .patch(&path, &json!({"name": "Two", "cost_class": "high", "metadata": {"a": "b"}}))
        .await;
    assert_eq!(answer.headers["etag"], "\"2\"");
    let changed = answer.expect(200);
    assert_eq!(
        (
            &changed["name"],
            &changed["cost_class"],
            &changed["metadata"],
            &changed["kind"],
            &changed["created_by"],
            &changed["version"]
        ),
        (
            &json!("Two"),
            &json!("high"),
            &json!({"a": "b"}),
            &json!("agent"),
            &json!("ann"),
            &json!(2)
        )
    );
    assert_ne!(changed["updated_at"], changed["created_at"]);
    assert_eq!(adam.get(&path).await.expect(200), changed);
    // Equal values change nothing.
    assert_eq!(adam.patch(&path, &json!({"name": "Two"})).await.expect(200)["version"], 2);
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["target"]["S"]),
        (&json!("update_resource"), &json!(id))
    );
    assert_eq!(
        (&last["before"]["M"]["version"]["N"], &last["after"]["M"]["version"]["N"]),
        (&json!("1"), &json!("2"))
    );
}

#[tokio::test]
async fn raising_the_cost_class_requires_the_same_role_as_creating() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    owners_only(&ann, &org).await;
    let id = resource(&ann, &org, "agent", "standard").await;
    insta::assert_snapshot!(update(&adam, &org, &id, &json!({"cost_class": "high"})).await, @"403 high_cost_restricted needs owner by guard.high-cost-raise");
    assert_eq!(update(&ann, &org, &id, &json!({"cost_class": "high"})).await, "200");
    // The cost class is `high` now. An administrator can still rename the resource and lower the
    // class.
    assert_eq!(
        update(&adam, &org, &id, &json!({"name": "Two", "cost_class": "high"})).await,
        "200"
    );
    assert_eq!(update(&adam, &org, &id, &json!({"cost_class": "standard"})).await, "200");
}

#[tokio::test]
async fn a_caller_without_the_permission_is_denied_before_the_resource_is_looked_up() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let id = resource(&ann, &org, "agent", "standard").await;
    for id in [id.as_str(), "res_01980000000070008000000000000000", "x"] {
        assert_eq!(
            update(&vic, &org, id, &json!({})).await,
            "403 missing_permission needs administrator",
            "{id}"
        );
    }
    assert_eq!(
        update(&ann, &org, "x", &json!({"nonsense": 1})).await,
        "422 validation_failed /nonsense:unknown_field"
    );
    assert_eq!(update(&ann, &org, "x", &json!({})).await, "404 resource_not_found");
    world.suspend(&org).await;
    insta::assert_snapshot!(update(&ann, &org, &id, &json!({"name": "Two"})).await, @"403 org_not_active by guard.org-not-active");
}

#[tokio::test]
async fn a_stale_version_is_rejected_and_bad_input_points_at_its_field() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let id = resource(&ann, &org, "agent", "standard").await;
    let request =
        ann.request("PATCH", &format!("/v1/orgs/{org}/resources/{id}")).header("if-match", "\"2\"");
    let stale = ann
        .send(request.header("content-type", "application/json").body(r#"{"name":"Two"}"#))
        .await;
    assert_eq!(stale.to_string(), "412 version_mismatch");
    for (patch, wanted) in [
        (json!({"kind": "source"}), "422 validation_failed /kind:unknown_field"),
        (json!({"name": null}), "422 validation_failed /name:wrong_type"),
        (json!({"cost_class": "huge"}), "422 validation_failed /cost_class:invalid_value"),
        (json!({"metadata": null}), "422 validation_failed /metadata:wrong_type"),
    ] {
        assert_eq!(update(&ann, &org, &id, &patch).await, wanted, "{patch}");
    }
}
