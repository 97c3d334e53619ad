//! `POST /v1/mail/opt-out/{token}`

use serde_json::{Value, json};

use crate::world::{Answer, Caller, World, opt_out_in, token_in};

async fn stage() -> (World, Caller, String) {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "Bob@Example.com", "viewer").await;
    world.delivery(&org, &ann, "sent").await;
    (world, ann, org)
}

async fn opt_out(world: &World, token: &str) -> Answer {
    let nobody = world.nobody();
    let request = nobody
        .request("POST", &format!("/v1/mail/opt-out/{token}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("List-Unsubscribe=One-Click");
    nobody.send(request).await
}

#[tokio::test]
async fn one_click_stops_the_mails_of_every_organization() {
    let (world, ann, org) = stage().await;
    let other = world.org(&ann).await;
    world.invite(&other, &ann, "bob@example.com", "viewer").await;
    let mails = world.mails("bob@example.com").await;
    let first = opt_out(&world, &opt_out_in(&mails[1])).await;
    assert_eq!(first.expect(200), json!({"email": "b***@example.com"}));
    for org in [&org, &other] {
        let invitation =
            &ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200)["data"][0];
        assert_eq!(
            (&invitation["delivery"], &invitation["status"]),
            (&json!("failed"), &json!("pending"))
        );
    }
    // Pending invitations can still be accepted.
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token_in(&mails[0])}))
        .await
        .expect(200);
    let third = world.org(&ann).await;
    let path = format!("/v1/orgs/{third}/invitations");
    assert_eq!(
        ann.post(&path, &json!({"email": "BOB@example.com"})).await.to_string(),
        "409 address_blocked"
    );
    let bulk = ann
        .post(
            &format!("{path}/bulk"),
            &json!({"invitations": [{"email": "bob@example.com"}, {"email": "cy@example.com"}]}),
        )
        .await
        .expect(200);
    assert_eq!(
        (&bulk["results"][0]["code"], &bulk["results"][1]["status"]),
        (&json!("address_blocked"), &json!("invited"))
    );
    let id = ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200)["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let resent =
        ann.post(&format!("/v1/orgs/{org}/invitations/{id}/resend"), &json!({})).await.to_string();
    assert_eq!(resent, "409 address_blocked");
    world.mail("cy@example.com", 0).await;
    assert_eq!(world.mails("bob@example.com").await.len(), 2);
}

#[tokio::test]
async fn a_second_click_changes_nothing() {
    let (world, ann, org) = stage().await;
    let token = opt_out_in(&world.mails("bob@example.com").await[0]);
    opt_out(&world, &token).await.expect(200);
    let before = world.delivery(&org, &ann, "failed").await;
    opt_out(&world, &token).await.expect(200);
    assert_eq!(world.delivery(&org, &ann, "failed").await, before);
}

#[tokio::test]
async fn the_link_of_an_earlier_mail_stays_valid_after_a_resend_and_after_a_revocation() {
    let (world, ann, org) = stage().await;
    let token = opt_out_in(&world.mails("bob@example.com").await[0]);
    let id = world.newest_invitation(&org, &ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations/{id}/resend"), &json!({})).await.expect(200);
    world.mail("bob@example.com", 1).await;
    world.delivery(&org, &ann, "sent").await;
    ann.post(&format!("/v1/orgs/{org}/invitations/{id}/revoke"), &json!({})).await.expect(200);
    opt_out(&world, &token).await.expect(200);
    let newer = opt_out_in(&world.mails("bob@example.com").await[0]);
    assert_ne!(newer, token);
    opt_out(&world, &newer).await.expect(200);
}

#[tokio::test]
async fn only_the_secret_of_a_mail_opts_out() {
    let (world, ann, org) = stage().await;
    let mail = &world.mails("bob@example.com").await[0];
    let good = opt_out_in(mail);
    let (ids, _) = good.rsplit_once('.').unwrap();
    for bad in [
        "x",
        "out1..",
        &format!("{ids}.{}", "A".repeat(43)),
        &token_in(mail),
        &good.replace("out1.", "inv1."),
        &good[..good.len() - 1],
    ] {
        assert_eq!(opt_out(&world, bad).await.to_string(), "404 opt_out_not_found", "{bad}");
    }
    let link =
        world.nobody().post("/v1/invitations/preview", &json!({"token": good})).await.to_string();
    assert_eq!(link, "404 invitation_not_found", "an opt-out token does not show an invitation");
    assert_eq!(
        world.nobody().get(&format!("/v1/mail/opt-out/{good}")).await.status,
        404,
        "a GET changes nothing"
    );
    let wrong = world
        .nobody()
        .post(&format!("/v1/mail/opt-out/{good}"), &json!({"a": 1}))
        .await
        .to_string();
    assert_eq!(wrong, "422 validation_failed /List-Unsubscribe:missing_field");
    let keyed = world
        .nobody()
        .keyed("POST", &format!("/v1/mail/opt-out/{good}"), "", &json!({}))
        .await
        .to_string();
    assert_eq!(keyed, "422 validation_failed /idempotency-key:invalid_value");
    assert_eq!(
        ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200)["data"][0]["delivery"],
        "sent"
    );
}

#[tokio::test]
async fn only_the_hash_of_the_secret_is_stored() {
    let (world, _, _) = stage().await;
    let mails = world.mails("bob@example.com").await;
    let stored = Value::from(world.items(0).await).to_string();
    for secret in [opt_out_in(&mails[0]), token_in(&mails[0])] {
        assert!(!stored.contains(secret.rsplit('.').next().unwrap()));
    }
}
