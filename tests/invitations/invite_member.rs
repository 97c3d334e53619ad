use serde_json::json;

use crate::world::{Options, World};

#[tokio::test]
async fn an_administrator_invites_by_mail() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let answer = adam
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": " Bob@Example.com "}))
        .await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let invitation = answer.expect(201);
    let id = invitation["id"].as_str().unwrap();
    assert!(id.starts_with("inv_") && id.len() == 36);
    insta::assert_json_snapshot!(invitation, {".id" => "[id]", ".org_id" => "[org]", ".created_at" => "[time]", ".expires_at" => "[time]"}, @r#"
    {
      "id": "[id]",
      "org_id": "[org]",
      "email": "Bob@Example.com",
      "role": "viewer",
      "status": "pending",
      "delivery": "queued",
      "invited_by": {
        "user_id": "adam",
        "name": "Adam"
      },
      "accepted_by": null,
      "created_at": "[time]",
      "expires_at": "[time]",
      "version": 1
    }
    "#);
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!((&last["action"]["S"], &last["target"]["S"]), (&json!("invite_member"), &json!(id)));
}

#[tokio::test]
async fn an_invitation_is_valid_for_seven_days_or_for_expires_in_days() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    let days = |invitation: &serde_json::Value| {
        let time = |field: &str| {
            invitation[field].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap()
        };
        (time("expires_at") - time("created_at")).num_days()
    };
    assert_eq!(days(&ann.post(&path, &json!({"email": "a@example.com"})).await.expect(201)), 7);
    assert_eq!(
        days(
            &ann.post(&path, &json!({"email": "b@example.com", "expires_in_days": 1}))
                .await
                .expect(201)
        ),
        1
    );
    assert_eq!(
        days(
            &ann.post(
                &path,
                &json!({"email": "c@example.com", "expires_in_days": 30, "role": "owner"})
            )
            .await
            .expect(201)
        ),
        30
    );
    let mut answers = Vec::new();
    for bad in [json!(0), json!(31), json!(-1), json!(1.5), json!("7"), json!(1e30)] {
        answers.push(
            ann.post(&path, &json!({"email": "d@example.com", "expires_in_days": bad}))
                .await
                .to_string(),
        );
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /expires_in_days:invalid_value
    422 validation_failed /expires_in_days:invalid_value
    422 validation_failed /expires_in_days:invalid_value
    422 validation_failed /expires_in_days:wrong_type
    422 validation_failed /expires_in_days:wrong_type
    422 validation_failed /expires_in_days:wrong_type
    ");
}

#[tokio::test]
async fn an_invalid_address_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    for bad in [
        json!("bob"),
        json!("bob@localhost"),
        json!("a b@example.com"),
        json!("bob@example.com\r\nBcc: eve@example.com"),
        json!("bob@example.com,eve@example.com"),
        json!(7),
        json!(null),
        json!(["bob@example.com"]),
    ] {
        assert_eq!(ann.post(&path, &json!({"email": bad})).await.status, 422, "{bad}");
    }
    insta::assert_snapshot!(ann.post(&path, &json!({"email": "bob"})).await, @"422 validation_failed /email:invalid_value");
    assert_eq!(
        ann.post(&path, &json!({"email": "bob@example.com", "role": {"viewer": null}}))
            .await
            .status,
        422
    );
    insta::assert_snapshot!(ann.post(&path, &json!({})).await, @"422 validation_failed /email:missing_field");
    insta::assert_snapshot!(ann.post(&path, &json!({"email": "bob@example.com", "role": "admin"})).await, @"422 validation_failed /role:invalid_value");
}

#[tokio::test]
async fn an_address_in_another_letter_case_is_already_invited() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    let first = ann.post(&path, &json!({"email": "bob@example.com"})).await.expect(201);
    let second = ann.post(&path, &json!({"email": "BOB@EXAMPLE.COM"})).await;
    insta::assert_snapshot!(second, @"409 already_invited");
    assert_eq!(second.body["invitation_id"], first["id"]);
    // An address is matched as a whole: `+` tags and dots are significant.
    for other in ["bob+x@example.com", "b.ob@example.com", "bob@example.co", "xbob@example.com"] {
        ann.post(&path, &json!({"email": other})).await.expect(201);
    }
}

#[tokio::test]
async fn an_expired_invitation_does_not_block_a_new_one() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let old = world.invite(&org, &ann, "bob@example.com", "administrator").await;
    world.advance_days(7).await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let new = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    assert_eq!(
        bob.post("/v1/invitations/accept", &json!({"token": old})).await.code(),
        Some("invitation_expired")
    );
    assert_eq!(
        bob.post("/v1/invitations/accept", &json!({"token": new})).await.expect(200)["member"]["role"],
        "viewer"
    );
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn the_address_of_a_member_cannot_be_invited() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/invitations");
    insta::assert_snapshot!(ann.post(&path, &json!({"email": "Bob@example.com"})).await, @"409 already_member");
    assert_eq!(
        ann.post(&path, &json!({"email": "ann@example.com"})).await.code(),
        Some("already_member")
    );
}

#[tokio::test]
async fn only_owners_invite_owners_and_viewers_invite_nobody() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let path = format!("/v1/orgs/{org}/invitations");
    insta::assert_snapshot!(adam.post(&path, &json!({"email": "o@example.com", "role": "owner"})).await, @"403 owner_grant needs owner by guard.only-owners-make-owners");
    insta::assert_snapshot!(vic.post(&path, &json!({"email": "o@example.com"})).await, @"403 missing_permission needs administrator");
    insta::assert_snapshot!(vic.post(&path, &json!({"email": 7})).await, @"403 missing_permission needs administrator");
    ann.post(&path, &json!({"email": "o@example.com", "role": "owner"})).await.expect(201);
}

#[tokio::test]
async fn nobody_is_invited_to_a_suspended_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.suspend(&org).await;
    insta::assert_snapshot!(ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "b@example.com"})).await, @"403 org_not_active by guard.org-not-active");
}

#[tokio::test]
async fn one_inviter_has_a_limit_of_invitations_per_hour() {
    let world =
        World::with(Options { invitations_per_inviter_hour: Some(2), ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    let invite =
        async |name: &str| ann.post(&path, &json!({"email": format!("{name}@example.com")})).await;
    invite("a").await.expect(201);
    invite("b").await.expect(201);
    let refused = invite("c").await;
    insta::assert_snapshot!(refused, @"429 rate_limited");
    let wait: i64 = refused.headers["retry-after"].parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    // The limit covers all organizations of one person.
    let other = world.org(&ann).await;
    assert_eq!(
        ann.post(&format!("/v1/orgs/{other}/invitations"), &json!({"email": "d@example.com"}))
            .await
            .code(),
        Some("rate_limited")
    );
    world.advance(wait).await;
    let ann = world.user("ann").await;
    ann.post(&path, &json!({"email": "c@example.com"})).await.expect(201);
}

#[tokio::test]
async fn one_address_has_a_limit_of_invitations_per_day() {
    let world =
        World::with(Options { invitations_per_recipient_day: Some(1), ..Options::default() }).await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (hers, his) = (world.org(&ann).await, world.org(&bob).await);
    ann.post(&format!("/v1/orgs/{hers}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    let refused =
        bob.post(&format!("/v1/orgs/{his}/invitations"), &json!({"email": "CY@example.com"})).await;
    assert_eq!((refused.status, refused.code()), (429, Some("rate_limited")));
    world.advance(refused.headers["retry-after"].parse().unwrap()).await;
    let bob = world.user("bob").await;
    bob.post(&format!("/v1/orgs/{his}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_repeated_request_sends_one_mail() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    let first = ann.keyed("POST", &path, "k", &json!({"email": "bob@example.com"})).await;
    world.delivery(&org, &ann, "sent").await;
    let again = ann.keyed("POST", &path, "k", &json!({"email": "bob@example.com"})).await;
    assert_eq!((again.status, again.text), (201, first.text));
    // A second mail would arrive before this one.
    world.invite(&org, &ann, "cy@example.com", "viewer").await;
    assert_eq!(world.mails("bob@example.com").await.len(), 1);
}
