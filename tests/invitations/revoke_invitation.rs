use futures::future::join_all;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_revoked_invitation_is_410_and_its_address_can_be_invited_again() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.delivery(&org, &ann, "sent").await;
    let id = world.newest_invitation(&org, &ann).await;
    let path = format!("/v1/orgs/{org}/invitations/{id}/revoke");
    let answer = ann.call("POST", &path, None).await;
    assert_eq!(answer.headers["etag"], "\"3\"");
    assert_eq!(answer.expect(200)["status"], "revoked");
    let bob = world.user("bob").await;
    insta::assert_snapshot!(bob.post("/v1/invitations/accept", &json!({"token": token})).await, @"410 invitation_revoked");
    assert_eq!(
        world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.expect(200)
            ["status"],
        "revoked"
    );
    insta::assert_snapshot!(ann.call("POST", &path, None).await, @"409 invitation_not_pending");
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn an_expired_invitation_cannot_be_revoked_and_an_unknown_one_is_not_found() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    world.advance_days(7).await;
    let ann = world.user("ann").await;
    let revoke = async |org: &str, id: &str| {
        ann.call("POST", &format!("/v1/orgs/{org}/invitations/{id}/revoke"), None).await.to_string()
    };
    assert_eq!(revoke(&org, &id).await, "409 invitation_not_pending");
    assert_eq!(
        revoke(&org, "inv_01980000000070008000000000000000").await,
        "404 invitation_not_found"
    );
    // An invitation is not found with another organization's id.
    assert_eq!(revoke(&world.org(&ann).await, &id).await, "404 invitation_not_found");
}

#[tokio::test]
async fn revoking_works_in_a_suspended_organization_and_owner_invitations_need_an_owner() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    world.invite(&org, &ann, "bob@example.com", "owner").await;
    let path =
        format!("/v1/orgs/{org}/invitations/{}/revoke", world.newest_invitation(&org, &ann).await);
    insta::assert_snapshot!(adam.call("POST", &path, None).await, @"403 owner_grant needs owner by guard.only-owners-handle-owner-invitations");
    world.suspend(&org).await;
    ann.call("POST", &path, None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_and_revoking_concurrently_have_one_consistent_outcome() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    for name in ["b", "c", "d", "e"] {
        let token = world.invite(&org, &ann, &format!("{name}@example.com"), "viewer").await;
        let path = format!(
            "/v1/orgs/{org}/invitations/{}/revoke",
            world.newest_invitation(&org, &ann).await
        );
        let guest = world.user(name).await;
        let (accept, nothing) = (json!({"token": token}), json!({}));
        let answers = join_all([
            guest.call("POST", "/v1/invitations/accept", Some(&accept)),
            ann.call("POST", &path, Some(&nothing)),
        ])
        .await;
        let is_member = guest.get(&format!("/v1/orgs/{org}")).await.status == 200;
        let wanted = if is_member { (200, 409) } else { (410, 200) };
        assert_eq!((answers[0].status, answers[1].status), wanted, "{} {}", answers[0], answers[1]);
        world.assert_whole(&org).await;
    }
}
