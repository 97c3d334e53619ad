//! Concurrent requests. These tests start many requests at once, and the database orders them.

mod changes;
mod interleavings;

use futures::future::join_all;
use orgs_local::{Faults, Torn};
use serde_json::{Value, json};

use crate::usage;
use crate::world::{Answer, World};

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_demote_each_other_exactly_one_wins() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    for _ in 0..5 {
        let demote = json!({"role": "administrator"});
        let (path_ann, path_bob) =
            (format!("/v1/orgs/{org}/members/ann"), format!("/v1/orgs/{org}/members/bob"));
        let answers = join_all([
            ann.settled("PATCH", &path_bob, Some(&demote)),
            bob.settled("PATCH", &path_ann, Some(&demote)),
        ])
        .await;
        assert_eq!(count(&answers, 200), 1, "{} {}", answers[0], answers[1]);
        world.assert_whole(&org).await;
        let (winner, loser) = if answers[0].status == 200 { (&ann, "bob") } else { (&bob, "ann") };
        winner
            .patch(&format!("/v1/orgs/{org}/members/{loser}"), &json!({"role": "owner"}))
            .await
            .expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_leave_concurrently_one_stays() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let path = format!("/v1/orgs/{org}/leave");
    let answers =
        join_all([ann.settled("POST", &path, None), bob.settled("POST", &path, None)]).await;
    assert_eq!((count(&answers, 204), count(&answers, 409)), (1, 1));
    world.assert_whole(&org).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_accepts_of_one_token_make_one_member() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let bob = world.user("bob").await;
    let body = json!({"token": token});
    let answers =
        join_all((0..16).map(|_| bob.settled("POST", "/v1/invitations/accept", Some(&body)))).await;
    assert_eq!(
        count(&answers, 200),
        16,
        "{}",
        answers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["member_count"], 2);
    world.assert_whole(&org).await;
    let audit = world.audit(&org).await;
    assert_eq!(
        audit.iter().filter(|record| record["action"]["S"] == "accept_invitation").count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_seat_is_taken_once() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let mut guests = Vec::new();
    for name in ["b", "c", "d", "e"] {
        let token = world.invite(&org, &ann, &format!("{name}@example.com"), "viewer").await;
        guests.push((world.user(name).await, json!({"token": token})));
    }
    world.seat_limit(&org, 2).await;
    let answers = join_all(
        guests
            .iter()
            .map(|(guest, body)| guest.settled("POST", "/v1/invitations/accept", Some(body))),
    )
    .await;
    assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 3));
    world.assert_whole(&org).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_concurrent_invitations_to_one_address_create_one() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    let bodies: Vec<Value> = (0..12)
        .map(|i| json!({"email": if i % 2 == 0 { "bob@example.com" } else { "BOB@example.com" }}))
        .collect();
    let answers = join_all(bodies.iter().map(|body| ann.settled("POST", &path, Some(body)))).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 11));
    assert_eq!(ann.get(&path).await.expect(200)["data"].as_array().unwrap().len(), 1);
    world.delivery(&org, &ann, "sent").await;
    assert_eq!(world.mails("bob@example.com").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_usage_sent_eight_times_at_once_counts_once() {
    let world = World::start().await;
    let at = usage::quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let meter = world.service("usage:write").await;
    let events: Vec<Value> =
        (0..40).map(|i| usage::event(&format!("e{i}"), at, "chat", "0.5")).collect();
    let body = json!({"events": events});
    let path = format!("/v1/orgs/{org}/usage/events");
    let answers = join_all((0..8).map(|_| meter.settled("POST", &path, Some(&body)))).await;
    let accepted: u64 =
        answers.into_iter().map(|answer| answer.expect(200)["accepted"].as_u64().unwrap()).sum();
    assert_eq!(accepted, 40);
    let report = ann.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "20", "events": 40}));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_idempotency_key_sent_ten_times_at_once_has_one_effect_and_one_answer() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let body = json!({"name": "Acme"});
    let answers = join_all((0..10).map(|_| ann.keyed("POST", "/v1/orgs", "k", &body))).await;
    assert_eq!(count(&answers, 201), 10);
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    assert_eq!(
        answers.iter().filter(|answer| answer.headers.contains_key("idempotency-replayed")).count(),
        9
    );
    assert_eq!(ann.get("/v1/orgs").await.expect(200)["data"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_changes_of_one_member_end_with_one_of_the_requested_roles() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    let bodies = [json!({"role": "administrator"}), json!({"role": "owner"})];
    let answers = join_all((0..4).map(|i| ann.settled("PATCH", &path, Some(&bodies[i % 2])))).await;
    assert!(
        answers.iter().all(|answer| answer.status == 200),
        "{}",
        answers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    world.assert_whole(&org).await;
    let changes = world
        .audit(&org)
        .await
        .iter()
        .filter(|record| record["action"]["S"] == "change_role")
        .count();
    let version =
        ann.get(&format!("/v1/orgs/{org}/members?q=bob")).await.expect(200)["data"][0]["version"]
            .as_u64()
            .unwrap();
    assert_eq!(version, 1 + changes as u64, "one audit record per change");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demotion_and_a_concurrent_change_by_the_demoted_member_are_serialized() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    world.member(&org, &ann, "bob", "viewer").await;
    let (demote, invite) = (json!({"role": "viewer"}), json!({"email": "cy@example.com"}));
    let (path_adam, path_invite) =
        (format!("/v1/orgs/{org}/members/adam"), format!("/v1/orgs/{org}/invitations"));
    let (demoted, answer) =
        tokio::join!(ann.patch(&path_adam, &demote), adam.post(&path_invite, &invite));
    assert_eq!(demoted.status, 200);
    // Either the invitation was first, or its sender had already lost the permission.
    assert!(matches!(answer.status, 201 | 403), "{answer}");
    let invited = world
        .audit(&org)
        .await
        .iter()
        .filter(|record| {
            record["action"]["S"] == "invite_member"
                && record["actor"]["M"]["user_id"]["S"] == "adam"
        })
        .count();
    assert_eq!(invited, usize::from(answer.status == 201));
}

/// Creates a world with torn reads: memberships are current, and all other items are as of the
/// previous read.
async fn world_with_torn_reads() -> World {
    World::with(crate::world::Options {
        faults: Some(Faults::TornReads(Torn::default())),
        ..Default::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_count_does_not_cause_last_owner() {
    let world = world_with_torn_reads().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    ann.patch(&path, &json!({"role": "owner"})).await.expect(200);
    ann.patch(&path, &json!({"role": "viewer"})).await.expect(200);
    assert_eq!(ann.delete("/v1/me").await.to_string(), "409 last_owner");
    ann.patch(&path, &json!({"role": "owner"})).await.expect(200);
    ann.delete("/v1/me").await.expect(204);
    world.assert_whole(&org).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_invitation_does_not_refuse_a_member_who_accepted() {
    let world = world_with_torn_reads().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let body = json!({"token": world.invite(&org, &ann, "bob@example.com", "viewer").await});
    let bob = world.user("bob").await;
    let first = bob.post("/v1/invitations/accept", &body).await.expect(200);
    assert_eq!(
        bob.post("/v1/invitations/accept", &body).await.expect(200)["member"],
        first["member"]
    );
    ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.expect(204);
    assert_eq!(bob.post("/v1/invitations/accept", &body).await.to_string(), "410 invitation_used");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_organizations_holds_for_concurrent_requests() {
    let world =
        World::with(crate::world::Options { orgs_per_creator: 3, ..Default::default() }).await;
    let ann = world.user("ann").await;
    let body = json!({"name": "Acme"});
    let answers = join_all((0..8).map(|_| ann.settled("POST", "/v1/orgs", Some(&body)))).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (3, 5));
}
