//! `POST /v1/orgs/{org_id}/transfer`

use futures::future::join_all;
use serde_json::{Value, json};

use crate::world::{Caller, World};

async fn transfer(caller: &Caller, org: &str, to: &str) -> String {
    caller.post(&format!("/v1/orgs/{org}/transfer"), &json!({"user_id": to})).await.to_string()
}

#[tokio::test]
async fn the_target_becomes_an_owner_and_the_caller_an_administrator() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let answer = ann.post(&format!("/v1/orgs/{org}/transfer"), &json!({"user_id": "bob"})).await;
    assert_eq!(answer.headers["etag"], "\"2\"");
    let member = answer.expect(200);
    assert_eq!(
        (&member["user_id"], &member["role"], &member["version"]),
        (&json!("bob"), &json!("owner"), &json!(2))
    );
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["role"], "administrator");
    assert_eq!(bob.get("/v1/orgs").await.expect(200)["data"][0]["role"], "owner");
    world.assert_whole(&org).await;
    let record = world.audit(&org).await.pop().unwrap();
    assert_eq!(
        (&record["action"]["S"], &record["actor"]["M"]["user_id"]["S"]),
        (&json!("transfer_ownership"), &json!("ann"))
    );
    assert_eq!(transfer(&ann, &org, "bob").await, "403 missing_permission needs owner");
}

#[tokio::test]
async fn when_the_payer_transfers_ownership_the_organization_pays_for_itself() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    world.member(&org, &ann, "cy", "viewer").await;
    let dee = world.member(&org, &ann, "dee", "viewer").await;
    // Bob does not pay, so billing stays with Ann.
    assert_eq!(transfer(&bob, &org, "cy").await, "200");
    assert_eq!(payer(&world, &org).await, "ann");
    world.assert_whole(&org).await;
    assert_eq!(transfer(&ann, &org, "dee").await, "200");
    assert_eq!(payer(&world, &org).await, Value::Null);
    let billing = dee.get(&format!("/v1/orgs/{org}/billing")).await.expect(200);
    assert_eq!((&billing["mode"], &billing["version"]), (&json!("independent"), &json!(2)));
    let record = world.audit(&org).await.pop().unwrap();
    assert_eq!(record["after"]["M"]["billing_mode"]["S"], "independent");
    // The new owner takes over payment.
    let path = format!("/v1/orgs/{org}/billing");
    dee.call("PUT", &path, Some(&json!({"mode": "account"}))).await.expect(200);
    assert_eq!(payer(&world, &org).await, "dee");
    world.assert_whole(&org).await;
}

async fn payer(world: &World, org: &str) -> Value {
    let items = world.items(0).await;
    let meta = items
        .iter()
        .find(|item| item["PK"]["S"] == format!("ORG#{org}") && item["SK"]["S"] == "META")
        .unwrap();
    meta["billing"]["M"]["payer"]["S"].clone()
}

#[tokio::test]
async fn ownership_can_be_transferred_to_another_owner() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "owner").await;
    let member =
        ann.post(&format!("/v1/orgs/{org}/transfer"), &json!({"user_id": "bob"})).await.expect(200);
    assert_eq!((&member["role"], &member["version"]), (&json!("owner"), &json!(1)));
    assert_eq!(payer(&world, &org).await, Value::Null);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn the_target_must_be_another_member() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    assert_eq!(transfer(&ann, &org, "ann").await, "422 validation_failed /user_id:oneself");
    for nobody in ["bob", "", "é", &"u".repeat(256)] {
        assert_eq!(transfer(&ann, &org, nobody).await, "404 member_not_found", "{nobody}");
    }
    let empty = ann.post(&format!("/v1/orgs/{org}/transfer"), &json!({})).await.to_string();
    assert_eq!(empty, "422 validation_failed /user_id:missing_field");
}

#[tokio::test]
async fn ownership_of_a_suspended_organization_cannot_be_transferred() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    world.suspend(&org).await;
    assert_eq!(transfer(&ann, &org, "bob").await, "403 org_not_active by guard.org-not-active");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_transfer_to_each_other_leave_one_owner() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let (to_bob, to_ann, path) =
        (json!({"user_id": "bob"}), json!({"user_id": "ann"}), format!("/v1/orgs/{org}/transfer"));
    let answers = join_all([ann.post(&path, &to_bob), bob.post(&path, &to_ann)]).await;
    // The second transfer is made by the only owner, and gives ownership back.
    assert!(answers.iter().all(|answer| answer.status == 200), "{} {}", answers[0], answers[1]);
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["owner_count"], 1);
    world.assert_whole(&org).await;
}
