//! Failures that other products had in production, and that must not happen here. Failures of a
//! single function are tested in the file of that function.

use orgs_local::MailFaults;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, Options, World, token_in};

async fn stage() -> (World, Caller, String) {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    (world, ann, org)
}

async fn accept(caller: &Caller, token: &str) -> Answer {
    caller.post("/v1/invitations/accept", &json!({"token": token})).await
}

#[tokio::test]
async fn an_address_is_matched_as_a_whole_and_never_by_substring() {
    let (world, ann, org) = stage().await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    for (sub, email) in [
        ("1", "bob@example.com.evil.example"),
        ("2", "xbob@example.com"),
        ("3", "bob@example.co"),
        ("4", "bob+1@example.com"),
    ] {
        let person =
            world.token(&json!({"sub": sub, "email": email, "email_verified": true})).await;
        assert_eq!(accept(&person, &token).await.code(), Some("email_mismatch"), "{email}");
        assert_eq!(person.get("/v1/invitations").await.expect(200)["data"], json!([]), "{email}");
    }
    // A member's address does not block an address with the same beginning or end.
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token}))
        .await
        .expect(200);
    ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "ob@example.com"}))
        .await
        .expect(201);
}

#[tokio::test]
async fn an_invitation_cannot_be_used_through_another_organizations_id() {
    let (world, ann, org) = stage().await;
    let other = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    let bob = world.user("bob").await;
    let elsewhere = token.replace(&org["org_".len()..], &other["org_".len()..]);
    assert_eq!(accept(&bob, &elsewhere).await.to_string(), "404 invitation_not_found");
    let by_ids =
        bob.post("/v1/invitations/accept", &json!({"org_id": other, "invitation_id": id})).await;
    assert_eq!(by_ids.to_string(), "404 invitation_not_found");
    for verb in ["resend", "revoke"] {
        let answer =
            ann.post(&format!("/v1/orgs/{other}/invitations/{id}/{verb}"), &json!({})).await;
        assert_eq!(answer.to_string(), "404 invitation_not_found", "{verb}");
    }
    accept(&bob, &token).await.expect(200);
}

#[tokio::test]
async fn the_preview_shows_the_role_and_organization_that_accepting_gives() {
    let (world, ann, org) = stage().await;
    let token = world.invite(&org, &ann, "bob@example.com", "administrator").await;
    let shown =
        world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.expect(200);
    let accepted = accept(&world.user("bob").await, &token).await.expect(200);
    assert_eq!(
        (&accepted["org"]["name"], &accepted["member"]["role"]),
        (&shown["org"]["name"], &shown["role"])
    );
    // An invitation with another role is a new invitation with a new link.
    let first = world.invite(&org, &ann, "cy@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations/{id}/revoke"), &json!({})).await.expect(200);
    world.invite(&org, &ann, "cy@example.com", "owner").await;
    assert_eq!(accept(&world.user("cy").await, &first).await.to_string(), "410 invitation_revoked");
}

#[tokio::test]
async fn an_administrator_cannot_change_make_or_invite_an_owner_in_any_spelling() {
    let (world, ann, org) = stage().await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    world.member(&org, &ann, "bob", "viewer").await;
    let members = format!("/v1/orgs/{org}/members");
    for role in [
        json!("owner"),
        json!("Owner"),
        json!(" owner"),
        json!("owner\u{0}"),
        json!("administrator,owner"),
        json!(["owner"]),
        json!(["administrator", "owner"]),
        json!({"owner": true}),
    ] {
        let made = adam.patch(&format!("{members}/bob"), &json!({"role": role})).await;
        assert!(matches!(made.code(), Some("owner_grant" | "validation_failed")), "{role}: {made}");
        let invited = adam
            .post(
                &format!("/v1/orgs/{org}/invitations"),
                &json!({"email": "x@example.com", "role": role}),
            )
            .await;
        assert!(
            matches!(invited.code(), Some("owner_grant" | "validation_failed")),
            "{role}: {invited}"
        );
        let bulk = adam
            .post(
                &format!("/v1/orgs/{org}/invitations/bulk"),
                &json!({"invitations": [{"email": "x@example.com", "role": role}]}),
            )
            .await;
        assert_eq!(bulk.expect(200)["results"][0]["status"], "refused", "{role}");
    }
    for owner in ["ann", "%61nn"] {
        assert_eq!(
            adam.delete(&format!("{members}/{owner}")).await.code(),
            Some("owner_protected")
        );
        assert_eq!(
            adam.patch(&format!("{members}/{owner}"), &json!({"role": "viewer"})).await.code(),
            Some("owner_protected")
        );
    }
    assert_eq!(
        adam.patch(&format!("{members}/adam"), &json!({"role": "owner"})).await.code(),
        Some("owner_grant")
    );
    assert_eq!(
        adam.post(&format!("/v1/orgs/{org}/transfer"), &json!({"user_id": "adam"})).await.code(),
        Some("missing_permission")
    );
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["owner_count"], 1);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn removing_the_inviter_cancels_only_their_owner_invitations() {
    let (world, ann, org) = stage().await;
    let olga = world.member(&org, &ann, "olga", "owner").await;
    let (owner, viewer) = (
        world.invite(&org, &olga, "bob@example.com", "owner").await,
        world.invite(&org, &olga, "cy@example.com", "viewer").await,
    );
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/olga")).await.status, 204);
    accept(&world.user("cy").await, &viewer).await.expect(200);
    assert_eq!(
        accept(&world.user("bob").await, &owner).await.to_string(),
        "410 invitation_revoked"
    );
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn accepting_twice_makes_one_member() {
    let (world, ann, org) = stage().await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let bob = world.user("bob").await;
    let (first, second) =
        (accept(&bob, &token).await.expect(200), accept(&bob, &token).await.expect(200));
    assert_eq!(first["member"], second["member"]);
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["member_count"], 2);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_removed_member_cannot_rejoin_with_the_old_link() {
    let (world, ann, org) = stage().await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let bob = world.user("bob").await;
    accept(&bob, &token).await.expect(200);
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.status, 204);
    assert_eq!(accept(&bob, &token).await.to_string(), "410 invitation_used");
    assert_eq!(bob.get(&format!("/v1/orgs/{org}")).await.to_string(), "404 org_not_found");
}

#[tokio::test]
async fn a_mailer_crash_between_two_steps_leaves_a_working_link_or_a_failed_delivery() {
    // The mailer fails after it stored the hashes and before it sent the mail, or after it sent the
    // mail and before it stored that; for a short time, and for hours.
    for faults in [
        MailFaults::Away(4),
        MailFaults::Away(u32::MAX),
        MailFaults::AnswerLost(3),
        MailFaults::AnswerLost(u32::MAX),
        MailFaults::Rejected,
    ] {
        let world = World::with(Options { mail_faults: faults, ..Options::default() }).await;
        let mut ann = world.user("ann").await;
        let org = world.org(&ann).await;
        ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
            .await
            .expect(201);
        if matches!(faults, MailFaults::Away(u32::MAX) | MailFaults::AnswerLost(u32::MAX)) {
            world.advance(5 * 3600).await;
            ann = world.user("ann").await; // the first token has expired
        }
        let shown = world
            .until("a final delivery status", async || {
                let list = ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200);
                (list["data"][0]["delivery"] != "queued")
                    .then(|| list["data"][0]["delivery"].clone())
            })
            .await;
        let mails = world.mails("bob@example.com").await;
        assert!(
            shown == "failed" || (shown == "sent" && !mails.is_empty()),
            "{faults:?}: {shown} with {} mails",
            mails.len()
        );
        for mail in &mails {
            let preview = world
                .nobody()
                .post("/v1/invitations/preview", &json!({"token": token_in(mail)}))
                .await;
            assert_eq!(preview.status, 200, "{faults:?}: a mailed link is invalid");
        }
        let id = world.newest_invitation(&org, &ann).await;
        ann.post(&format!("/v1/orgs/{org}/invitations/{id}/resend"), &json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn no_token_and_no_secret_is_in_any_stored_item() {
    let (world, ann, org) = stage().await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let id = world.newest_invitation(&org, &ann).await;
    ann.keyed("POST", &format!("/v1/orgs/{org}/invitations/{id}/resend"), "k", &json!({}))
        .await
        .expect(200);
    let newer = token_in(&world.mail("bob@example.com", 1).await);
    let bob = world.user("bob").await;
    bob.keyed("POST", "/v1/invitations/accept", "k", &json!({"token": newer})).await.expect(200);
    let stored = Value::from(world.items(0).await).to_string();
    for token in [&token, &newer] {
        assert!(!stored.contains(token.rsplit('.').next().unwrap()), "a secret is stored");
    }
    // CloudTrail logs keys, so keys contain hashes instead of addresses.
    for item in world.items(0).await {
        for key in ["PK", "SK"] {
            assert!(!item[key]["S"].as_str().unwrap().contains('@'), "{item}");
        }
    }
}
