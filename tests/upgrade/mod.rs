//! Old and new code run at the same time during an upgrade, and the data is older than both. The
//! code must read and change the items of earlier versions.
//!
//! `items-<schema>.json` contains the items of one version: an organization that Ann owns, with Bob
//! (administrator) and Cy (viewer), invitations for Dee and Eve, and some usage. Never regenerate
//! such a file. If you change the shape of an item, raise `SCHEMA` in shared/store/src/item.rs and
//! add a file.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn items_of_schema_1_can_be_read_and_changed() {
    let world = World::start().await;
    let mut old: Value = {
        // The invitations do not expire while the tests exist.
        let items = include_str!("items-1.json");
        serde_json::from_str(&items.replace("2026-12-01T12:56:01Z", "2100-01-01T00:00:00Z"))
            .unwrap()
    };
    // The events get the current date.
    let now = json!({"S": crate::usage::now(&world).await});
    for item in
        old["usage"].as_array_mut().unwrap().iter_mut().filter(|item| !item["timestamp"].is_null())
    {
        item["timestamp"].clone_from(&now);
    }
    for (table, name) in ["core", "usage"].into_iter().enumerate() {
        world.put_items(table, old[name].as_array().unwrap()).await;
    }
    let org = old["org"].as_str().unwrap();
    let path = |rest: &str| format!("/v1/orgs/{org}{rest}");
    let (ann, bob, dee) =
        (world.user("ann").await, world.user("bob").await, world.user("dee").await);

    let seen = ann.get(&path("")).await.expect(200);
    assert_eq!(
        (&seen["name"], &seen["role"], &seen["member_count"]),
        (&json!("Acme"), &json!("owner"), &json!(3))
    );
    assert_eq!(ann.get("/v1/orgs").await.expect(200)["data"][0]["id"], org);
    assert_eq!(
        ann.get(&path("/members?q=bo")).await.expect(200)["data"][0]["role"],
        "administrator"
    );
    let invitations = ann.get(&path("/invitations?status=pending")).await.expect(200);
    assert_eq!(invitations["data"].as_array().unwrap().len(), 2);
    let day = old["day"].as_str().unwrap();
    let report = bob
        .get(&path(&format!("/usage?from={day}T00:00:00Z&to={day}T23:59:59Z&group_by=kind")))
        .await
        .expect(200);
    assert_eq!(report["total"], json!({"credits": "3.5", "events": 2}));

    // The usage is in counters of the old shape, so the event cannot be voided.
    let meter = world.service("usage:write usage:void").await;
    let voided = meter.post(&path("/usage/void"), &json!({"ids": ["old-1"]})).await.expect(200);
    assert_eq!(voided["results"][0]["status"], "unknown");
    let same = bob
        .get(&path(&format!("/usage?from={day}T00:00:00Z&to={day}T23:59:59Z&group_by=kind")))
        .await
        .expect(200);
    assert_eq!(same["total"], report["total"]);

    dee.post("/v1/invitations/accept", &json!({"token": old["token"]})).await.expect(200);
    let eve = invitations["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|invitation| invitation["email"] == "eve@example.com")
        .unwrap();
    bob.call("POST", &path(&format!("/invitations/{}/revoke", eve["id"].as_str().unwrap())), None)
        .await
        .expect(200);
    ann.patch(&path("/members/cy"), &json!({"role": "owner"})).await.expect(200);
    ann.delete("/v1/me").await.expect(204);
    world.assert_whole(org).await;
}

#[tokio::test]
async fn every_written_item_names_its_schema() {
    let world = World::start().await;
    let at = crate::usage::now(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    crate::usage::record(
        &world.service("usage:write usage:void").await,
        &org,
        &[crate::usage::event("a", at, "chat", "1")],
    )
    .await;
    for item in world.items(0).await.into_iter().chain(world.items(1).await) {
        // An `ADD` to a missing item creates a counter. Counters contain only numbers and no
        // schema.
        let is_counter = ["USE#", "ACC#", "RL#"]
            .iter()
            .any(|prefix| item["PK"]["S"].as_str().unwrap().starts_with(prefix))
            || item["SK"]["S"] == "PROFILE";
        assert!(is_counter || item["schema"]["N"] == "1", "{item}");
    }
}
