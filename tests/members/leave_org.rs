use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn members_can_leave_an_organization_in_any_state() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let eve = world.member(&org, &ann, "eve", "administrator").await;
    let path = format!("/v1/orgs/{org}/leave");
    assert_eq!(bob.call("POST", &path, None).await.status, 204);
    insta::assert_snapshot!(bob.call("POST", &path, None).await, @"404 org_not_found");
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    assert_eq!(eve.post(&path, &json!({})).await.status, 204);
    world.assert_whole(&org).await;
    assert_eq!(world.audit(&org).await.last().unwrap()["action"]["S"], "leave_org");
}

#[tokio::test]
async fn a_former_member_gets_the_replay_and_is_an_outsider_to_everything_else() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/leave");
    assert_eq!(bob.keyed("POST", &path, "k", &json!({})).await.status, 204);
    assert_eq!(bob.keyed("POST", &path, "k", &json!({})).await.status, 204);
    assert_eq!(
        bob.keyed("POST", &path, "k", &json!({"other": 1})).await.code(),
        Some("org_not_found")
    );
}

#[tokio::test]
async fn the_last_owner_stays() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/leave");
    insta::assert_snapshot!(ann.call("POST", &path, None).await, @"409 last_owner");
    ann.patch(&format!("/v1/orgs/{org}/members/bob"), &json!({"role": "owner"})).await.expect(200);
    assert_eq!(ann.call("POST", &path, None).await.status, 204);
    insta::assert_snapshot!(bob.call("POST", &path, None).await, @"409 last_owner");
    world.assert_whole(&org).await;
}
