//! `DELETE /v1/users/{user_id}`

use serde_json::json;

use crate::world::{World, encoded};

#[tokio::test]
async fn the_operator_ends_every_membership_of_a_person() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    let odd = "auth0|65f0?/#";
    let person = json!({"user_id": odd, "email": "odd@example.com", "role": "administrator"});
    operator.post(&format!("/v1/orgs/{org}/members"), &person).await.expect(201);
    assert_eq!(operator.delete(&format!("/v1/users/{}", encoded(odd))).await.status, 204);
    world.assert_whole(&org).await;
    let record = world.audit(&org).await.pop().unwrap();
    assert_eq!(
        (&record["action"]["S"], &record["target"]["S"], &record["actor"]["M"]["user_id"]["S"]),
        (&json!("forget_user"), &json!(odd), &json!("meter"))
    );
}

#[tokio::test]
async fn forgetting_an_unknown_user_succeeds() {
    let world = World::start().await;
    let operator = world.service("orgs:operate").await;
    for user in ["nobody", "%00", "%F0%9F%92%A9", &"u".repeat(256)] {
        assert_eq!(operator.delete(&format!("/v1/users/{user}")).await.status, 204, "{user}");
    }
}

#[tokio::test]
async fn a_last_owner_stays() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let answer = world.service("orgs:operate").await.delete("/v1/users/ann").await;
    assert_eq!(
        (answer.to_string().as_str(), &answer.body["orgs"]),
        ("409 last_owner", &json!([org]))
    );
}

#[tokio::test]
async fn only_the_operator_can_forget_a_user() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    assert_eq!(ann.delete("/v1/users/ann").await.to_string(), "403 missing_permission");
    assert_eq!(
        world.service("usage:write").await.delete("/v1/users/ann").await.to_string(),
        "403 missing_permission"
    );
    assert_eq!(world.nobody().delete("/v1/users/ann").await.status, 401);
}
