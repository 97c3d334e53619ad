//! A member's name and address come from the token when the person joins. The person's next write
//! refreshes them.

use serde_json::{Value, json};

use crate::world::World;

async fn member(world: &World, org: &str, id: &str) -> Value {
    let list = world.user("ann").await.get(&format!("/v1/orgs/{org}/members")).await.expect(200);
    list["data"].as_array().unwrap().iter().find(|member| member["user_id"] == id).unwrap().clone()
}

#[tokio::test]
async fn a_write_refreshes_the_name_and_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    let renamed = world.token(&json!({"sub": "bob", "email": "robert@example.com", "email_verified": true, "name": "Robert"})).await;
    // Reading changes nothing.
    renamed.get(&format!("/v1/orgs/{org}")).await.expect(200);
    assert_eq!(member(&world, &org, "bob").await["name"], "Bob");
    renamed
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    let bob = member(&world, &org, "bob").await;
    assert_eq!(
        (&bob["name"], &bob["email"], &bob["version"]),
        (&json!("Robert"), &json!("robert@example.com"), &json!(2))
    );
    world.assert_whole(&org).await;
    // The old address can be invited again, and the new one belongs to a member.
    assert_eq!(
        ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "robert@example.com"}))
            .await
            .code(),
        Some("already_member")
    );
    ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .expect(201);
}

#[tokio::test]
async fn an_unverified_address_is_not_stored() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    let unverified = world.token(&json!({"sub": "bob", "email": "eve@example.com", "email_verified": false, "name": "Bob"})).await;
    unverified
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    assert_eq!(member(&world, &org, "bob").await["email"], "bob@example.com");
}

#[tokio::test]
async fn the_address_of_another_member_is_not_stored() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    let as_ann = world.token(&json!({"sub": "bob", "email": "ann@example.com", "email_verified": true, "name": "Robert"})).await;
    as_ann
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    let bob = member(&world, &org, "bob").await;
    assert_eq!((&bob["name"], &bob["email"]), (&json!("Robert"), &json!("bob@example.com")));
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_write_without_a_refresh_keeps_the_version() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    let as_ann = world.token(&json!({"sub": "bob", "email": "ann@example.com", "email_verified": true, "name": "Bob"})).await;
    as_ann
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    assert_eq!(member(&world, &org, "bob").await["version"], 1);
}

#[tokio::test]
async fn an_expired_invitation_does_not_block_the_new_address_of_a_member() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    ann.post(
        &format!("/v1/orgs/{org}/invitations"),
        &json!({"email": "new@example.com", "expires_in_days": 1}),
    )
    .await
    .expect(201);
    world.advance_days(1).await;
    let moved = world.token(&json!({"sub": "bob", "email": "new@example.com", "email_verified": true, "name": "Bob"})).await;
    moved
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    assert_eq!(member(&world, &org, "bob").await["email"], "new@example.com");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_caller_can_remove_the_member_whose_address_they_have_now() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    world.member(&org, &ann, "cy", "viewer").await;
    let as_cy = world.token(&json!({"sub": "bob", "email": "cy@example.com", "email_verified": true, "name": "Bob"})).await;
    assert_eq!(as_cy.delete(&format!("/v1/orgs/{org}/members/cy")).await.status, 204);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn nobody_can_invite_their_own_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let renamed = world.token(&json!({"sub": "ann", "email": "new@example.com", "email_verified": true, "name": "Ann"})).await;
    insta::assert_snapshot!(renamed.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "New@example.com"})).await, @"409 already_member");
}
