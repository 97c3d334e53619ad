use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_removed_member_is_an_outsider_from_the_next_request_on() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "administrator").await;
    let answer = ann.delete(&format!("/v1/orgs/{org}/members/bob")).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    insta::assert_snapshot!(bob.get(&format!("/v1/orgs/{org}")).await, @"404 org_not_found");
    assert_eq!(bob.get("/v1/orgs").await.expect(200)["data"], json!([]));
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["member_count"], 1);
    world.assert_whole(&org).await;
    let audit = world.audit(&org).await;
    assert_eq!(audit.last().unwrap()["action"]["S"], "remove_member");
    assert!(audit.last().unwrap().get("after").is_none());
}

#[tokio::test]
async fn a_removed_member_can_be_invited_again_but_cannot_rejoin_with_the_old_link() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.user("bob").await;
    let old = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    bob.post("/v1/invitations/accept", &json!({"token": old})).await.expect(200);
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.status, 204);
    insta::assert_snapshot!(bob.post("/v1/invitations/accept", &json!({"token": old})).await, @"410 invitation_used");
    let new = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    bob.post("/v1/invitations/accept", &json!({"token": new})).await.expect(200);
    // Joining again with a new invitation does not make the old one valid.
    insta::assert_snapshot!(bob.post("/v1/invitations/accept", &json!({"token": old})).await, @"410 invitation_used");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn only_owners_remove_owners_and_never_the_last() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let remove = async |caller: &crate::world::Caller, user: &str| {
        caller.delete(&format!("/v1/orgs/{org}/members/{user}")).await.to_string()
    };
    insta::assert_snapshot!(remove(&adam, "ann").await, @"403 owner_protected needs owner by guard.only-owners-touch-owners");
    insta::assert_snapshot!(remove(&ann, "ann").await, @"409 last_owner");
    insta::assert_snapshot!(remove(&vic, "vic").await, @"403 missing_permission needs administrator");
    assert_eq!(remove(&adam, "nobody").await, "404 member_not_found");
    assert_eq!(remove(&adam, "adam").await, "204");
    ann.patch(&format!("/v1/orgs/{org}/members/vic"), &json!({"role": "owner"})).await.expect(200);
    assert_eq!(remove(&vic, "ann").await, "204");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn the_body_must_be_empty() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    insta::assert_snapshot!(ann.call("DELETE", &path, Some(&json!({"force": true}))).await, @"422 validation_failed /force:unknown_field");
    insta::assert_snapshot!(ann.call("DELETE", &path, Some(&json!([]))).await, @"422 validation_failed :wrong_type");
    assert_eq!(ann.call("DELETE", &path, Some(&json!({}))).await.status, 204);
}

#[tokio::test]
async fn a_repeated_removal_replays_the_response() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    assert_eq!(ann.keyed("DELETE", &path, "k", &json!({})).await.status, 204);
    let again = ann.keyed("DELETE", &path, "k", &json!({})).await;
    assert_eq!(
        (again.status, again.text.as_str(), again.headers["idempotency-replayed"].as_str()),
        (204, "", "true")
    );
    assert_eq!(ann.delete(&path).await.code(), Some("member_not_found"));
}

#[tokio::test]
async fn removal_works_in_a_suspended_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    world.suspend(&org).await;
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.status, 204);
}
