//! `purge_orgs`: removes everything of an organization thirty days after its deletion.

use serde_json::{Value, json};

use crate::usage;
use crate::world::World;

/// Returns the keys of all items in both tables that name the organization, except items with a TTL
/// and the usage that accounts paid for, with its statements.
async fn remaining_items(world: &World, org: &str) -> Vec<String> {
    let mut left = Vec::new();
    for table in [0, 1] {
        for item in world.items(table).await {
            let key = |name: &str| item[name]["S"].as_str().unwrap().to_owned();
            let (pk, sk) = (key("PK"), key("SK"));
            let is_of_account = ["ACC#", "STM#"].iter().any(|prefix| pk.starts_with(prefix));
            if item.to_string().contains(org) && item["ttl"].is_null() && !is_of_account {
                left.push(format!("{pk} {sk}"));
            }
        }
    }
    left
}

/// Creates an organization with items of every kind, and deletes it as Ann.
async fn deleted_org_with_data(world: &World) -> String {
    let at = usage::now(world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    for n in 0..15 {
        world.member(&org, &ann, &format!("member{n}"), "viewer").await;
    }
    for n in 0..15 {
        ann.post(
            &format!("{path}/invitations"),
            &json!({"email": format!("guest{n}@example.com")}),
        )
        .await
        .expect(201);
    }
    for kind in ["agent", "source"] {
        ann.post(&format!("{path}/resources"), &json!({"kind": kind, "name": "One"}))
            .await
            .expect(201);
    }
    let policies = r#"forbid (principal, action == Orgs::Action::"remove_member", resource);"#;
    ann.call("PUT", &format!("{path}/policies"), Some(&json!({"policies": policies})))
        .await
        .expect(200);
    let meter = world.service("usage:write usage:backfill").await;
    ann.call(
        "PUT",
        &format!("{path}/budget"),
        Some(&json!({"monthly_credits": "1", "thresholds": [100]})),
    )
    .await
    .expect(200);
    usage::record(
        &meter,
        &org,
        &[
            usage::event("a", at, "chat", "1"),
            usage::event("backfilled", at - chrono::Duration::days(34), "chat", "1"),
            usage::event_of("b", at, "search", "2", "r", "member1"),
        ],
    )
    .await;
    world
        .until("the budget alert", async || world.mails("ann@example.com").await.first().cloned())
        .await;
    ann.delete(&path).await.expect(204);
    org
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_creator_profile_is_not_recreated() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    world.remove_item("USER#ann", "PROFILE").await;
    world.advance_days(30).await;
    world.advance(3600).await;
    assert_eq!(remaining_items(&world, &org).await, Vec::<String>::new());
    assert!(world.partition("USER#ann").await.iter().all(|item| item["SK"]["S"] != "PROFILE"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_the_organization_is_removed_and_nothing_else() {
    let world = World::start().await;
    let org = deleted_org_with_data(&world).await;
    let ann = world.user("ann").await;
    let other = world.org(&ann).await;
    world.member(&other, &ann, "member1", "viewer").await;
    let before = remaining_items(&world, &other).await;
    world.advance_days(30).await;
    assert!(
        !remaining_items(&world, &org).await.is_empty(),
        "the purge waits a minute for requests in progress"
    );
    world.advance(3600).await;
    assert_eq!(remaining_items(&world, &org).await, Vec::<String>::new());
    assert_eq!(remaining_items(&world, &other).await, before);
    world.assert_whole(&other).await;
    assert_eq!(world.item("USER#ann", "PROFILE").await["orgs_created"]["N"], "1");
    // The next run does not lower the creator's count a second time.
    world.advance(3600).await;
    assert_eq!(world.item("USER#ann", "PROFILE").await["orgs_created"]["N"], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_is_resumed() {
    let world = World::start().await;
    let org = deleted_org_with_data(&world).await;
    let meta = format!("ORG#{org}");
    // The state after a run that marked the organization, removed some items and then stopped.
    world
        .change(
            &meta,
            "META",
            "SET purging = :yes ADD version :one",
            &json!({":yes": {"BOOL": true}, ":one": {"N": "1"}}),
        )
        .await;
    world.remove_item("USER#member3", &format!("ORG#{org}")).await;
    world.remove_item(&meta, "POLICIES").await;
    world.advance(30 * 86_400 + 3600).await;
    assert_eq!(remaining_items(&world, &org).await, Vec::<String>::new());
    assert_eq!(world.item("USER#ann", "PROFILE").await["orgs_created"]["N"], "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_organization_is_kept_even_if_a_purge_is_still_due() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    ann.delete(&path).await.expect(204);
    let due: Vec<Value> = world.partition("PURGE").await;
    ann.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    // The state as if the purge had already started.
    world.put_items(0, &due).await;
    world.advance(31 * 86_400).await;
    assert_eq!(world.user("ann").await.get(&path).await.expect(200)["status"], "active");
    // For an unknown organization, the run only removes the purge entry.
    world.remove_item("PURGE", due[0]["SK"]["S"].as_str().unwrap()).await;
    let stray: Vec<Value> = serde_json::from_str(
        &Value::from(due).to_string().replace(&org, "org_01980000000070008000000000000000"),
    )
    .unwrap();
    world.put_items(0, &stray).await;
    world.advance(3600).await;
    assert!(world.partition("PURGE").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_that_cannot_be_purged_does_not_delay_the_others() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (broken, other) = (world.org(&ann).await, world.org(&ann).await);
    for org in [&broken, &other] {
        ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    }
    let meta = format!("ORG#{broken}");
    world.change(&meta, "META", "SET created_at = :number", &json!({":number": {"N": "1"}})).await;
    let moved =
        world.nobody().post("/local/clock", &json!({"advance_seconds": 30 * 86_400 + 3600})).await;
    assert_eq!(moved.status, 422);
    assert!(
        moved.body.to_string().contains("1 organizations could not be removed"),
        "{}",
        moved.body
    );
    assert_eq!(remaining_items(&world, &other).await, Vec::<String>::new());
    assert!(!remaining_items(&world, &broken).await.is_empty());
}
