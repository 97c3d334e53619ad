//! `GET /v1/orgs/{org_id}/statements/{month}`

use orgs_domain::Month;
use serde_json::{Value, json};

use super::get_statement::to_next_month;
use super::{event, quiet_time, record};
use crate::world::World;

#[tokio::test]
async fn an_administrator_sees_the_usage_that_the_organization_paid_for_itself() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let meter = world.service("usage:write").await;
    record(&meter, &org, &[event("1", at, "chat", "7")]).await;
    let billing = format!("/v1/orgs/{org}/billing");
    let billing =
        ann.call("PUT", &billing, Some(&json!({"mode": "independent"}))).await.expect(200);
    let later = at + chrono::Duration::hours(1);
    world.advance(3600).await;
    record(&world.service("usage:write").await, &org, &[event("2", later, "chat", "42")]).await;
    let path = format!("/v1/orgs/{org}/statements/{}", Month::of(at));
    let bob = world.member(&org, &world.user("ann").await, "bob", "administrator").await;
    let open = bob.get(&path).await.expect(200);
    assert_eq!(open["account_id"], billing["account_id"]);
    assert_eq!(open["total"], json!({"credits": "42", "events": 1}));
    assert_eq!((&open["final"], &open["lines"][0]["org_id"]), (&json!(false), &json!(org)));
    to_next_month(&world, 8).await;
    let bob = world.user("bob").await;
    let answer = bob.get(&path).await;
    assert_eq!(answer.headers["etag"], format!("\"{}\"", open["hash"].as_str().unwrap()));
    let closed = answer.expect(200);
    assert_eq!((&closed["final"], &closed["lines"]), (&json!(true), &open["lines"]));
    let biller = world.service("billing:read").await;
    assert_eq!(biller.get(&path).await.expect(200), closed);
    let csv = bob.send(bob.request("GET", &path).header("accept", "text/csv")).await;
    assert_eq!(csv.text.lines().nth(1), Some(format!("{org},chat,,42,1").as_str()));
}

#[tokio::test]
async fn viewers_are_denied_and_outsiders_are_told_that_the_organization_does_not_exist() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let path = |rest: &str| format!("/v1/orgs/{org}/statements/{rest}");
    assert_eq!(vic.get(&path("2026-10")).await.code(), Some("missing_permission"));
    for caller in [world.user("eve").await, world.service("usage:write").await] {
        for month in ["2026-10", "nonsense", "2026-10?cursor=x"] {
            assert_eq!(caller.get(&path(month)).await.code(), Some("org_not_found"), "{month}");
        }
    }
    for (rest, pointer) in
        [("2026-13", "/month"), ("2026-10?cursor=x", "/cursor"), ("2026-10?colour=red", "/colour")]
    {
        let answer = ann.get(&path(rest)).await;
        assert_eq!(answer.expect(422)["errors"][0]["pointer"], pointer, "{rest}");
    }
    assert_eq!(ann.get(&path("2026-10")).await.expect(200)["lines"], Value::Array(Vec::new()));
}
