use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_invitee_declines_by_link_or_by_ids_and_can_be_invited_again() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.user("bob").await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    assert_eq!(
        bob.post("/v1/invitations/decline", &json!({"token": token})).await.expect(200)["status"],
        "declined"
    );
    insta::assert_snapshot!(bob.post("/v1/invitations/decline", &json!({"token": token})).await, @"410 invitation_declined");
    insta::assert_snapshot!(bob.post("/v1/invitations/accept", &json!({"token": token})).await, @"410 invitation_declined");
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    assert_eq!(
        bob.post("/v1/invitations/decline", &json!({"org_id": org, "invitation_id": id}))
            .await
            .expect(200)["status"],
        "declined"
    );
    world.assert_whole(&org).await;
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["actor"]["M"]["user_id"]["S"]),
        (&json!("decline_invitation"), &json!("bob"))
    );
}

#[tokio::test]
async fn nobody_else_declines() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    let eve = world.user("eve").await;
    insta::assert_snapshot!(eve.post("/v1/invitations/decline", &json!({"token": token})).await, @"403 email_mismatch by guard.invited-address-answers");
    insta::assert_snapshot!(eve.post("/v1/invitations/decline", &json!({"org_id": org, "invitation_id": id})).await, @"404 invitation_not_found");
    let unverified = world.token(&json!({"sub": "bob", "email": "bob@example.com"})).await;
    assert_eq!(
        unverified.post("/v1/invitations/decline", &json!({"token": token})).await.code(),
        Some("email_not_verified")
    );
    assert_eq!(
        world.nobody().post("/v1/invitations/decline", &json!({"token": token})).await.status,
        401
    );
    insta::assert_snapshot!(eve.post("/v1/invitations/decline", &json!({})).await, @"422 validation_failed /token:missing_field");
}

#[tokio::test]
async fn declining_needs_no_permission_and_works_in_a_suspended_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.suspend(&org).await;
    world
        .user("bob")
        .await
        .post("/v1/invitations/decline", &json!({"token": token}))
        .await
        .expect(200);
}
