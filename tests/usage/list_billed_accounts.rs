//! `GET /v1/accounts?month=`

use serde_json::{Value, json};

use super::{event, quiet_time, record};
use crate::world::World;

#[tokio::test]
async fn a_billing_system_finds_each_account_with_usage_in_a_month() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let meter = world.service("usage:write").await;
    let mut accounts = Vec::new();
    for name in ["ann", "bob", "cy"] {
        let person = world.user(name).await;
        let (first, second) = (world.org(&person).await, world.org(&person).await);
        record(&meter, &first, &[event("1", at, "chat", "1")]).await;
        record(&meter, &second, &[event("1", at, "image", "1")]).await;
        accounts.push(person.get("/v1/me").await.expect(200)["account_id"].clone());
    }
    accounts.sort_by_key(ToString::to_string);
    world.org(&world.user("dee").await).await;
    let biller = world.service("billing:read").await;
    let path = format!("/v1/accounts?month={}", at.format("%Y-%m"));
    let listed = biller.get(&path).await.expect(200);
    let ids = |page: &Value| -> Vec<Value> {
        page["data"].as_array().unwrap().iter().map(|one| one["account_id"].clone()).collect()
    };
    assert_eq!(ids(&listed), accounts);
    assert_eq!((&listed["data"][0]["hash"], &listed["next_cursor"]), (&Value::Null, &Value::Null));

    let first = biller.get(&format!("{path}&limit=2")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = biller.get(&format!("{path}&limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!([ids(&first), ids(&rest)].concat(), accounts);
    assert_eq!(biller.get("/v1/accounts?month=2001-01").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn only_a_billing_system_lists_accounts_and_the_month_is_required() {
    let world = World::start().await;
    for caller in [world.user("ann").await, world.service("usage:write orgs:operate").await] {
        let answer = caller.get("/v1/accounts?month=2026-11").await;
        assert_eq!((answer.status, answer.code()), (403, Some("missing_permission")));
    }
    assert_eq!(world.nobody().get("/v1/accounts?month=2026-11").await.status, 401);
    let biller = world.service("billing:read").await;
    for (query, pointer) in [
        ("", "/month"),
        ("month=2026", "/month"),
        ("month=2026-11&cursor=AAAA", "/cursor"),
        ("month=2026-11&limit=0", "/limit"),
        ("month=2026-11&colour=red", "/colour"),
    ] {
        let answer = biller.get(&format!("/v1/accounts?{query}")).await;
        assert_eq!(answer.code(), Some("validation_failed"), "{query}");
        assert_eq!(answer.expect(422)["errors"][0]["pointer"], pointer, "{query}");
    }
}
