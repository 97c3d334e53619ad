use serde_json::json;

use super::{get, set};
use crate::usage::{event, now, record};
use crate::world::World;

#[tokio::test]
async fn an_owner_replaces_the_whole_budget_and_each_change_is_audited() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let answer = set(
        &ann,
        &org,
        &json!({"monthly_credits": "1000.50", "thresholds": [100, 25], "enforce": true}),
    )
    .await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let budget = answer.expect(200);
    assert_eq!(
        (&budget["monthly_credits"], &budget["thresholds"], &budget["enforce"], &budget["version"]),
        (&json!("1000.5"), &json!([25, 100]), &json!(true), &json!(1))
    );
    assert_eq!(budget, get(&ann, &org).await);
    // Omitted fields get their defaults, and null means no budget.
    let cleared = set(&ann, &org, &json!({"monthly_credits": null})).await.expect(200);
    assert_eq!(
        (&cleared["thresholds"], &cleared["enforce"], &cleared["state"]),
        (&json!([50, 80, 100]), &json!(false), &json!("none"))
    );
    let audited = world.count_audit(&org).await;
    assert_eq!(set(&ann, &org, &json!({"monthly_credits": null})).await.expect(200)["version"], 2);
    assert_eq!(world.count_audit(&org).await, audited, "equal values change nothing");
    let record = world.audit(&org).await.last().unwrap().clone();
    assert_eq!(
        (&record["action"]["S"], &record["before"]["M"]["version"]["N"]),
        (&json!("set_budget"), &json!("1"))
    );
}

#[tokio::test]
async fn an_enforced_budget_denies_use_that_would_exceed_it_and_still_records_usage() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let agent = crate::resources::resource(&ann, &org, "agent", "standard").await;
    let (meter, at) = (world.service("usage:write").await, now(&world).await);
    let gate = world.service("access:check").await;
    let ask = async |estimated: &str| {
        let check = json!({"action": "use_resource", "resource_id": agent, "estimated_credits": estimated, "as_user_id": "ann"});
        let answer = gate
            .post(&format!("/v1/orgs/{org}/access"), &json!({"checks": [check]}))
            .await
            .expect(200);
        answer["results"][0].clone()
    };
    set(&ann, &org, &json!({"monthly_credits": "10", "enforce": true})).await.expect(200);
    record(&meter, &org, &[event("1", at, "chat", "9")]).await;
    assert_eq!(ask("1").await["decision"], "allow");
    let denied = ask("1.000001").await;
    assert_eq!(
        (&denied["decision"], &denied["code"], &denied["policies"]),
        (&json!("deny"), &json!("budget_exceeded"), &json!(["guard.budget-exceeded"]))
    );
    assert_eq!(ask("0").await["decision"], "allow");
    assert_eq!(record(&meter, &org, &[event("2", at, "chat", "1")]).await["accepted"], 1);
    assert_eq!(ask("0").await["code"], "budget_exceeded");
    assert_eq!(record(&meter, &org, &[event("3", at, "chat", "5")]).await["accepted"], 1);
    assert_eq!(ask("0").await["code"], "budget_exceeded");
    set(&ann, &org, &json!({"monthly_credits": "10", "enforce": false})).await.expect(200);
    assert_eq!(ask("100").await["decision"], "allow");
    let unused = world.org(&ann).await;
    let resource = crate::resources::resource(&ann, &unused, "agent", "standard").await;
    set(&ann, &unused, &json!({"monthly_credits": "0", "enforce": true})).await.expect(200);
    let checks = json!({"checks": [{"action": "use_resource", "resource_id": resource}]});
    let answer = ann.post(&format!("/v1/orgs/{unused}/access"), &checks).await.expect(200);
    assert_eq!(answer["results"][0]["code"], "budget_exceeded");
}

#[tokio::test]
async fn administrators_cannot_set_a_budget_and_nobody_can_in_a_suspended_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "administrator").await;
    let denied = set(&bob, &org, &json!({"monthly_credits": 7})).await;
    assert_eq!((denied.status, denied.code()), (403, Some("missing_permission")));
    world.suspend(&org).await;
    assert_eq!(
        set(&ann, &org, &json!({"monthly_credits": "7"})).await.code(),
        Some("org_not_active")
    );
}

#[tokio::test]
async fn bad_input_points_at_its_field_and_a_stale_version_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let mut answers = Vec::new();
    for body in [
        json!({}),
        json!({"monthly_credits": 1000}),
        json!({"monthly_credits": "-1"}),
        json!({"monthly_credits": "1", "thresholds": [0]}),
        json!({"monthly_credits": "1", "thresholds": [50, 50]}),
        json!({"monthly_credits": "1", "thresholds": "50"}),
        json!({"monthly_credits": "1", "thresholds": [50.5]}),
        json!({"monthly_credits": "1", "enforce": "yes"}),
        json!({"monthly_credits": "1", "spent": "0"}),
    ] {
        answers.push(set(&ann, &org, &body).await.to_string());
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /monthly_credits:missing_field
    422 validation_failed /monthly_credits:wrong_type
    422 validation_failed /monthly_credits:invalid_value
    422 validation_failed /thresholds:invalid_value
    422 validation_failed /thresholds:invalid_value
    422 validation_failed /thresholds:wrong_type
    422 validation_failed /thresholds/0:wrong_type
    422 validation_failed /enforce:wrong_type
    422 validation_failed /spent:unknown_field
    ");
    set(&ann, &org, &json!({"monthly_credits": "1"})).await.expect(200);
    let path = format!("/v1/orgs/{org}/budget");
    let stale = ann
        .request("PUT", &path)
        .header("if-match", "\"0\"")
        .header("content-type", "application/json");
    assert_eq!(
        ann.send(stale.body(r#"{"monthly_credits":"2"}"#)).await.code(),
        Some("version_mismatch")
    );
}
