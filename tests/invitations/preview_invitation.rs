use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_link_shows_the_invitation_without_signing_in() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "Bob@Example.com", "administrator").await;
    let preview =
        world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.expect(200);
    insta::assert_json_snapshot!(preview, {".expires_at" => "[time]"}, @r#"
    {
      "org": {
        "name": "Acme"
      },
      "role": "administrator",
      "inviter": {
        "name": "Ann"
      },
      "email": "b***@example.com",
      "status": "pending",
      "expires_at": "[time]"
    }
    "#);
}

#[tokio::test]
async fn the_preview_shows_the_status_if_the_secret_is_right() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let (used, left) = (
        world.invite(&org, &ann, "bob@example.com", "viewer").await,
        world.invite(&org, &ann, "cy@example.com", "viewer").await,
    );
    let status = async |token: &str| {
        world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.expect(200)["status"].clone()
    };
    assert_eq!(status(&used).await, "pending");
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": used}))
        .await
        .expect(200);
    assert_eq!(status(&used).await, "accepted");
    world.advance_days(7).await;
    assert_eq!(status(&left).await, "expired");
    assert_eq!(status(&used).await, "accepted");
}

#[tokio::test]
async fn an_invalid_token_is_not_found() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let other_org = world.org(&ann).await;
    let wrong_secret = format!("{}.{}", token.rsplit_once('.').unwrap().0, "A".repeat(43));
    // An invitation cannot be used with another organization's id.
    let other = token.replace(&org["org_".len()..], &other_org["org_".len()..]);
    for bad in [
        "",
        "x",
        "inv1.",
        &token[..token.len() - 1],
        &format!("{token}A"),
        &token.to_uppercase(),
        &wrong_secret,
        &other,
        &"a".repeat(10_000),
    ] {
        let answer = world.nobody().post("/v1/invitations/preview", &json!({"token": bad})).await;
        assert_eq!((answer.status, answer.code()), (404, Some("invitation_not_found")), "{bad}");
    }
    let nobody = world.nobody();
    insta::assert_snapshot!(nobody.post("/v1/invitations/preview", &json!({})).await, @"422 validation_failed /token:missing_field");
    insta::assert_snapshot!(nobody.post("/v1/invitations/preview", &json!({"token": 7})).await, @"422 validation_failed /token:wrong_type");
    insta::assert_snapshot!(nobody.post("/v1/invitations/preview", &json!({"token": "x", "more": 1})).await, @"422 validation_failed /more:unknown_field");
    insta::assert_snapshot!(nobody.call("POST", "/v1/invitations/preview", None).await, @"400 malformed_json");
}

#[tokio::test]
async fn an_inviter_without_a_name_is_shown_by_a_masked_address() {
    let world = World::start().await;
    let nameless = world
        .token(&json!({"sub": "nn", "email": "nn.secret@example.com", "email_verified": true}))
        .await;
    let org = nameless.post("/v1/orgs", &json!({"name": "Acme"})).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = world.invite(&org, &nameless, "bob@example.com", "viewer").await;
    let preview =
        world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.expect(200);
    assert_eq!(preview["inviter"]["name"], "n***@example.com");
    let mail = world.mail("bob@example.com", 0).await;
    assert!(!mail.to_string().contains("nn.secret"), "{mail}");
}
