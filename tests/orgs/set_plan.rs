use serde_json::{Value, json};

use crate::world::{Caller, World};

async fn set(caller: &Caller, org: &str, plan: &Value) -> crate::world::Answer {
    caller.call("PUT", &format!("/v1/orgs/{org}/plan"), Some(plan)).await
}

#[tokio::test]
async fn the_operator_sets_the_seat_limit_the_status_and_the_billing_modes() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    let answer = set(
        &operator,
        &org,
        &json!({"seat_limit": 3, "status": "suspended", "billing_modes": ["independent"]}),
    )
    .await;
    assert_eq!(answer.headers["etag"], "\"2\"");
    let planned = answer.expect(200);
    assert_eq!(
        (&planned["seat_limit"], &planned["status"], &planned["billing_modes"], &planned["role"]),
        (&json!(3), &json!("suspended"), &json!(["independent"]), &Value::Null)
    );
    // Absent fields stay as they are, and null means no limit.
    let planned = set(&operator, &org, &json!({"status": "active"})).await.expect(200);
    assert_eq!(
        (&planned["seat_limit"], &planned["status"], &planned["version"]),
        (&json!(3), &json!("active"), &json!(3))
    );
    let planned = set(&operator, &org, &json!({"seat_limit": null})).await.expect(200);
    assert_eq!(
        (&planned["seat_limit"], &planned["billing_modes"]),
        (&Value::Null, &json!(["independent"]))
    );
    // Equal values change nothing.
    assert_eq!(set(&operator, &org, &json!({"seat_limit": null})).await.expect(200)["version"], 4);
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["version"], 4);
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["actor"]["M"]["user_id"]["S"]),
        (&json!("set_plan"), &json!("meter"))
    );
    assert_eq!(audit.len(), 4);
}

#[tokio::test]
async fn a_seat_limit_below_the_member_count_removes_nobody() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let token = world.invite(&org, &ann, "cy@example.com", "viewer").await;
    let operator = world.service("orgs:operate").await;
    assert_eq!(
        set(&operator, &org, &json!({"seat_limit": 1})).await.expect(200)["member_count"],
        2
    );
    let cy = world.user("cy").await;
    assert_eq!(
        cy.post("/v1/invitations/accept", &json!({"token": token})).await.to_string(),
        "409 seat_limit_reached"
    );
    set(&operator, &org, &json!({"seat_limit": 3})).await.expect(200);
    cy.post("/v1/invitations/accept", &json!({"token": token})).await.expect(200);
}

#[tokio::test]
async fn only_the_operator_sets_the_plan() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    insta::assert_snapshot!(set(&ann, &org, &json!({"seat_limit": 100})).await, @"403 missing_permission");
    assert_eq!(
        set(&world.service("usage:write").await, &org, &json!({"seat_limit": 1})).await.to_string(),
        "404 org_not_found"
    );
    let unknown = "org_01980000000070008000000000000000";
    assert_eq!(
        set(&world.service("orgs:operate").await, unknown, &json!({"seat_limit": 1}))
            .await
            .to_string(),
        "404 org_not_found"
    );
}

#[tokio::test]
async fn bad_input_points_at_its_field_and_a_stale_version_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    for (plan, wanted) in [
        (json!({"seat_limit": -1}), "422 validation_failed /seat_limit:invalid_value"),
        (json!({"seat_limit": 1.5}), "422 validation_failed /seat_limit:wrong_type"),
        (json!({"seat_limit": "3"}), "422 validation_failed /seat_limit:wrong_type"),
        (json!({"status": "deleted"}), "422 validation_failed /status:invalid_value"),
        (json!({"status": null}), "422 validation_failed /status:wrong_type"),
        (json!({"billing_modes": []}), "422 validation_failed /billing_modes:invalid_value"),
        (
            json!({"billing_modes": ["prepaid"]}),
            "422 validation_failed /billing_modes/0:invalid_value",
        ),
        (json!({"name": "Mine"}), "422 validation_failed /name:unknown_field"),
    ] {
        assert_eq!(set(&operator, &org, &plan).await.to_string(), wanted, "{plan}");
    }
    let request =
        operator.request("PUT", &format!("/v1/orgs/{org}/plan")).header("if-match", "\"7\"");
    let stale = operator.send(request.header("content-type", "application/json").body("{}")).await;
    assert_eq!(stale.to_string(), "412 version_mismatch");
}
