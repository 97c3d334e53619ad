use serde_json::{Value, json};

use crate::world::World;

fn emails(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|invitation| invitation["email"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_administrator_lists_invitations_newest_first() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    for name in ["a", "b", "c"] {
        ann.post(&path, &json!({"email": format!("{name}@example.com")})).await.expect(201);
    }
    let first = ann.get(&format!("{path}?limit=2")).await.expect(200);
    assert_eq!(emails(&first), ["c@example.com", "b@example.com"]);
    let second = ann
        .get(&format!("{path}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!((emails(&second), &second["next_cursor"]), (vec!["a@example.com"], &Value::Null));
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    insta::assert_snapshot!(vic.get(&path).await, @"403 missing_permission needs administrator");
}

#[tokio::test]
async fn invitations_are_found_by_status_and_by_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    ann.post(&path, &json!({"email": "soon@example.com", "expires_in_days": 1})).await.expect(201);
    ann.post(&path, &json!({"email": "later@example.com"})).await.expect(201);
    world.member(&org, &ann, "bob", "viewer").await;
    world.advance_days(1).await;
    let ann = world.user("ann").await;
    let list = async |query: &str| ann.get(&format!("{path}?{query}")).await.expect(200);
    assert_eq!(emails(&list("status=pending").await), ["later@example.com"]);
    assert_eq!(emails(&list("status=expired").await), ["soon@example.com"]);
    assert_eq!(list("status=expired").await["data"][0]["status"], "expired");
    assert_eq!(emails(&list("status=accepted").await), ["bob@example.com"]);
    assert_eq!(emails(&list("status=declined").await), Vec::<&str>::new());
    assert_eq!(emails(&list("status=revoked").await), Vec::<&str>::new());
    assert_eq!(emails(&list("email=LATER%40Example.com").await), ["later@example.com"]);
    assert_eq!(emails(&list("email=later%40example.com&status=expired").await), Vec::<&str>::new());
    let mut answers = Vec::new();
    for query in ["status=open", "email=x", "limit=0", "cursor=%21"] {
        answers.push(format!("{query}: {}", ann.get(&format!("{path}?{query}")).await));
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    status=open: 422 validation_failed /status:invalid_value
    email=x: 422 validation_failed /email:invalid_value
    limit=0: 422 validation_failed /limit:invalid_value
    cursor=%21: 422 validation_failed /cursor:invalid_value
    ");
}

#[tokio::test]
async fn the_list_contains_no_token() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let secret = token.rsplit('.').next().unwrap();
    let listed = ann.get(&format!("/v1/orgs/{org}/invitations")).await.text;
    assert!(!listed.contains(secret) && !listed.contains("inv1."), "{listed}");
    for table in 0..2 {
        let stored = Value::Array(world.items(table).await).to_string();
        assert!(!stored.contains(secret));
    }
}
