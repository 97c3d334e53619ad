use serde_json::json;

use super::stage;

#[tokio::test]
async fn a_released_hold_gives_back_what_is_not_captured() {
    let stage = stage("10").await;
    let path = format!("{}/run-1", stage.path());
    assert_eq!(stage.hold("run-1", "6").await, "201");
    assert_eq!(stage.record("e1", "2", &json!({"hold_id": "run-1"})).await, "accepted");
    for _ in 0..2 {
        stage.runner.call("DELETE", &path, None).await.expect(204);
        assert_eq!(stage.limit().await, ["2", "0", "8"], "a repeated release changes nothing");
    }
    assert_eq!(stage.get("run-1").await["status"], "released");
    let adam = stage.world.member(&stage.org, &stage.ann, "adam", "administrator").await;
    assert_eq!(stage.hold("run-2", "8").await, "201");
    adam.call("DELETE", &format!("{}/run-2", stage.path()), None).await.expect(204);
    let none = adam.call("DELETE", &format!("{}/none", stage.path()), None).await;
    assert_eq!((none.status, &none.body["code"]), (404, &json!("hold_not_found")));
    // The same request for a hold returns the released one.
    assert_eq!(stage.hold("run-1", "6").await, "200");
    assert_eq!(stage.limit().await, ["2", "0", "8"]);
}

#[tokio::test]
async fn a_release_after_the_expiry_says_that_the_hold_expired() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("run-1", "6").await, "201");
    stage.world.advance(600).await;
    stage.runner.call("DELETE", &format!("{}/run-1", stage.path()), None).await.expect(204);
    assert_eq!(stage.get("run-1").await["status"], "expired");
    assert_eq!(stage.limit().await, ["0", "0", "10"]);
}
