//! `DELETE /v1/me`

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn every_membership_ends_with_its_own_audit_record() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let orgs = [world.org(&ann).await, world.org(&ann).await, world.org(&ann).await];
    for org in &orgs {
        world.member(org, &ann, "bob", "owner").await;
    }
    let bob = world.user("bob").await;
    assert_eq!(bob.delete("/v1/me").await.status, 204);
    assert_eq!(bob.get("/v1/orgs").await.expect(200)["data"], json!([]));
    for org in &orgs {
        world.assert_whole(org).await;
        let record = world.audit(org).await.pop().unwrap();
        assert_eq!(
            (&record["action"]["S"], &record["target"]["S"]),
            (&json!("forget_me"), &json!("bob"))
        );
        assert_eq!(bob.get(&format!("/v1/orgs/{org}")).await.to_string(), "404 org_not_found");
    }
    // Repeating the request without memberships succeeds.
    assert_eq!(bob.delete("/v1/me").await.status, 204);
}

#[tokio::test]
async fn a_last_owner_gets_the_list_of_organizations_and_keeps_all_memberships() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (shared, alone) = (world.org(&ann).await, world.org(&bob).await);
    world.member(&shared, &ann, "bob", "viewer").await;
    let answer = bob.delete("/v1/me").await;
    assert_eq!(answer.to_string(), "409 last_owner");
    assert_eq!(answer.body["orgs"], json!([alone]));
    assert_eq!(bob.get("/v1/orgs").await.expect(200)["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_deleted_organization_does_not_keep_its_last_owner() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (deleted, alone) = (world.org(&ann).await, world.org(&bob).await);
    world.member(&deleted, &ann, "cy", "viewer").await;
    ann.delete(&format!("/v1/orgs/{deleted}")).await.expect(204);
    bob.delete(&format!("/v1/orgs/{alone}")).await.expect(204);
    assert_eq!(ann.delete("/v1/me").await.status, 204);
    let operator = world.service("orgs:operate").await;
    assert_eq!(operator.delete("/v1/users/bob").await.status, 204);
    for org in [&deleted, &alone] {
        world.assert_whole(org).await;
        // Nobody can restore the organization, and it is purged after thirty days.
        ann.post(&format!("/v1/orgs/{org}/restore"), &json!({})).await.expect(404);
        let meta = world.item(&format!("ORG#{org}"), "META").await;
        assert_eq!(meta["owner_count"]["N"], "0");
    }
    world.advance(30 * 86_400 + 3600).await;
    for org in [&deleted, &alone] {
        assert!(world.item(&format!("ORG#{org}"), "META").await.is_null());
        assert!(world.item("USER#cy", &format!("ORG#{org}")).await.is_null());
    }
}

#[tokio::test]
async fn an_organization_that_is_restored_concurrently_keeps_its_last_owner() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}");
    for _ in 0..5 {
        ann.delete(&path).await.expect(204);
        let restore_path = format!("{path}/restore");
        let (forgotten, restored) =
            tokio::join!(ann.delete("/v1/me"), ann.call("POST", &restore_path, None));
        match (forgotten.status, restored.status) {
            (204, 403 | 404 | 409) => return world.assert_whole(&org).await,
            (409, 200) => world.assert_whole(&org).await,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn when_the_payer_leaves_the_organization_pays_for_itself() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "owner").await;
    assert_eq!(ann.delete("/v1/me").await.status, 204);
    let items = world.items(0).await;
    let meta = items
        .iter()
        .find(|item| item["PK"]["S"] == format!("ORG#{org}") && item["SK"]["S"] == "META")
        .unwrap();
    assert_eq!(meta["billing"]["M"]["mode"]["S"], "independent");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_replay_does_not_end_newer_memberships() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (first, second) = (world.org(&ann).await, world.org(&ann).await);
    let bob = world.member(&first, &ann, "bob", "viewer").await;
    assert_eq!(bob.keyed("DELETE", "/v1/me", "k", &json!({})).await.status, 204);
    world.member(&second, &ann, "bob", "viewer").await;
    let again = bob.keyed("DELETE", "/v1/me", "k", &json!({})).await;
    assert_eq!((again.status, again.headers["idempotency-replayed"].as_str()), (204, "true"));
    assert_eq!(bob.get("/v1/orgs").await.expect(200)["data"][0]["id"], second.as_str());
    let other_body = bob.send(bob.request("DELETE", "/v1/me").header("idempotency-key", "k")).await;
    assert_eq!(other_body.to_string(), "422 idempotency_key_reused");
}

#[tokio::test]
async fn memberships_beyond_one_page_end_too() {
    let world = World::start().await;
    let operator = world.service("orgs:operate").await;
    let person = json!({"user_id": "bob", "email": "bob@example.com", "role": "viewer"});
    let mut orgs: Vec<String> = Vec::new();
    for creator in ["ann", "amy"] {
        let creator = world.user(creator).await;
        for _ in 0..30 {
            let org = world.org(&creator).await;
            operator.post(&format!("/v1/orgs/{org}/members"), &person).await.expect(201);
            orgs.push(org);
        }
    }
    let bob = world.user("bob").await;
    let listed = bob.get("/v1/orgs?limit=100").await.expect(200);
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(60));
    // A slow database can interrupt the request. When it is sent again, it continues.
    assert_eq!(bob.settled("DELETE", "/v1/me", None).await.status, 204);
    assert_eq!(bob.get("/v1/orgs").await.expect(200)["data"], json!([]));
    for org in [&orgs[0], &orgs[59]] {
        world.assert_whole(org).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_are_forgotten_concurrently_one_stays() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let (one, two) = tokio::join!(ann.delete("/v1/me"), bob.delete("/v1/me"));
    let mut answers = [one, two];
    answers.sort_by_key(|answer| answer.status);
    assert_eq!((answers[0].status, answers[1].to_string().as_str()), (204, "409 last_owner"));
    assert_eq!(answers[1].body["orgs"], json!([org]));
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_body_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let answer = ann.call("DELETE", "/v1/me", Some(&json!({"everything": true}))).await;
    assert_eq!(answer.to_string(), "422 validation_failed /everything:unknown_field");
    assert_eq!(answer.body["orgs"], Value::Null);
}
