//! `POST /v1/orgs/{org_id}/members`

use futures::future::join_all;
use serde_json::{Value, json};

use crate::world::{Caller, World};

fn cy(role: &str) -> Value {
    json!({"user_id": "cy", "email": "Cy@Example.com", "name": " Cy\u{202e} ", "role": role})
}

async fn stage() -> (World, Caller, String, Caller) {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    (world, ann, org, operator)
}

#[tokio::test]
async fn a_person_becomes_a_member_without_a_mail() {
    let (world, _, org, operator) = stage().await;
    let answer = operator.post(&format!("/v1/orgs/{org}/members"), &cy("administrator")).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let member = answer.expect(201);
    insta::assert_json_snapshot!(member, {".org_id" => "[org]", ".joined_at" => "[now]"}, @r#"
    {
      "org_id": "[org]",
      "user_id": "cy",
      "name": "Cy",
      "email": "Cy@Example.com",
      "role": "administrator",
      "joined_at": "[now]",
      "invited_by": null,
      "version": 1
    }
    "#);
    assert_eq!(
        world.user("cy").await.get("/v1/orgs").await.expect(200)["data"][0]["role"],
        "administrator"
    );
    world.assert_whole(&org).await;
    assert_eq!(world.mails("cy@example.com").await.len(), 0);
}

#[tokio::test]
async fn an_added_owner_raises_the_owner_count() {
    let (world, ann, org, operator) = stage().await;
    operator.post(&format!("/v1/orgs/{org}/members"), &cy("owner")).await.expect(201);
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["owner_count"], 2);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn no_person_and_no_address_is_added_twice() {
    let (world, _, org, operator) = stage().await;
    let path = format!("/v1/orgs/{org}/members");
    operator.post(&path, &cy("viewer")).await.expect(201);
    for (user, email) in
        [("cy", "other@example.com"), ("other", "CY@example.COM"), ("cy", "cy@example.com")]
    {
        let again = operator
            .post(&path, &json!({"user_id": user, "email": email, "role": "viewer"}))
            .await
            .to_string();
        assert_eq!(again, "409 already_member", "{user} {email}");
    }
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_pending_invitation_of_the_address_counts_as_accepted() {
    let (world, ann, org, operator) = stage().await;
    let token = world.invite(&org, &ann, "cy@example.com", "viewer").await;
    operator.post(&format!("/v1/orgs/{org}/members"), &cy("administrator")).await.expect(201);
    let invitation = &ann.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200)["data"][0];
    assert_eq!(
        (&invitation["status"], &invitation["accepted_by"]),
        (&json!("accepted"), &json!("cy"))
    );
    let body = json!({"token": token});
    let accepted = world.user("cy").await.post("/v1/invitations/accept", &body).await.expect(200);
    assert_eq!(accepted["member"]["role"], "administrator");
    let other = world
        .token(&json!({"sub": "mallory", "email": "cy@example.com", "email_verified": true}))
        .await;
    assert_eq!(
        other.post("/v1/invitations/accept", &body).await.to_string(),
        "410 invitation_used"
    );
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn an_expired_invitation_does_not_block_the_address_and_cannot_be_resent() {
    let (world, ann, org, operator) = stage().await;
    world.invite(&org, &ann, "cy@example.com", "viewer").await;
    world.advance_days(8).await;
    let (ann, operator) = (world.user("ann").await, {
        drop(operator);
        world.service("orgs:operate").await
    });
    operator.post(&format!("/v1/orgs/{org}/members"), &cy("viewer")).await.expect(201);
    let id = world.newest_invitation(&org, &ann).await;
    let resent =
        ann.post(&format!("/v1/orgs/{org}/invitations/{id}/resend"), &json!({})).await.to_string();
    assert_eq!(resent, "409 already_member");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn the_seat_limit_applies_to_imports_too() {
    let (world, _, org, operator) = stage().await;
    world.seat_limit(&org, 2).await;
    let path = format!("/v1/orgs/{org}/members");
    let bodies: Vec<Value> =
        (0..4).map(|i| json!({"user_id": format!("u{i}"), "email": format!("u{i}@example.com"), "role": "viewer"})).collect();
    let answers = join_all(bodies.iter().map(|body| operator.post(&path, body))).await;
    let mut answers: Vec<String> = answers.iter().map(ToString::to_string).collect();
    answers.sort();
    assert_eq!(
        answers,
        ["201", "409 seat_limit_reached", "409 seat_limit_reached", "409 seat_limit_reached"]
    );
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn bad_input_points_at_its_field() {
    let (_world, ann, org, operator) = stage().await;
    let path = format!("/v1/orgs/{org}/members");
    for (field, value, code) in [
        ("user_id", json!("é"), "invalid_value"),
        ("email", json!("cy"), "invalid_value"),
        ("role", json!("boss"), "invalid_value"),
        ("name", json!(7), "wrong_type"),
        ("odd", json!(7), "unknown_field"),
    ] {
        let mut body = cy("viewer");
        body[field] = value;
        assert_eq!(
            operator.post(&path, &body).await.to_string(),
            format!("422 validation_failed /{field}:{code}")
        );
    }
    assert_eq!(ann.post(&path, &cy("viewer")).await.to_string(), "403 missing_permission");
    assert_eq!(
        operator.post("/v1/orgs/org_none/members", &cy("viewer")).await.to_string(),
        "404 org_not_found"
    );
}
