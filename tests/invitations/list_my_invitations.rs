use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_person_sees_the_pending_invitations_for_their_address_and_can_accept_them() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "BOB@example.com", "viewer").await;
    let declined = world.org(&ann).await;
    let token = world.invite(&declined, &ann, "bob@example.com", "viewer").await;
    bob.post("/v1/invitations/decline", &json!({"token": token})).await.expect(200);
    let list = bob.get("/v1/invitations").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    let mine = &list["data"][0];
    assert_eq!(
        (&mine["org"], &mine["status"], &mine["email"]),
        (&json!({"id": org, "name": "Acme"}), &json!("pending"), &json!("BOB@example.com"))
    );
    bob.post(
        "/v1/invitations/accept",
        &json!({"org_id": mine["org_id"], "invitation_id": mine["id"]}),
    )
    .await
    .expect(200);
    // A member has no pending invitation.
    assert_eq!(bob.get("/v1/invitations").await.text, r#"{"data":[],"next_cursor":null}"#);
    assert_eq!(ann.get("/v1/invitations").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn expired_invitations_are_not_shown() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.advance_days(7).await;
    assert_eq!(world.user("bob").await.get("/v1/invitations").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn the_list_requires_a_verified_address() {
    let world = World::start().await;
    for token in [json!({"sub": "bob", "email": "bob@example.com"}), json!({"sub": "bob"})] {
        let denied = world.token(&token).await.get("/v1/invitations").await.to_string();
        assert_eq!(denied, "403 email_not_verified by guard.verified-address-answers");
    }
    assert_eq!(world.nobody().get("/v1/invitations").await.status, 401);
    insta::assert_snapshot!(world.user("bob").await.get("/v1/invitations?status=pending").await, @"422 validation_failed /status:unknown_field");
}

#[tokio::test]
async fn the_list_has_pages() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    for _ in 0..3 {
        let org = world.org(&ann).await;
        ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
            .await
            .expect(201);
    }
    let first = bob.get("/v1/invitations?limit=2").await.expect(200);
    let second = bob
        .get(&format!("/v1/invitations?limit=2&cursor={}", first["next_cursor"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(
        (
            first["data"].as_array().unwrap().len(),
            second["data"].as_array().unwrap().len(),
            &second["next_cursor"]
        ),
        (2, 1, &json!(null))
    );
}
