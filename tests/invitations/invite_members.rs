//! `POST /v1/orgs/{org_id}/invitations/bulk`

use futures::future::join_all;
use serde_json::{Value, json};

use crate::world::{Caller, Options, World, token_in};

async fn stage(options: Options) -> (World, Caller, String) {
    let world = World::with(options).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    (world, ann, org)
}

async fn invite(caller: &Caller, org: &str, lines: &Value) -> Vec<String> {
    let answer = caller
        .post(&format!("/v1/orgs/{org}/invitations/bulk"), &json!({"invitations": lines}))
        .await
        .expect(200);
    let said = |result: &Value| {
        let what = result["code"].as_str().or(result["invitation"]["role"].as_str()).unwrap();
        format!(
            "{} {} {what}",
            result["email"].as_str().unwrap_or("null"),
            result["status"].as_str().unwrap()
        )
    };
    answer["results"].as_array().unwrap().iter().map(said).collect()
}

fn numbered(count: usize) -> Value {
    (0..count).map(|i| json!({"email": format!("u{i}@example.com")})).collect()
}

#[tokio::test]
async fn each_address_is_invited_or_refused_independently() {
    let (world, ann, org) = stage(Options::default()).await;
    world.member(&org, &ann, "bob", "viewer").await;
    world.invite(&org, &ann, "pending@example.com", "viewer").await;
    let lines = json!([
        {"email": "New@Example.com"},
        {"email": "adm@example.com", "role": "administrator"},
        {"email": "BOB@example.com"},
        {"email": "ann@example.com"},
        {"email": "pending@EXAMPLE.com"},
        {"email": "new@example.com", "role": "owner"},
        {"email": "no address"},
        {"email": 7},
        {"email": "odd@example.com", "more": 1},
        {"email": "boss@example.com", "role": "boss"},
        ["list@example.com", "viewer"],
        {"email": "owner@example.com", "role": "owner"},
    ]);
    let results = invite(&ann, &org, &lines).await;
    insta::assert_snapshot!(results.join("\n"), @"
    New@Example.com invited viewer
    adm@example.com invited administrator
    BOB@example.com refused already_member
    ann@example.com refused already_member
    pending@EXAMPLE.com refused already_invited
    new@example.com refused already_invited
    no address refused validation_failed
    null refused validation_failed
    odd@example.com refused validation_failed
    boss@example.com refused validation_failed
    null refused validation_failed
    owner@example.com invited owner
    ");
    let mail = world.mail("new@example.com", 0).await;
    world
        .user("new")
        .await
        .post("/v1/invitations/accept", &json!({"token": token_in(&mail)}))
        .await
        .expect(200);
    let records: Vec<Value> = world
        .audit(&org)
        .await
        .into_iter()
        .filter(|record| record["action"]["S"] == "invite_members")
        .map(|record| record["target"]["S"].clone())
        .collect();
    assert_eq!(records.len(), 3, "one record per invitation");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn twenty_are_invited_and_mailed_in_one_call() {
    let (world, ann, org) =
        stage(Options { invitations_per_recipient_day: Some(20), ..Options::default() }).await;
    let results = invite(&ann, &org, &numbered(20)).await;
    assert!(results.iter().all(|result| result.ends_with("invited viewer")), "{results:?}");
    for i in 0..20 {
        world.mail(&format!("u{i}@example.com"), 0).await;
    }
    // A retry after a lost answer invites nobody twice.
    let again = invite(&ann, &org, &numbered(20)).await;
    assert!(again.iter().all(|result| result.ends_with("refused already_invited")), "{again:?}");
    assert_eq!(world.audit(&org).await.len(), 21);
}

#[tokio::test]
async fn owner_invitations_of_an_administrator_are_refused_and_the_others_sent() {
    let (world, ann, org) = stage(Options::default()).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let results = invite(
        &adam,
        &org,
        &json!([{"email": "a@example.com", "role": "owner"}, {"email": "b@example.com"}]),
    )
    .await;
    assert_eq!(results, ["a@example.com refused owner_grant", "b@example.com invited viewer"]);
}

#[tokio::test]
async fn invitations_above_the_hourly_limit_are_refused_and_the_others_sent() {
    let (world, ann, org) =
        stage(Options { invitations_per_inviter_hour: Some(5), ..Options::default() }).await;
    world.invite(&org, &ann, "first@example.com", "viewer").await;
    let results = invite(&ann, &org, &numbered(6)).await;
    let of = |what: &str| results.iter().filter(|result| result.ends_with(what)).count();
    assert_eq!((of("invited viewer"), of("refused rate_limited")), (4, 2), "{results:?}");
    world.advance(3600).await;
    let ann = world.user("ann").await;
    assert_eq!(
        invite(&ann, &org, &json!([{"email": "u5@example.com"}])).await,
        ["u5@example.com invited viewer"]
    );
}

#[tokio::test]
async fn only_the_address_above_its_daily_limit_is_refused() {
    let (world, ann, org) =
        stage(Options { invitations_per_recipient_day: Some(1), ..Options::default() }).await;
    let other = world.org(&ann).await;
    world.invite(&other, &ann, "u1@example.com", "viewer").await;
    let results = invite(&ann, &org, &numbered(3)).await;
    assert_eq!(
        results,
        [
            "u0@example.com invited viewer",
            "u1@example.com refused rate_limited",
            "u2@example.com invited viewer"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_calls_invite_each_address_once() {
    let (world, ann, org) = stage(Options::default()).await;
    let lines = numbered(10);
    let all: Vec<String> = join_all((0..4).map(|_| invite(&ann, &org, &lines))).await.concat();
    let invited = all.iter().filter(|result| result.ends_with("invited viewer")).count();
    let refused = all.iter().filter(|result| result.ends_with("refused already_invited")).count();
    assert_eq!((invited, refused), (10, 30), "{all:?}");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_call_takes_1_to_20_invitations_and_needs_an_administrator() {
    let (world, ann, org) = stage(Options::default()).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let path = format!("/v1/orgs/{org}/invitations/bulk");
    for lines in [json!([]), numbered(21)] {
        let answer = ann.post(&path, &json!({"invitations": lines})).await.to_string();
        assert_eq!(answer, "422 validation_failed /invitations:out_of_range");
    }
    let empty = ann.post(&path, &json!({})).await.to_string();
    assert_eq!(empty, "422 validation_failed /invitations:missing_field");
    assert_eq!(
        vic.post(&path, &json!({})).await.to_string(),
        "403 missing_permission needs administrator"
    );
    world.suspend(&org).await;
    let body = json!({"invitations": numbered(1)});
    assert_eq!(
        ann.post(&path, &body).await.to_string(),
        "403 org_not_active by guard.org-not-active"
    );
}
