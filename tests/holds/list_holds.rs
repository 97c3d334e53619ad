use serde_json::json;

use super::stage;

#[tokio::test]
async fn open_holds_are_listed_in_the_order_of_their_expiry() {
    let stage = stage("100").await;
    for (id, expires_in) in [("c", 300), ("a", 100), ("b", 200), ("d", 400), ("e", 10)] {
        let body = json!({"id": id, "credits": "1", "expires_in": expires_in});
        stage.runner.post(&stage.path(), &body).await.expect(201);
    }
    assert_eq!(stage.record("e1", "1", &json!({"hold_id": "d", "final": true})).await, "accepted");
    stage.world.advance(10).await;
    let adam = stage.world.member(&stage.org, &stage.ann, "adam", "administrator").await;
    let mut ids = Vec::new();
    let mut path = format!("{}?limit=2", stage.path());
    loop {
        let page = adam.get(&path).await.expect(200);
        let holds = page["data"].as_array().unwrap();
        assert!(holds.len() <= 2);
        ids.extend(holds.iter().map(|hold| hold["id"].as_str().unwrap().to_owned()));
        assert!(holds.iter().all(|hold| hold["status"] == "open"));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{}?limit=2&cursor={cursor}", stage.path());
    }
    assert_eq!(ids, ["a", "b", "c"], "`d` is captured and `e` is expired");
    let bad = adam.get(&format!("{}?cursor=QUFB", stage.path())).await;
    assert_eq!((bad.status, &bad.body["errors"][0]["pointer"]), (422, &json!("/cursor")));
}
