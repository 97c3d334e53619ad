use crate::world::World;

#[tokio::test]
async fn a_member_sees_other_members_and_an_outsider_sees_nobody() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/ann");
    let answer = bob.get(&path).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let list = bob.get(&format!("/v1/orgs/{org}/members?q=ann")).await.expect(200);
    assert_eq!(answer.expect(200), list["data"][0]);
    assert_eq!(
        bob.get(&format!("/v1/orgs/{org}/members/eve")).await.code(),
        Some("member_not_found")
    );
    assert_eq!(
        bob.get(&format!("/v1/orgs/{org}/members/%ff")).await.code(),
        Some("member_not_found")
    );
    assert_eq!(world.user("eve").await.get(&path).await.code(), Some("org_not_found"));
    assert_eq!(
        world.user("eve").await.get(&format!("/v1/orgs/{org}/members/eve")).await.code(),
        Some("org_not_found")
    );
}
