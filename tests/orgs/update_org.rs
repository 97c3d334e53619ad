use serde_json::{Value, json};

use crate::world::{Caller, World};

async fn update(caller: &Caller, org: &str, patch: &Value) -> String {
    caller.patch(&format!("/v1/orgs/{org}"), patch).await.to_string()
}

#[tokio::test]
async fn an_administrator_changes_the_name_description_and_metadata() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let path = format!("/v1/orgs/{org}");
    world.advance(60).await;
    let answer = adam
        .patch(
            &path,
            &json!({"name": " Acme & Sons ", "description": "Makers", "metadata": {"crm": "42"}}),
        )
        .await;
    assert_eq!(answer.headers["etag"], "\"2\"");
    let changed = answer.expect(200);
    assert_eq!(
        (&changed["name"], &changed["description"], &changed["metadata"]),
        (&json!("Acme & Sons"), &json!("Makers"), &json!({"crm": "42"}))
    );
    assert_eq!(
        (&changed["role"], &changed["member_count"], &changed["version"]),
        (&json!("administrator"), &json!(2), &json!(2))
    );
    assert_ne!(changed["updated_at"], changed["created_at"]);
    let cleared =
        adam.patch(&path, &json!({"description": null, "metadata": {}})).await.expect(200);
    assert_eq!(
        (&cleared["description"], &cleared["metadata"], &cleared["version"]),
        (&Value::Null, &json!({}), &json!(3))
    );
    let mut seen = ann.get(&path).await.expect(200);
    seen["role"] = json!("administrator");
    assert_eq!(seen, cleared);
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["target"]["S"], &last["actor"]["M"]["user_id"]["S"]),
        (&json!("update_org"), &json!(org), &json!("adam"))
    );
    assert_eq!(
        (&last["before"]["M"]["version"]["N"], &last["after"]["M"]["version"]["N"]),
        (&json!("2"), &json!("3"))
    );
    assert_eq!(last["before"]["M"]["description"]["S"], "Makers");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn only_owners_change_settings() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let settings = json!({"settings": {"high_cost_creators": "owner"}});
    insta::assert_snapshot!(update(&adam, &org, &settings).await, @"403 missing_permission needs owner by guard.only-owners-change-settings");
    insta::assert_snapshot!(update(&vic, &org, &json!({"name": "Vic's"})).await, @"403 missing_permission needs administrator");
    insta::assert_snapshot!(update(&vic, &org, &json!({"nonsense": 1})).await, @"403 missing_permission needs administrator");
    let changed = ann.patch(&format!("/v1/orgs/{org}"), &settings).await.expect(200);
    assert_eq!(changed["settings"], json!({"high_cost_creators": "owner"}));
}

#[tokio::test]
async fn equal_values_change_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    for same in [
        json!({}),
        json!({"name": "Acme"}),
        json!({"description": null}),
        json!({"settings": {"high_cost_creators": "administrator"}}),
    ] {
        assert_eq!(ann.patch(&path, &same).await.expect(200)["version"], 1, "{same}");
    }
    assert_eq!(world.count_audit(&org).await, 1);
    // Joining and leaving members do not change the version.
    world.member(&org, &ann, "bob", "viewer").await;
    assert_eq!(ann.get(&path).await.expect(200)["version"], 1);
}

#[tokio::test]
async fn a_stale_version_is_rejected_and_the_current_one_accepted() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let with = async |tag: &str, name: &str| {
        let request = ann
            .request("PATCH", &format!("/v1/orgs/{org}"))
            .header("if-match", tag)
            .header("content-type", "application/json");
        ann.send(request.body(json!({"name": name}).to_string())).await.to_string()
    };
    assert_eq!(with("\"1\"", "Two").await, "200");
    assert_eq!(with("\"1\"", "Three").await, "412 version_mismatch");
    assert_eq!(with("\"2\"", "Three").await, "200");
    assert_eq!(with("*", "Four").await, "200");
}

#[tokio::test]
async fn bad_input_points_at_its_field_and_changes_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    for (patch, wanted) in [
        (json!({"name": ""}), "422 validation_failed /name:invalid_value"),
        (json!({"name": null}), "422 validation_failed /name:wrong_type"),
        (json!({"name": "a@b"}), "422 validation_failed /name:invalid_value"),
        (
            json!({"description": "x".repeat(501)}),
            "422 validation_failed /description:invalid_value",
        ),
        (json!({"metadata": {"a": 1}}), "422 validation_failed /metadata/a:wrong_type"),
        (json!({"metadata": null}), "422 validation_failed /metadata:wrong_type"),
        (
            json!({"settings": {"high_cost_creators": "viewer"}}),
            "422 validation_failed /settings/high_cost_creators:invalid_value",
        ),
        (
            json!({"settings": {"high_cost_creators": "owner", "more": 1}}),
            "422 validation_failed /settings/more:unknown_field",
        ),
        (
            json!({"settings": {}}),
            "422 validation_failed /settings/high_cost_creators:missing_field",
        ),
        (json!({"settings": null}), "422 validation_failed /settings:wrong_type"),
        (json!({"seat_limit": 5}), "422 validation_failed /seat_limit:unknown_field"),
        (json!({"status": "deleted"}), "422 validation_failed /status:unknown_field"),
        (json!({"version": 9}), "422 validation_failed /version:unknown_field"),
    ] {
        assert_eq!(update(&ann, &org, &patch).await, wanted, "{patch}");
    }
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["version"], 1);
}

#[tokio::test]
async fn a_suspended_or_deleted_organization_cannot_be_changed() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.suspend(&org).await;
    insta::assert_snapshot!(update(&ann, &org, &json!({"name": "New"})).await, @"403 org_not_active by guard.org-not-active");
    world.plan(&org, &json!({"status": "active"})).await;
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    insta::assert_snapshot!(update(&ann, &org, &json!({"name": "New"})).await, @"403 org_not_active by guard.org-not-active");
}

#[tokio::test]
async fn a_request_with_the_same_key_replays_the_response() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    let first = ann.keyed("PATCH", &path, "k", &json!({"name": "One"})).await;
    ann.patch(&path, &json!({"name": "Two"})).await.expect(200);
    let again = ann.keyed("PATCH", &path, "k", &json!({"name": "One"})).await;
    assert_eq!((again.text, again.headers["idempotency-replayed"].as_str()), (first.text, "true"));
    assert_eq!(ann.get(&path).await.expect(200)["name"], "Two");
    assert_eq!(
        ann.keyed("PATCH", &path, "k", &json!({"name": "Other"})).await.to_string(),
        "422 idempotency_key_reused"
    );
}
