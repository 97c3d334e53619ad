use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{account, get, set};
use crate::usage::{event, now, quiet_time, record};
use crate::world::World;

#[tokio::test]
async fn an_owner_sets_the_payer_and_the_billing_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let own = set(&ann, &org, &json!({"mode": "independent", "email": "Bills@Example.com"})).await;
    assert_eq!(own.headers["etag"], "\"2\"");
    let own = own.expect(200);
    assert_eq!(
        (&own["mode"], &own["email"], &own["version"]),
        (&json!("independent"), &json!("Bills@Example.com"), &json!(2))
    );
    assert_eq!(own, get(&bob, &org).await);
    // The owner who sets `account` becomes the payer.
    let bobs = set(&bob, &org, &json!({"mode": "account"})).await.expect(200);
    assert_eq!(
        (&bobs["account_id"], &bobs["email"]),
        (&json!(account(&bob).await), &json!("Bills@Example.com"))
    );
    let record = world.audit(&org).await.last().unwrap().clone();
    assert_eq!(
        (&record["action"]["S"], &record["before"]["M"]["mode"]["S"]),
        (&json!("set_billing"), &json!("independent"))
    );
    assert_eq!(record["after"]["M"]["account_id"]["S"], bobs["account_id"]);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn changing_only_the_address_keeps_the_payer_and_equal_values_change_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let changed = set(&bob, &org, &json!({"email": "bills@example.com"})).await.expect(200);
    assert_eq!(
        (&changed["account_id"], &changed["version"]),
        (&json!(account(&ann).await), &json!(2))
    );
    let audited = world.count_audit(&org).await;
    assert_eq!(
        set(&ann, &org, &json!({"mode": "account", "email": "bills@example.com"}))
            .await
            .expect(200),
        changed
    );
    assert_eq!(set(&ann, &org, &json!({})).await.expect(200), changed);
    assert_eq!(world.count_audit(&org).await, audited);
}

#[tokio::test]
async fn past_usage_stays_with_the_account_that_paid_then() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let meter = world.service("usage:write usage:void").await;
    let of_ann = now(&world).await;
    world.advance(10).await;
    let bobs = set(&bob, &org, &json!({"mode": "account"})).await.expect(200);
    let of_bob = now(&world).await;
    world.advance(10).await;
    let own = set(&bob, &org, &json!({"mode": "independent"})).await.expect(200);
    assert_eq!(bobs["paid_since"], bobs["updated_at"]);
    world.advance(1).await;
    let mail = set(&ann, &org, &json!({"email": "bills@example.com"})).await.expect(200);
    assert_eq!(mail["paid_since"], own["paid_since"]);
    assert_ne!(mail["updated_at"], own["updated_at"]);
    // All of it arrives after the changes. The timestamp decides who pays.
    let since: DateTime<Utc> = bobs["paid_since"].as_str().unwrap().parse().unwrap();
    let last = since - Duration::milliseconds(1);
    record(
        &meter,
        &org,
        &[
            event("1", of_ann, "chat", "1"),
            event("2", of_bob, "chat", "2"),
            event("3", now(&world).await, "chat", "4"),
            event("last of ann", last, "chat", "16"),
        ],
    )
    .await;
    for (who, paid) in [(&ann, "17"), (&bob, "2")] {
        assert_eq!(who.get("/v1/account/usage").await.expect(200)["total"]["credits"], paid);
    }
    assert_eq!(
        ann.get(&format!("/v1/orgs/{org}/usage")).await.expect(200)["total"]["credits"],
        "23"
    );
    // Voided usage is subtracted from the account that paid for it.
    meter.post(&format!("/v1/orgs/{org}/usage/void"), &json!({"ids": ["1"]})).await.expect(200);
    assert_eq!(ann.get("/v1/account/usage").await.expect(200)["total"]["credits"], "16");
    assert_eq!(bob.get("/v1/account/usage").await.expect(200)["total"]["credits"], "2");
}

#[tokio::test]
async fn late_usage_stays_with_the_payer_who_transferred_ownership() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    world.advance(10).await;
    ann.post(&format!("/v1/orgs/{org}/transfer"), &json!({"user_id": "bob"})).await.expect(200);
    set(&bob, &org, &json!({"mode": "account"})).await.expect(200);
    record(&world.service("usage:write").await, &org, &[event("late", at, "chat", "7")]).await;
    for (who, paid) in [(&ann, "7"), (&bob, "0")] {
        assert_eq!(who.get("/v1/account/usage").await.expect(200)["total"]["credits"], paid);
    }
}

#[tokio::test]
async fn an_owner_who_stopped_paying_ten_times_in_35_days_does_not_begin_again() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let modes =
        |n: usize| json!({"mode": if n.is_multiple_of(2) { "independent" } else { "account" }});
    for n in 0..19 {
        set(&ann, &org, &modes(n)).await.expect(200);
    }
    let refused = set(&ann, &org, &modes(19)).await;
    assert_eq!((refused.status, refused.code()), (429, Some("rate_limited")));
    let wait: i64 = refused.headers["retry-after"].parse().unwrap();
    assert!((34 * 86_400..=35 * 86_400 + 1).contains(&wait), "{wait}");
    // The same payer, and another address, are no change of the payer.
    set(&ann, &org, &modes(18)).await.expect(200);
    set(&ann, &org, &json!({"email": "bills@example.com"})).await.expect(200);
    // Another owner can begin to pay, and nobody has to keep paying.
    let bob = world.member(&org, &ann, "bob", "owner").await;
    set(&bob, &org, &modes(1)).await.expect(200);
    set(&bob, &org, &modes(0)).await.expect(200);
    world.advance(wait).await;
    set(&world.user("ann").await, &org, &modes(19)).await.expect(200);
}

#[tokio::test]
async fn a_billing_mode_that_the_plan_does_not_allow_is_denied() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    let plan = format!("/v1/orgs/{org}/plan");
    operator.call("PUT", &plan, Some(&json!({"billing_modes": ["account"]}))).await.expect(200);
    let refused = set(&ann, &org, &json!({"mode": "independent"})).await;
    assert_eq!((refused.status, refused.code()), (403, Some("plan_restricted")));
    assert_eq!(refused.body["policies"], json!(["guard.plan-restricted"]));
    // A new plan keeps the current billing mode, and setting the same mode again is allowed.
    operator.call("PUT", &plan, Some(&json!({"billing_modes": ["independent"]}))).await.expect(200);
    assert_eq!(get(&ann, &org).await["mode"], "account");
    set(&ann, &org, &json!({"mode": "account", "email": "bills@example.com"})).await.expect(200);
    set(&ann, &org, &json!({"mode": "independent"})).await.expect(200);
    assert_eq!(set(&ann, &org, &json!({"mode": "account"})).await.code(), Some("plan_restricted"));
}

#[tokio::test]
async fn another_owner_cannot_take_over_a_billing_mode_that_the_plan_no_longer_allows() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let plan = json!({"billing_modes": ["independent"]});
    world
        .service("orgs:operate")
        .await
        .call("PUT", &format!("/v1/orgs/{org}/plan"), Some(&plan))
        .await
        .expect(200);
    let before = get(&ann, &org).await;
    assert_eq!(set(&bob, &org, &json!({"mode": "account"})).await.code(), Some("plan_restricted"));
    assert_eq!(get(&ann, &org).await, before);
    set(&bob, &org, &json!({"email": "bills@example.com"})).await.expect(200);
    assert_eq!(get(&ann, &org).await["account_id"], before["account_id"]);
}

#[tokio::test]
async fn only_owners_set_billing_even_in_a_suspended_or_deleted_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "administrator").await;
    let denied = set(&bob, &org, &json!({"mode": 7})).await;
    assert_eq!((denied.status, denied.code()), (403, Some("missing_permission")));
    assert_eq!(denied.body["required_role"], "owner");
    world.suspend(&org).await;
    set(&ann, &org, &json!({"mode": "independent"})).await.expect(200);
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    set(&ann, &org, &json!({"mode": "account"})).await.expect(200);
}

#[tokio::test]
async fn bad_input_points_at_its_field_and_a_stale_version_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let mut answers = Vec::new();
    for body in [
        json!({"mode": "prepaid"}),
        json!({"mode": null}),
        json!({"mode": {"account": null}}),
        json!({"email": "nobody"}),
        json!({"email": null}),
        json!({"payer": "ann"}),
    ] {
        answers.push(set(&ann, &org, &body).await.to_string());
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /mode:invalid_value
    422 validation_failed /mode:wrong_type
    422 validation_failed /mode:wrong_type
    422 validation_failed /email:invalid_email
    422 validation_failed /email:wrong_type
    422 validation_failed /payer:unknown_field
    ");
    let path = format!("/v1/orgs/{org}/billing");
    let stale = ann
        .request("PUT", &path)
        .header("if-match", "\"2\"")
        .header("content-type", "application/json")
        .body(r#"{"mode":"independent"}"#);
    assert_eq!(ann.send(stale).await.code(), Some("version_mismatch"));
    assert_eq!(get(&ann, &org).await["version"], 1);
}

#[tokio::test]
async fn when_the_payer_is_demoted_the_owners_are_mailed() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let before = world.mails("bob@example.com").await.len();
    bob.patch(&format!("/v1/orgs/{org}/members/ann"), &json!({"role": "viewer"})).await.expect(200);
    let billing = get(&bob, &org).await;
    assert_eq!(
        (&billing["mode"], &billing["version"], &billing["email"]),
        (&json!("independent"), &json!(2), &json!("ann@example.com"))
    );
    let mail = world.mail("bob@example.com", before).await;
    insta::assert_snapshot!(format!("{}\n\n{}", mail["subject"].as_str().unwrap(), mail["text"].as_str().unwrap()), @"
    Billing for Acme moved to another account

    Billing for Acme moved to another account

    The owner who paid for Acme is no longer an owner.

    From now on, Acme's own account pays. An owner can choose to pay instead in the billing settings, if the plan allows it. Check the billing email there.

    Earlier usage stays on the previous account.

    You received this email because you are an owner of Acme.
    ");
    assert_eq!(
        mail["headers"]["List-Unsubscribe"],
        Value::Null,
        "a transactional mail has no opt-out"
    );
    assert!(world.mails("ann@example.com").await.is_empty(), "the former owner gets no mail");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn owners_get_at_most_five_mails_about_billing_a_day() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let before = world.mails("bob@example.com").await.len();
    let path = format!("/v1/orgs/{org}/members/ann");
    let moves = async |times: usize| {
        for _ in 0..times {
            bob.patch(&path, &json!({"role": "viewer"})).await.expect(200);
            bob.patch(&path, &json!({"role": "owner"})).await.expect(200);
            set(&ann, &org, &json!({"mode": "account"})).await.expect(200);
        }
    };
    moves(7).await;
    // The mailer sends two batches at a time. When these later mails have arrived, all earlier ones
    // have been sent.
    for n in 0..12 {
        world.invite(&org, &ann, &format!("cy{n}@example.com"), "viewer").await;
    }
    assert_eq!(world.mails("bob@example.com").await.len(), before + 5);
    world.advance_days(1).await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    bob.patch(&path, &json!({"role": "viewer"})).await.expect(200);
    drop(ann);
    world.mail("bob@example.com", before + 5).await;
}

#[tokio::test]
async fn after_the_payer_transfers_ownership_the_organization_pays_and_the_owners_are_mailed() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let before = world.mails("bob@example.com").await.len();
    ann.post(&format!("/v1/orgs/{org}/transfer"), &json!({"user_id": "bob"})).await.expect(200);
    let billing = get(&bob, &org).await;
    assert_eq!((&billing["mode"], &billing["version"]), (&json!("independent"), &json!(2)));
    assert_ne!(billing["account_id"], json!(account(&bob).await));
    assert!(
        world.mail("bob@example.com", before).await["subject"]
            .as_str()
            .unwrap()
            .starts_with("Billing for Acme")
    );
}

#[tokio::test]
async fn the_payer_is_an_owner_in_every_order_of_a_billing_change_and_a_demotion() {
    for _ in 0..4 {
        let world = World::start().await;
        let ann = world.user("ann").await;
        let org = world.org(&ann).await;
        let bob = world.member(&org, &ann, "bob", "owner").await;
        let demotion = json!({"role": "viewer"});
        let path = format!("/v1/orgs/{org}/members/bob");
        let body = json!({"mode": "account"});
        let (set, demoted) = tokio::join!(set(&bob, &org, &body), ann.patch(&path, &demotion));
        assert!(matches!(set.status, 200 | 403 | 503), "{set}");
        assert!(matches!(demoted.status, 200 | 503), "{demoted}");
        world.assert_whole(&org).await;
    }
}
