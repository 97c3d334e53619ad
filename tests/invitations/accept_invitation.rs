use serde_json::{Value, json};

use crate::world::{Answer, Caller, World};

async fn accept(caller: &Caller, token: &str) -> Answer {
    caller.post("/v1/invitations/accept", &json!({"token": token})).await
}

#[tokio::test]
async fn the_invited_address_becomes_a_member_once() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "Bob@Example.com", "administrator").await;
    let bob = world.user("bob").await;
    let accepted = accept(&bob, &token).await.expect(200);
    insta::assert_json_snapshot!(accepted, {".**.id" => "[id]", ".**.org_id" => "[org]", ".**.created_at" => "[time]", ".**.updated_at" => "[time]", ".**.joined_at" => "[time]"}, @r#"
    {
      "org": {
        "id": "[id]",
        "name": "Acme",
        "description": null,
        "metadata": {},
        "status": "active",
        "role": "administrator",
        "owner_count": 1,
        "member_count": 2,
        "seat_limit": null,
        "billing_modes": [
          "account",
          "independent"
        ],
        "settings": {
          "high_cost_creators": "administrator"
        },
        "created_at": "[time]",
        "updated_at": "[time]",
        "version": 1
      },
      "member": {
        "org_id": "[org]",
        "user_id": "bob",
        "name": "Bob",
        "email": "bob@example.com",
        "role": "administrator",
        "joined_at": "[time]",
        "invited_by": "ann",
        "version": 1
      }
    }
    "#);
    // Accepting twice creates one member and gives the same response.
    assert_eq!(accept(&bob, &token).await.expect(200), accepted);
    world.assert_whole(&org).await;
    let list = ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200);
    assert_eq!(
        (&list["data"][0]["status"], &list["data"][0]["accepted_by"]),
        (&json!("accepted"), &json!("bob"))
    );
    let audit = world.audit(&org).await;
    assert_eq!(
        audit.iter().filter(|record| record["action"]["S"] == "accept_invitation").count(),
        1
    );
}

#[tokio::test]
async fn accepting_requires_the_invited_verified_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let eve = world.user("eve").await;
    let refused = accept(&eve, &token).await;
    insta::assert_snapshot!(refused, @"403 email_mismatch by guard.invited-address-answers");
    assert!(!refused.text.contains("bob"), "{}", refused.text);
    for (sub, email, verified) in
        [("bob", "bob@example.com", false), ("bob", "eve@example.com", false)]
    {
        let person =
            world.token(&json!({"sub": sub, "email": email, "email_verified": verified})).await;
        assert_eq!(accept(&person, &token).await.code(), Some("email_not_verified"));
    }
    assert_eq!(
        accept(&world.token(&json!({"sub": "bob"})).await, &token).await.code(),
        Some("email_not_verified")
    );
    // An address is matched as a whole, never by substring.
    for near in ["bob@example.com.evil.example", "xbob@example.com", "bob@example.co"] {
        let person =
            world.token(&json!({"sub": "near", "email": near, "email_verified": true})).await;
        assert_eq!(accept(&person, &token).await.code(), Some("email_mismatch"), "{near}");
    }
    assert_eq!(
        world.nobody().post("/v1/invitations/accept", &json!({"token": token})).await.status,
        401
    );
    let upper = world
        .token(&json!({"sub": "bob", "email": "BOB@EXAMPLE.COM", "email_verified": true}))
        .await;
    accept(&upper, &token).await.expect(200);
}

#[tokio::test]
async fn an_invalid_token_is_not_found_before_the_caller_is_checked() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let unverified = world.token(&json!({"sub": "eve"})).await;
    let wrong = format!("{}.{}", token.rsplit_once('.').unwrap().0, "A".repeat(43));
    for bad in ["", "inv1.x.y", wrong.as_str()] {
        assert_eq!(accept(&unverified, bad).await.to_string(), "404 invitation_not_found", "{bad}");
    }
    let mut answers = Vec::new();
    for body in [
        json!({}),
        json!({"token": token, "org_id": org}),
        json!({"org_id": org}),
        json!({"invitation_id": "x"}),
        json!({"token": 1}),
        json!({"token": null}),
    ] {
        answers.push(unverified.post("/v1/invitations/accept", &body).await.to_string());
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /token:missing_field
    422 validation_failed /token:missing_field
    422 validation_failed /token:missing_field
    422 validation_failed /token:missing_field
    422 validation_failed /token:wrong_type
    422 validation_failed /token:missing_field
    ");
}

#[tokio::test]
async fn a_declined_or_revoked_invitation_is_410() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.user("bob").await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let invitation =
        ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200)["data"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
    for (state, code) in [("declined", "invitation_declined"), ("revoked", "invitation_revoked")] {
        world.set_state(&org, &invitation, state).await;
        let answer = accept(&bob, &token).await;
        assert_eq!((answer.status, answer.code()), (410, Some(code)));
        assert_eq!(
            world
                .nobody()
                .post("/v1/invitations/preview", &json!({"token": token}))
                .await
                .expect(200)["status"],
            state
        );
    }
}

#[tokio::test]
async fn an_expired_invitation_is_410() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.advance(7 * 86_400 - 1).await;
    world.advance(1).await;
    let bob = world.user("bob").await;
    insta::assert_snapshot!(accept(&bob, &token).await, @"410 invitation_expired");
}

#[tokio::test]
async fn an_invitation_is_valid_until_the_second_before_it_expires() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.advance(7 * 86_400 - 1).await;
    accept(&world.user("bob").await, &token).await.expect(200);
}

#[tokio::test]
async fn an_accepted_invitation_is_410_to_others() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    accept(&world.user("bob").await, &token).await.expect(200);
    insta::assert_snapshot!(accept(&world.user("eve").await, &token).await, @"410 invitation_used");
    let namesake = world
        .token(&json!({"sub": "bob2", "email": "bob@example.com", "email_verified": true}))
        .await;
    assert_eq!(accept(&namesake, &token).await.code(), Some("invitation_used"));
}

#[tokio::test]
async fn a_member_with_another_address_is_already_a_member() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let token = world.invite(&org, &ann, "robert@example.com", "owner").await;
    let bob = world
        .token(&json!({"sub": "bob", "email": "robert@example.com", "email_verified": true}))
        .await;
    insta::assert_snapshot!(accept(&bob, &token).await, @"409 already_member");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn without_a_free_seat_the_invitation_stays_pending() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let bob = world.user("bob").await;
    world.seat_limit(&org, 1).await;
    insta::assert_snapshot!(accept(&bob, &token).await, @"409 seat_limit_reached");
    world.seat_limit(&org, 2).await;
    accept(&bob, &token).await.expect(200);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn nobody_joins_a_suspended_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.suspend(&org).await;
    insta::assert_snapshot!(accept(&world.user("bob").await, &token).await, @"403 org_not_active by guard.org-not-active");
    assert_eq!(accept(&world.user("eve").await, &token).await.code(), Some("email_mismatch"));
}

#[tokio::test]
async fn an_owner_invitation_ends_when_its_inviter_is_demoted_and_others_stay_valid() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let olga = world.member(&org, &ann, "olga", "owner").await;
    let (owner, viewer) = (
        world.invite(&org, &olga, "bob@example.com", "owner").await,
        world.invite(&org, &olga, "cy@example.com", "viewer").await,
    );
    ann.patch(&format!("/v1/orgs/{org}/members/olga"), &json!({"role": "administrator"}))
        .await
        .expect(200);
    insta::assert_snapshot!(accept(&world.user("bob").await, &owner).await, @"410 invitation_revoked");
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/olga")).await.status, 204);
    assert_eq!(accept(&world.user("bob").await, &owner).await.code(), Some("invitation_revoked"));
    accept(&world.user("cy").await, &viewer).await.expect(200);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn an_owner_invitation_makes_an_owner_while_its_inviter_is_an_owner() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "owner").await;
    assert_eq!(accept(&world.user("bob").await, &token).await.expect(200)["org"]["owner_count"], 2);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn accepting_by_ids_requires_the_invited_verified_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let invited = ann
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .expect(201);
    let by_ids = async |caller: &Caller, org: &str, id: &Value| {
        caller.post("/v1/invitations/accept", &json!({"org_id": org, "invitation_id": id})).await
    };
    let id = &invited["id"];
    let unverified = world.token(&json!({"sub": "bob", "email": "bob@example.com"})).await;
    for caller in [&ann, &world.user("eve").await, &unverified] {
        assert_eq!(by_ids(caller, &org, id).await.to_string(), "404 invitation_not_found");
    }
    let bob = world.user("bob").await;
    let other = world.org(&ann).await;
    for (org, id) in [(other.as_str(), id), ("x", id), (org.as_str(), &json!("x"))] {
        assert_eq!(by_ids(&bob, org, id).await.code(), Some("invitation_not_found"));
    }
    by_ids(&bob, &org, id).await.expect(200);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_repeated_acceptance_replays_the_response_even_after_the_member_was_removed() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let bob = world.user("bob").await;
    let first = bob.keyed("POST", "/v1/invitations/accept", "k", &json!({"token": token})).await;
    assert_eq!(first.status, 200);
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.status, 204);
    let again = bob.keyed("POST", "/v1/invitations/accept", "k", &json!({"token": token})).await;
    assert_eq!(
        (again.status, again.text, again.headers["idempotency-replayed"].as_str()),
        (200, first.text, "true")
    );
    let other = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    assert_eq!(
        bob.keyed("POST", "/v1/invitations/accept", "k", &json!({"token": other})).await.code(),
        Some("idempotency_key_reused")
    );
}
