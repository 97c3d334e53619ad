use serde_json::json;

use super::stage;

#[tokio::test]
async fn a_long_run_extends_its_hold() {
    let stage = stage("10").await;
    let path = format!("{}/run-1", stage.path());
    assert_eq!(stage.hold("run-1", "4").await, "201");
    assert_eq!(stage.hold("run-2", "2").await, "201");
    stage.world.advance(500).await;
    let longer = json!({"credits": "8", "expires_in": 600});
    let changed = stage.runner.patch(&path, &longer).await.expect(200);
    assert_eq!((&changed["credits"], &changed["limits"][0]["left"]), (&json!("8"), &json!("0")));
    stage.world.advance(599).await;
    assert_eq!(stage.get("run-1").await["status"], "open");
    assert_eq!(stage.limit().await, ["0", "10", "10"]);
    let changed = stage.runner.patch(&path, &json!({"credits": "1"})).await.expect(200);
    assert_eq!(changed["credits"], "1");
    // The other hold is expired. The change needs its credits.
    let changed = stage.runner.patch(&path, &json!({"credits": "10"})).await.expect(200);
    assert_eq!(changed["limits"][0]["held"], "10");
}

#[tokio::test]
async fn more_credits_are_denied_if_the_budget_does_not_suffice() {
    let stage = stage("10").await;
    let path = format!("{}/run-1", stage.path());
    assert_eq!(stage.hold("run-1", "4").await, "201");
    assert_eq!(stage.hold("run-2", "4").await, "201");
    for (credits, code) in
        [("6.000001", "budget_held"), ("10.000001", "budget_held"), ("14.000001", "hold_too_large")]
    {
        let denied = stage.runner.patch(&path, &json!({"credits": credits})).await;
        assert_eq!((denied.status, &denied.body["code"]), (403, &json!(code)), "{credits}");
    }
    assert_eq!(stage.limit().await, ["0", "8", "10"]);
    let less = stage.runner.patch(&path, &json!({"credits": "1"})).await.expect(200);
    assert_eq!(less["limits"][0]["held"], "5");
    // Captured credits stay covered.
    assert_eq!(stage.record("e1", "1", &json!({"hold_id": "run-1"})).await, "accepted");
    stage.runner.patch(&path, &json!({"credits": "0"})).await.expect(200);
    assert_eq!(stage.limit().await, ["1", "4", "9"]);
    assert_eq!(stage.record("e2", "8", &json!({})).await, "accepted");
    let denied = stage.runner.patch(&path, &json!({"credits": "3"})).await;
    assert_eq!(denied.body["code"], "budget_exceeded");
}

#[tokio::test]
async fn a_hold_that_has_ended_cannot_be_changed() {
    let stage = stage("10").await;
    for id in ["captured", "released", "expired"] {
        assert_eq!(stage.hold(id, "1").await, "201");
    }
    let last = json!({"hold_id": "captured", "final": true});
    assert_eq!(stage.record("e1", "1", &last).await, "accepted");
    stage.runner.call("DELETE", &format!("{}/released", stage.path()), None).await.expect(204);
    stage.world.advance(600).await;
    for id in ["captured", "released", "expired"] {
        let path = format!("{}/{id}", stage.path());
        let answer = stage.runner.patch(&path, &json!({"expires_in": 60})).await;
        assert_eq!((answer.status, &answer.body["code"]), (409, &json!("hold_not_open")), "{id}");
    }
    let none = stage.runner.patch(&format!("{}/none", stage.path()), &json!({})).await;
    assert_eq!(none.body["code"], "hold_not_found");
    for bad in [json!({"credits": "-1"}), json!({"expires_in": 0}), json!({"credits": null})] {
        let path = format!("{}/captured", stage.path());
        assert_eq!(stage.runner.patch(&path, &bad).await.status, 422, "{bad}");
    }
}
