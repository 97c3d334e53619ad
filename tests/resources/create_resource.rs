use serde_json::{Value, json};

use super::owners_only;
use crate::world::{Caller, World};

async fn create(caller: &Caller, org: &str, body: &Value) -> String {
    caller.post(&format!("/v1/orgs/{org}/resources"), body).await.to_string()
}

#[tokio::test]
async fn an_administrator_creates_a_resource() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let body = json!({"kind": "knowledge_base", "name": " Handbook ", "metadata": {"lang": "en"}});
    let answer = adam.post(&format!("/v1/orgs/{org}/resources"), &body).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let created = answer.expect(201);
    insta::assert_json_snapshot!(created, {".id" => "[id]", ".org_id" => "[org]", ".created_at" => "[time]", ".updated_at" => "[time]"}, @r#"
    {
      "id": "[id]",
      "org_id": "[org]",
      "kind": "knowledge_base",
      "name": "Handbook",
      "cost_class": "standard",
      "metadata": {
        "lang": "en"
      },
      "created_by": "adam",
      "created_at": "[time]",
      "updated_at": "[time]",
      "version": 1
    }
    "#);
    assert_eq!(created["org_id"], org.as_str());
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["target"]["S"]),
        (&json!("create_resource"), &created["id"])
    );
    assert_eq!(
        (last["before"].is_null(), &last["after"]["M"]["name"]["S"]),
        (true, &json!("Handbook"))
    );
}

#[tokio::test]
async fn a_high_cost_resource_requires_the_role_in_the_settings() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let high = json!({"kind": "source", "name": "Crawl", "cost_class": "high"});
    assert_eq!(create(&adam, &org, &high).await, "201");
    owners_only(&ann, &org).await;
    insta::assert_snapshot!(create(&adam, &org, &high).await, @"403 high_cost_restricted needs owner by guard.high-cost");
    assert_eq!(create(&adam, &org, &json!({"kind": "source", "name": "Crawl"})).await, "201");
    assert_eq!(create(&ann, &org, &high).await, "201");
}

#[tokio::test]
async fn a_viewer_cannot_create_a_resource_with_any_body() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    insta::assert_snapshot!(create(&vic, &org, &json!({"kind": "agent", "name": "One"})).await, @"403 missing_permission needs administrator");
    insta::assert_snapshot!(create(&vic, &org, &json!({"nonsense": 1})).await, @"403 missing_permission needs administrator");
    insta::assert_snapshot!(create(&vic, &org, &json!({"kind": "agent", "name": "One", "cost_class": "high"})).await, @"403 missing_permission needs administrator");
}

#[tokio::test]
async fn bad_input_points_at_its_field_and_creates_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    for (body, wanted) in [
        (json!({"name": "One"}), "422 validation_failed /kind:missing_field"),
        (json!({"kind": "agent"}), "422 validation_failed /name:missing_field"),
        (json!({"kind": "robot", "name": "One"}), "422 validation_failed /kind:invalid_value"),
        (json!({"kind": {"agent": null}, "name": "One"}), "422 validation_failed /kind:wrong_type"),
        (json!({"kind": "agent", "name": ""}), "422 validation_failed /name:invalid_value"),
        (
            json!({"kind": "agent", "name": "x".repeat(129)}),
            "422 validation_failed /name:invalid_value",
        ),
        (
            json!({"kind": "agent", "name": "a\u{202e}b"}),
            "422 validation_failed /name:invalid_value",
        ),
        (
            json!({"kind": "agent", "name": "One", "cost_class": "huge"}),
            "422 validation_failed /cost_class:invalid_value",
        ),
        (
            json!({"kind": "agent", "name": "One", "cost_class": null}),
            "422 validation_failed /cost_class:wrong_type",
        ),
        (
            json!({"kind": "agent", "name": "One", "metadata": {"a": []}}),
            "422 validation_failed /metadata/a:wrong_type",
        ),
        (
            json!({"kind": "agent", "name": "One", "id": "res_1"}),
            "422 validation_failed /id:unknown_field",
        ),
    ] {
        assert_eq!(create(&ann, &org, &body).await, wanted, "{body}");
    }
    assert_eq!(ann.get(&format!("/v1/orgs/{org}/resources")).await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn a_suspended_organization_gets_no_resource_and_a_repeated_request_creates_one() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let (path, body) =
        (format!("/v1/orgs/{org}/resources"), json!({"kind": "agent", "name": "One"}));
    let first = ann.keyed("POST", &path, "k", &body).await;
    let again = ann.keyed("POST", &path, "k", &body).await;
    assert_eq!((again.status, again.text), (201, first.text));
    assert_eq!(ann.get(&path).await.expect(200)["data"].as_array().unwrap().len(), 1);
    world.suspend(&org).await;
    insta::assert_snapshot!(create(&ann, &org, &body).await, @"403 org_not_active by guard.org-not-active");
}
