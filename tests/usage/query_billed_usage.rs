use serde_json::{Value, json};

use super::{event, quiet_time, record};
use crate::world::{Caller, World};

/// Returns the report of an account.
async fn report(biller: &Caller, account: &Value, query: &str) -> Value {
    let account = account.as_str().unwrap();
    biller.get(&format!("/v1/accounts/{account}/usage?{query}")).await.expect(200)
}

#[tokio::test]
async fn a_billing_system_reads_what_every_account_paid_for() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let (staging, production) = (world.org(&ann).await, world.org(&ann).await);
    let meter = world.service("usage:write").await;
    record(&meter, &staging, &[event("1", at, "chat", "2")]).await;
    record(&meter, &production, &[event("1", at, "chat", "40")]).await;
    let biller = world.service("billing:read").await;

    let account = ann.get("/v1/me").await.expect(200)["account_id"].clone();
    let theirs = report(&biller, &account, "window=day&group_by=org").await;
    assert_eq!(theirs["total"], json!({"credits": "42", "events": 2}));
    assert_eq!(theirs, ann.get("/v1/account/usage?window=day&group_by=org").await.expect(200));
    let path = format!("/v1/accounts/{}/usage?group_by=kind", account.as_str().unwrap());
    let answer = biller.send(biller.request("GET", &path).header("accept", "text/csv")).await;
    assert!(answer.text.ends_with(",chat,42,2\n"), "{}", answer.text);

    // The organization pays for itself from now on, and no person has its account.
    let path = format!("/v1/orgs/{staging}/billing");
    let billing = ann.call("PUT", &path, Some(&json!({"mode": "independent"}))).await.expect(200);
    record(&meter, &staging, &[event("2", at, "chat", "5")]).await;
    let own = report(&biller, &billing["account_id"], "").await;
    assert_eq!(own["total"], json!({"credits": "5", "events": 1}));
    assert_eq!(report(&biller, &account, "").await["total"]["credits"], "42");
}

#[tokio::test]
async fn the_usage_of_an_account_outlives_its_organization() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    // It pays for itself, so no person can read its account.
    let path = format!("/v1/orgs/{org}/billing");
    let billing = ann.call("PUT", &path, Some(&json!({"mode": "independent"}))).await.expect(200);
    let account = billing["account_id"].clone();
    record(&world.service("usage:write").await, &org, &[event("1", at, "chat", "42")]).await;
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    let biller = world.service("billing:read").await;
    assert_eq!(
        biller.get(&format!("/v1/orgs/{org}/usage")).await.expect(200)["total"]["events"],
        1
    );
    world.advance_days(40).await;
    let biller = world.service("billing:read").await;
    assert_eq!(biller.get(&format!("/v1/orgs/{org}/usage")).await.status, 404);
    let month = at.format("%Y-%m");
    let query = format!("from={month}-01T00:00:00Z&to={month}-28T00:00:00Z&group_by=org");
    let report = report(&biller, &account, &query).await;
    assert_eq!(report["data"][0]["group"], org.as_str());
    assert_eq!(report["total"], json!({"credits": "42", "events": 1}));
}

#[tokio::test]
async fn only_a_billing_system_reads_the_accounts_of_others() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let account = ann.get("/v1/me").await.expect(200)["account_id"].clone();
    let account = account.as_str().unwrap();
    for caller in [ann, world.service("usage:write access:check orgs:operate").await] {
        let answer = caller.get(&format!("/v1/accounts/{account}/usage")).await;
        assert_eq!((answer.status, answer.code()), (403, Some("missing_permission")));
    }
    let meter = world.service("usage:write access:check orgs:operate").await;
    assert_eq!(meter.get(&format!("/v1/orgs/{org}/usage")).await.status, 404);
    let biller = world.service("billing:read").await;
    // An account that never paid for anything has an empty report, and an invalid id is an error.
    assert_eq!(
        report(&biller, &json!(format!("acct_{:032}", 7)), "").await["total"],
        json!({"credits": "0", "events": 0})
    );
    for id in ["ann", "acct_", "acct_XYZ", "ACCT_00000000000000000000000000000007"] {
        let answer = biller.get(&format!("/v1/accounts/{id}/usage")).await;
        assert_eq!((answer.status, answer.code()), (422, Some("validation_failed")), "{id}");
        assert_eq!(answer.expect(422)["errors"][0]["pointer"], "/account_id");
    }
    // The scope is for usage and billing only.
    assert_eq!(biller.get(&format!("/v1/orgs/{org}/usage")).await.status, 200);
    for path in ["", "/members", "/budget", "/audit", "/resources"] {
        assert_eq!(biller.get(&format!("/v1/orgs/{org}{path}")).await.status, 404, "{path}");
    }
}
