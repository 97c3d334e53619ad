use super::resource;
use crate::world::World;

#[tokio::test]
async fn every_member_and_nobody_else_sees_a_resource() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let id = resource(&ann, &org, "agent", "high").await;
    let answer = vic.get(&format!("/v1/orgs/{org}/resources/{id}")).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let seen = answer.expect(200);
    assert_eq!(
        (seen["id"].as_str(), seen["cost_class"].as_str()),
        (Some(id.as_str()), Some("high"))
    );
    let eve = world.user("eve").await;
    assert_eq!(
        eve.get(&format!("/v1/orgs/{org}/resources/{id}")).await.to_string(),
        "404 org_not_found"
    );
}

#[tokio::test]
async fn an_unknown_a_foreign_and_an_invalid_id_are_the_same_404() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (org, other) = (world.org(&ann).await, world.org(&ann).await);
    let theirs = resource(&ann, &other, "agent", "standard").await;
    for id in [theirs.as_str(), "res_01980000000070008000000000000000", "x", "res_", "META", "%00"]
    {
        assert_eq!(
            ann.get(&format!("/v1/orgs/{org}/resources/{id}")).await.to_string(),
            "404 resource_not_found",
            "{id}"
        );
    }
}
