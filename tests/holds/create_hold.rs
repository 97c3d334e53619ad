use serde_json::{Value, json};

use super::stage;

#[tokio::test]
async fn a_hold_reserves_credits_and_says_what_is_left() {
    let stage = stage("10").await;
    let agent = json!({
        "id": "run-1", "credits": "4", "expires_in": 600,
        "kind": "chat", "resource_id": "agent-1", "user_id": "ann",
    });
    let hold = stage.runner.post(&stage.path(), &agent).await.expect(201);
    for (name, wanted) in [
        ("id", json!("run-1")),
        ("credits", json!("4")),
        ("captured", json!("0")),
        ("status", json!("open")),
        ("kind", json!("chat")),
        ("resource_id", json!("agent-1")),
        ("user_id", json!("ann")),
    ] {
        assert_eq!(hold[name], wanted, "{name}");
    }
    let at = crate::usage::now(&stage.world).await;
    let limit = &hold["limits"][0];
    let resets_at = limit["resets_at"].as_str().unwrap();
    assert!(resets_at > at.to_rfc3339().as_str() && resets_at.ends_with("-01T00:00:00Z"));
    assert_eq!(limit["subject"], json!({"type": "org"}));
    let numbers = ["window", "limit", "spent", "held", "left"].map(|name| limit[name].clone());
    assert_eq!(numbers, ["month", "10", "0", "4", "6"].map(Value::from));
    assert_eq!(stage.limit().await, ["0", "4", "10"]);
}

#[tokio::test]
async fn the_same_request_returns_the_hold_and_other_values_are_a_conflict() {
    let stage = stage("10").await;
    let body = json!({"id": "run-1", "credits": "4", "expires_in": 600});
    stage.runner.post(&stage.path(), &body).await.expect(201);
    let again = stage.runner.post(&stage.path(), &body).await.expect(200);
    assert_eq!((&again["credits"], &again["limits"][0]["held"]), (&json!("4"), &json!("4")));
    for (name, other) in [
        ("credits", json!("5")),
        ("expires_in", json!(601)),
        ("kind", json!("chat")),
        ("resource_id", json!("a")),
        ("user_id", json!("ann")),
    ] {
        let mut body = body.clone();
        body[name] = other;
        let answer = stage.runner.post(&stage.path(), &body).await;
        assert_eq!((answer.status, &answer.body["code"]), (409, &json!("hold_conflict")), "{name}");
    }
    assert_eq!(stage.limit().await, ["0", "4", "10"]);
}

#[tokio::test]
async fn a_denial_names_the_limit_and_what_stands_in_the_way() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("large", "10.000001").await, "hold_too_large");
    assert_eq!(stage.record("e1", "3", &json!({})).await, "accepted");
    assert_eq!(stage.hold("more than is left", "7.000001").await, "budget_exceeded");
    assert_eq!(stage.hold("first", "5").await, "201");
    let body = json!({"id": "second", "credits": "3", "expires_in": 60});
    let answer = stage.runner.post(&stage.path(), &body).await;
    assert_eq!((answer.status, &answer.body["code"]), (403, &json!("budget_held")));
    assert_eq!(answer.headers["retry-after"], "5");
    let detail = answer.body["detail"].as_str().unwrap();
    let month = crate::usage::now(&stage.world).await.format("%Y-%m");
    let wanted =
        format!("of the organization's 10 credits for {month}, 3 are spent and 5 are held");
    assert!(detail.contains(&wanted), "{detail}");
    assert_eq!(stage.hold("third", "2").await, "201", "exactly what is left");
    assert_eq!(stage.hold("nothing", "0").await, "budget_held");
}

#[tokio::test]
async fn a_budget_that_is_absent_or_not_enforced_allows_every_hold() {
    let stage = stage("10").await;
    stage.budget(&json!({"monthly_credits": "10", "enforce": false})).await;
    assert_eq!(stage.hold("large", "100").await, "201");
    assert_eq!(stage.get("large").await["limits"][0]["left"], "-90");
    stage.budget(&json!({"monthly_credits": null})).await;
    assert_eq!(stage.hold("larger", "1000").await, "201");
    assert_eq!(stage.get("larger").await["limits"], json!([]));
    // Open holds count as soon as the budget is enforced.
    stage.budget(&json!({"monthly_credits": "1105", "enforce": true})).await;
    assert_eq!(stage.hold("small", "5").await, "201");
    assert_eq!(stage.hold("smaller", "0.000001").await, "budget_held");
}

#[tokio::test]
async fn expired_holds_give_their_credits_back_to_whoever_needs_them() {
    let stage = stage("40").await;
    for n in 0..40 {
        assert_eq!(stage.hold(&format!("run-{n}"), "1").await, "201");
    }
    assert_eq!(stage.hold("all", "40").await, "budget_held");
    stage.world.advance(599).await;
    assert_eq!(stage.hold("all", "40").await, "budget_held");
    stage.world.advance(1).await;
    assert_eq!(stage.get("run-0").await["status"], "expired");
    assert_eq!(stage.limit().await, ["0", "40", "40"], "nobody needed the credits yet");
    assert_eq!(stage.hold("all", "40").await, "201");
    assert_eq!(stage.limit().await, ["0", "40", "40"]);
}

#[tokio::test]
async fn open_holds_deny_runs_that_only_ask_and_expired_ones_do_not() {
    let stage = stage("10").await;
    let agent = stage
        .ann
        .post(&format!("/v1/orgs/{}/resources", stage.org), &json!({"kind": "agent", "name": "A"}))
        .await
        .expect(201);
    let path = format!("/v1/orgs/{}/access", stage.org);
    let check = json!({
        "as_user_id": "ann",
        "checks": [{"action": "use_resource", "resource_id": agent["id"], "estimated_credits": "3"}],
    });
    let asker = stage.world.service("access:check").await;
    assert_eq!(stage.hold("run-1", "8").await, "201");
    let answer = asker.post(&path, &check).await.expect(200);
    assert_eq!(answer["results"][0]["code"], "budget_exceeded");
    stage.world.advance(600).await;
    let answer = asker.post(&path, &check).await.expect(200);
    assert_eq!(answer["results"][0]["decision"], "allow");
    assert_eq!(stage.limit().await, ["0", "0", "10"]);
}

#[tokio::test]
async fn a_denied_hold_alerts_the_owners() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("large", "11").await, "hold_too_large");
    let mail = stage
        .world
        .until("the alert", async || {
            let mails = stage.world.mails("ann@example.com").await;
            mails
                .into_iter()
                .find(|mail| mail["subject"].as_str().unwrap().contains("denied a run"))
        })
        .await;
    assert!(mail["text"].as_str().unwrap().contains("a run would have exceeded it"));
}

#[tokio::test]
async fn a_suspended_organization_gets_no_hold() {
    let stage = stage("10").await;
    let operator = stage.world.service("orgs:operate").await;
    let plan = json!({"status": "suspended"});
    operator.call("PUT", &format!("/v1/orgs/{}/plan", stage.org), Some(&plan)).await.expect(200);
    assert_eq!(stage.hold("run-1", "1").await, "org_not_active");
}

#[tokio::test]
async fn bad_input_points_at_its_field() {
    let stage = stage("10").await;
    let good = json!({"id": "run-1", "credits": "1", "expires_in": 60});
    let long = "x".repeat(129);
    for (name, value) in [
        ("id", json!("")),
        ("id", json!(long)),
        ("id", json!("..")),
        ("id", json!("é")),
        ("credits", json!("-1")),
        ("credits", json!(1)),
        ("expires_in", json!(0)),
        ("expires_in", json!(86_401)),
        ("kind", json!("Chat")),
        ("resource_id", json!(long)),
        ("user_id", json!("a\u{7}")),
        ("more", json!(1)),
    ] {
        let mut body = good.clone();
        body[name] = value;
        let answer = stage.runner.post(&stage.path(), &body).await;
        assert_eq!((answer.status, &answer.body["code"]), (422, &json!("validation_failed")));
        assert_eq!(answer.body["errors"][0]["pointer"], format!("/{name}"), "{body}");
    }
    for scope in ["billing:read", "usage:void", "access:check"] {
        let other = stage.world.service(scope).await;
        assert_eq!(other.post(&stage.path(), &good).await.status, 404, "{scope}");
    }
}
