//! `publish_events`: publishes each committed change as an event on EventBridge.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::world::{Options, World};

/// Waits until `changes` events of an organization are published, and returns them, oldest first.
async fn published(world: &World, org: &str, changes: usize) -> Vec<Value> {
    world
        .until("the events", async || {
            let all = world.local("GET", "events", &Value::Null).await;
            let mut events: Vec<Value> = all["data"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|event| event["detail"]["org_id"] == org)
                .cloned()
                .collect();
            let ids: BTreeSet<&str> =
                events.iter().map(|event| event["detail"]["id"].as_str().unwrap()).collect();
            let enough = ids.len() == changes;
            events.sort_by_key(|event| event["detail"]["id"].as_str().unwrap().to_owned());
            enough.then_some(events)
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_an_event_with_actor_action_before_and_after() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    ann.patch(&format!("/v1/orgs/{org}/members/bob"), &json!({"role": "administrator"}))
        .await
        .expect(200);
    ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.expect(204);
    let events = published(&world, &org, 5).await;
    let mut actions: Vec<&str> =
        events.iter().map(|event| event["detail-type"].as_str().unwrap()).collect();
    actions.dedup();
    assert_eq!(
        actions,
        ["create_org", "invite_member", "accept_invitation", "change_role", "remove_member"]
    );
    let changed = events.iter().find(|event| event["detail-type"] == "change_role").unwrap();
    assert_eq!(
        (&changed["source"], &changed["resources"]),
        (&json!("organizations"), &json!([org]))
    );
    let detail = &changed["detail"];
    let fields: Vec<&String> = detail.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["id", "org_id", "at", "actor", "action", "target", "before", "after", "request_id"]
    );
    assert_eq!(
        (&detail["actor"], &detail["target"]),
        (&json!({"user_id": "ann", "name": "Ann"}), &json!("bob"))
    );
    assert_eq!(
        (&detail["before"]["role"], &detail["after"]["role"]),
        (&json!("viewer"), &json!("administrator"))
    );
    assert_eq!((&detail["before"]["version"], &detail["after"]["version"]), (&json!(1), &json!(2)));
    let removed = events.iter().find(|event| event["detail-type"] == "remove_member").unwrap();
    assert_eq!(removed["detail"]["after"], Value::Null);
    // The event is the audit record without the data of the mailer.
    let recorded: BTreeSet<String> = world
        .audit(&org)
        .await
        .iter()
        .map(|record| record["id"]["S"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        events
            .iter()
            .map(|event| event["detail"]["id"].as_str().unwrap().to_owned())
            .collect::<BTreeSet<_>>(),
        recorded
    );
    assert!(!events.iter().any(|event| event.to_string().contains("send_seq")));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_events_that_eventbridge_rejects_are_retried() {
    let world = World::with(Options { refused_events: 3, ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .expect(201);
    let events = published(&world, &org, 2).await;
    assert_eq!(events.len(), 2, "accepted events are not published again: {events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_events_do_not_delay_others() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (large, small) = (world.org(&ann).await, world.org(&bob).await);
    let path = format!("/v1/orgs/{large}");
    for n in 0..20 {
        // About 60 KB of JSON each: quotes are escaped in `before` and in `after`.
        let values: serde_json::Map<String, Value> =
            (0..20).map(|key| (format!("{key}"), json!("\"".repeat(500 - n)))).collect();
        ann.patch(&path, &json!({"metadata": values})).await.expect(200);
    }
    bob.patch(&format!("/v1/orgs/{small}"), &json!({"name": "Small"})).await.expect(200);
    assert_eq!(published(&world, &large, 21).await.len(), 21);
    assert_eq!(published(&world, &small, 2).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_change_and_one_without_effect_publish_no_event() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    bob.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(403);
    ann.patch(&format!("/v1/orgs/{org}/members/bob"), &json!({"role": "viewer"})).await.expect(200);
    ann.call("POST", &format!("/v1/orgs/{org}/leave"), None).await.expect(409);
    ann.delete(&format!("/v1/orgs/{org}/members/bob")).await.expect(204);
    // The last event has arrived, so any earlier event would have arrived too.
    let events = published(&world, &org, 4).await;
    assert!(events.iter().all(|event| event["detail"]["actor"]["user_id"] != "bob"
        || event["detail-type"] == "accept_invitation"));
}
