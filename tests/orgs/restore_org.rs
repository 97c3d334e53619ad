use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn an_owner_can_restore_the_organization_until_the_thirty_days_are_over() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "adam", "administrator").await;
    let path = format!("/v1/orgs/{org}");
    ann.delete(&path).await.expect(204);
    world.advance(30 * 86_400 - 1).await;
    let (ann, adam) = (world.user("ann").await, world.user("adam").await);
    insta::assert_snapshot!(adam.post(&format!("{path}/restore"), &json!({})).await, @"403 missing_permission needs owner");
    let answer = ann.post(&format!("{path}/restore"), &json!({})).await;
    assert_eq!(answer.headers["etag"], "\"3\"");
    let restored = answer.expect(200);
    assert_eq!(
        (&restored["status"], &restored["role"], &restored["member_count"]),
        (&json!("active"), &json!("owner"), &json!(2))
    );
    world.assert_whole(&org).await;
    // The deletion leaves nothing behind: the organization still exists a month later.
    world.advance_days(40).await;
    assert_eq!(world.user("ann").await.get(&path).await.expect(200)["status"], "active");
    assert_eq!(world.audit(&org).await.last().unwrap()["action"]["S"], "restore_org");
}

#[tokio::test]
async fn after_thirty_days_the_organization_does_not_exist_for_anybody() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let path = format!("/v1/orgs/{org}");
    ann.delete(&path).await.expect(204);
    world.advance_days(30).await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    assert_eq!(
        ann.post(&format!("{path}/restore"), &json!({})).await.to_string(),
        "404 org_not_found"
    );
    assert_eq!(ann.get(&path).await.to_string(), "404 org_not_found");
    assert_eq!(ann.get("/v1/orgs").await.expect(200)["data"], json!([]));
    assert_eq!(
        bob.post("/v1/invitations/accept", &json!({"token": token})).await.to_string(),
        "404 invitation_not_found"
    );
    assert_eq!(bob.get("/v1/invitations").await.expect(200)["data"], json!([]));
    let meter = world.service("usage:write").await;
    assert_eq!(
        meter.post(&format!("{path}/usage/events"), &json!({"events": []})).await.to_string(),
        "404 org_not_found"
    );
    // A purged organization does not prevent forgetting its last owner.
    ann.delete("/v1/me").await.expect(204);
}

#[tokio::test]
async fn restoring_an_active_organization_changes_nothing_and_a_suspension_stays() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    assert_eq!(ann.post(&format!("{path}/restore"), &json!({})).await.expect(200)["version"], 1);
    assert_eq!(world.count_audit(&org).await, 1);
    ann.delete(&path).await.expect(204);
    world.suspend(&org).await;
    assert_eq!(ann.get(&path).await.expect(200)["status"], "deleted");
    assert_eq!(
        ann.post(&format!("{path}/restore"), &json!({})).await.expect(200)["status"],
        "suspended"
    );
}
