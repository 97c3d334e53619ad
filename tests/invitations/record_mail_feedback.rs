//! `record_mail_feedback`: the delivery reports of SES.

use orgs_local::MailFaults;
use serde_json::{Value, json};

use crate::world::{Caller, Options, World, token_in};

async fn stage() -> (World, Caller, String) {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.delivery(&org, &ann, "sent").await;
    (world, ann, org)
}

async fn report(world: &World, to: &str, kind: &str) {
    let answer = world.local("POST", "feedback", &json!({"to": to, "type": kind})).await;
    assert_eq!(answer, json!({"reported": kind}));
}

async fn invitation(caller: &Caller, org: &str) -> Value {
    caller.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200)["data"][0].clone()
}

#[tokio::test]
async fn a_bounced_mail_is_not_shown_as_sent() {
    let (world, ann, org) = stage().await;
    report(&world, "BOB@example.com", "Bounce").await;
    let shown = invitation(&ann, &org).await;
    assert_eq!((&shown["delivery"], &shown["status"]), (&json!("bounced"), &json!("pending")));
    // A late delivery report does not replace the bounce, and a repeated report is not a change.
    report(&world, "bob@example.com", "Delivery").await;
    report(&world, "bob@example.com", "Bounce").await;
    assert_eq!(invitation(&ann, &org).await, shown);
    // The address can be mailed again: its mailbox may have been full, or moved.
    let id = shown["id"].as_str().unwrap();
    ann.post(&format!("/v1/orgs/{org}/invitations/{id}/resend"), &json!({})).await.expect(200);
    world.delivery(&org, &ann, "sent").await;
}

#[tokio::test]
async fn a_reported_delivery_stays_when_the_mailer_writes_its_status_later() {
    let (world, ann, org) = stage().await;
    report(&world, "bob@example.com", "Delivery").await;
    assert_eq!(invitation(&ann, &org).await["delivery"], "delivered");
    report(&world, "bob@example.com", "Bounce").await;
    assert_eq!(invitation(&ann, &org).await["delivery"], "bounced");
}

#[tokio::test]
async fn a_report_about_an_earlier_mail_does_not_change_the_status_of_the_last_one() {
    let (world, ann, org) = stage().await;
    let id = world.newest_invitation(&org, &ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations/{id}/resend"), &json!({})).await.expect(200);
    world.mail("bob@example.com", 1).await;
    let before = world.delivery(&org, &ann, "sent").await;
    world
        .local(
            "POST",
            "feedback",
            &json!({"to": "bob@example.com", "type": "Bounce", "send_seq": 1}),
        )
        .await;
    assert_eq!(invitation(&ann, &org).await, before);
    let second = world
        .local(
            "POST",
            "feedback",
            &json!({"to": "bob@example.com", "type": "Bounce", "send_seq": 2}),
        )
        .await;
    assert_eq!(second, json!({"reported": "Bounce"}));
    assert_eq!(invitation(&ann, &org).await["delivery"], "bounced");
}

#[tokio::test]
async fn a_complaint_stops_the_mails_of_every_organization() {
    let (world, ann, org) = stage().await;
    let other = world.org(&ann).await;
    let token = world.invite(&other, &ann, "bob@example.com", "viewer").await;
    world.delivery(&other, &ann, "sent").await;
    report(&world, "bob@example.com", "Complaint").await;
    assert_eq!(invitation(&ann, &other).await["delivery"], "complained");
    assert_eq!(invitation(&ann, &org).await["delivery"], "failed");
    report(&world, "bob@example.com", "Complaint").await;
    let third = world.org(&ann).await;
    let answer = ann
        .post(&format!("/v1/orgs/{third}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .to_string();
    assert_eq!(answer, "409 address_blocked");
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token}))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_report_about_an_accepted_invitation_changes_only_its_delivery() {
    let (world, ann, org) = stage().await;
    let token = token_in(&world.mails("bob@example.com").await[0]);
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token}))
        .await
        .expect(200);
    report(&world, "bob@example.com", "Delivery").await;
    let shown = invitation(&ann, &org).await;
    assert_eq!((&shown["delivery"], &shown["status"]), (&json!("delivered"), &json!("accepted")));
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_mail_that_was_never_sent_has_no_report() {
    let world =
        World::with(Options { mail_faults: MailFaults::Rejected, ..Options::default() }).await;
    let answer =
        world.local("POST", "feedback", &json!({"to": "bob@example.com", "type": "Bounce"})).await;
    assert_eq!(answer, json!({"message": "no mail went to this address"}));
    for bad in [
        json!({"to": "bob@example.com", "type": "Bounced"}),
        json!({"to": "bob@example.com"}),
        json!({}),
    ] {
        assert!(world.local("POST", "feedback", &bad).await["message"].is_string());
    }
}
