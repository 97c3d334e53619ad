use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_deleted_organization_stays_visible_and_read_only() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let path = format!("/v1/orgs/{org}");
    insta::assert_snapshot!(adam.delete(&path).await, @"403 missing_permission needs owner");
    ann.delete(&path).await.expect(204);
    let seen = adam.get(&path).await.expect(200);
    assert_eq!((&seen["status"], &seen["version"]), (&json!("deleted"), &json!(2)));
    assert_eq!(adam.get("/v1/orgs").await.expect(200)["data"][0]["status"], "deleted");
    insta::assert_snapshot!(adam.post(&format!("{path}/invitations"), &json!({"email": "eve@example.com"})).await, @"403 org_not_active by guard.org-not-active");
    // Access can still be removed.
    adam.post(&format!("{path}/leave"), &json!({})).await.expect(204);
    let audit = world.audit(&org).await;
    let deleted = audit.iter().find(|record| record["action"]["S"] == "delete_org").unwrap();
    assert_eq!(
        (&deleted["before"]["M"]["status"]["S"], &deleted["after"]["M"]["status"]["S"]),
        (&json!("active"), &json!("deleted"))
    );
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn deleting_again_changes_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    ann.delete(&path).await.expect(204);
    world.advance(60).await;
    ann.delete(&path).await.expect(204);
    assert_eq!(world.count_audit(&org).await, 2);
    assert_eq!(ann.get(&path).await.expect(200)["version"], 2);
    world.assert_whole(&org).await;
    insta::assert_snapshot!(ann.call("DELETE", &path, Some(&json!({"really": true}))).await, @"422 validation_failed /really:unknown_field");
}

#[tokio::test]
async fn a_suspended_organization_can_be_deleted_and_its_invitations_cannot_be_accepted() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.suspend(&org).await;
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    let bob = world.user("bob").await;
    insta::assert_snapshot!(bob.post("/v1/invitations/accept", &json!({"token": token})).await, @"403 org_not_active by guard.org-not-active");
    bob.post("/v1/invitations/decline", &json!({"token": token})).await.expect(200);
}
