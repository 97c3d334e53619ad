use serde_json::json;

use crate::world::{Options, World, token_in};

#[tokio::test]
async fn a_resend_mails_a_new_link_and_invalidates_the_old_one() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let old = world.invite(&org, &ann, "bob@example.com", "administrator").await;
    world.delivery(&org, &ann, "sent").await;
    let id = world.newest_invitation(&org, &ann).await;
    world.advance_days(3).await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let answer = ann.call("POST", &format!("/v1/orgs/{org}/invitations/{id}/resend"), None).await;
    assert_eq!(answer.headers["etag"], "\"3\"");
    let sent_again = answer.expect(200);
    assert_eq!(
        (&sent_again["id"], &sent_again["status"], &sent_again["delivery"]),
        (&json!(id), &json!("pending"), &json!("queued"))
    );
    let new = token_in(&world.mail("bob@example.com", 1).await);
    assert_eq!(
        bob.post("/v1/invitations/accept", &json!({"token": old})).await.code(),
        Some("invitation_not_found")
    );
    assert_eq!(
        world.nobody().post("/v1/invitations/preview", &json!({"token": old})).await.code(),
        Some("invitation_not_found")
    );
    // The invitation is valid for the same period again.
    world.advance_days(6).await;
    let bob = world.user("bob").await;
    assert_eq!(
        bob.post("/v1/invitations/accept", &json!({"token": new})).await.expect(200)["member"]["role"],
        "administrator"
    );
    world.assert_whole(&org).await;
    let audit = world.audit(&org).await;
    assert_eq!(
        audit.iter().filter(|record| record["action"]["S"] == "resend_invitation").count(),
        1
    );
}

#[tokio::test]
async fn an_expired_invitation_can_be_resent_unless_its_address_has_a_newer_one() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let first = world.newest_invitation(&org, &ann).await;
    let resend = async |id: &str| {
        world
            .user("ann")
            .await
            .call("POST", &format!("/v1/orgs/{org}/invitations/{id}/resend"), None)
            .await
    };
    world.advance_days(7).await;
    assert_eq!(resend(&first).await.expect(200)["status"], "pending");
    world.advance_days(7).await;
    let ann = world.user("ann").await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let second = world.newest_invitation(&org, &ann).await;
    let refused = resend(&first).await;
    insta::assert_snapshot!(refused, @"409 already_invited");
    assert_eq!(refused.body["invitation_id"], second.as_str());
    // The invited person is a member by then.
    ann.get(&format!("/v1/orgs/{org}")).await.expect(200);
    let bob = world.user("bob").await;
    bob.post("/v1/invitations/accept", &json!({"org_id": org, "invitation_id": second}))
        .await
        .expect(200);
    insta::assert_snapshot!(resend(&first).await, @"409 already_member");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_closed_invitation_cannot_be_resent() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    let resend = async |id: &str| {
        ann.call("POST", &format!("/v1/orgs/{org}/invitations/{id}/resend"), None).await.to_string()
    };
    insta::assert_snapshot!(resend(&id).await, @"409 invitation_not_pending");
    for unknown in ["x", "inv_01980000000070008000000000000000", "%ff"] {
        assert_eq!(resend(unknown).await, "404 invitation_not_found", "{unknown}");
    }
}

#[tokio::test]
async fn an_administrator_cannot_resend_an_owner_invitation() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    world.invite(&org, &ann, "bob@example.com", "owner").await;
    let id = world.newest_invitation(&org, &ann).await;
    let path = format!("/v1/orgs/{org}/invitations/{id}/resend");
    insta::assert_snapshot!(adam.call("POST", &path, None).await, @"403 owner_grant needs owner by guard.only-owners-handle-owner-invitations");
    insta::assert_snapshot!(vic.post(&path, &json!({"more": 1})).await, @"403 missing_permission needs administrator");
    insta::assert_snapshot!(ann.post(&path, &json!({"more": 1})).await, @"422 validation_failed /more:unknown_field");
    ann.call("POST", &path, None).await.expect(200);
}

#[tokio::test]
async fn a_resend_counts_toward_the_limits() {
    let world =
        World::with(Options { invitations_per_recipient_day: Some(2), ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    let path = format!("/v1/orgs/{org}/invitations/{id}/resend");
    ann.call("POST", &path, None).await.expect(200);
    let refused = ann.call("POST", &path, None).await;
    insta::assert_snapshot!(refused, @"429 rate_limited");
    assert!(refused.headers["retry-after"].parse::<i64>().unwrap() > 0);
}

#[tokio::test]
async fn a_resend_uses_the_current_name_of_the_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    ann.patch(&format!("/v1/orgs/{org}"), &json!({"name": "Umbrella"})).await.expect(200);
    ann.call("POST", &format!("/v1/orgs/{org}/invitations/{id}/resend"), None).await.expect(200);
    let mail = world.mail("bob@example.com", 1).await;
    assert_eq!(mail["subject"], "Invitation to join Umbrella");
    assert!(!mail.to_string().contains("Acme"), "{mail}");
}
