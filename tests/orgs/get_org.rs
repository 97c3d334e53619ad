use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn every_member_sees_the_organization_with_their_own_role() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}");
    let seen = bob.get(&path).await;
    assert_eq!(seen.headers["etag"], "\"1\"");
    let seen = seen.expect(200);
    assert_eq!(
        (&seen["role"], &seen["member_count"], &seen["owner_count"], &seen["version"]),
        (&json!("viewer"), &json!(2), &json!(1), &json!(1))
    );
    assert_eq!(ann.get(&path).await.expect(200)["role"], "owner");
}

#[tokio::test]
async fn an_outsider_gets_the_same_404_as_for_an_unknown_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let eve = world.user("eve").await;
    let bytes = async |id: &str| {
        let answer = eve.get(&format!("/v1/orgs/{id}")).await;
        assert_eq!(answer.status, 404);
        answer.text.replace(&answer.headers["x-request-id"], "[id]")
    };
    let theirs = bytes(&org).await;
    insta::assert_snapshot!(theirs, @r#"{"type":"urn:organizations:problem:org_not_found","title":"Org not found","status":404,"detail":"the organization does not exist","code":"org_not_found","request_id":"[id]"}"#);
    for unknown in [
        "org_01980000000070008000000000000000",
        "x",
        "org_",
        "org_%00",
        "%F0%9F%92%A9",
        "%ff",
        "..%2f..",
        &"a".repeat(5000),
        &org.to_uppercase(),
    ] {
        assert_eq!(bytes(unknown).await, theirs, "{unknown}");
    }
}

#[tokio::test]
async fn a_suspended_or_deleted_organization_stays_visible_to_its_members() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let status = async || ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["status"].clone();
    assert_eq!(status().await, "active");
    world.suspend(&org).await;
    assert_eq!(status().await, "suspended");
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    assert_eq!(status().await, "deleted");
}
