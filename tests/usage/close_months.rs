//! `close_months`: stores the final statement of each account with usage.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::Month;
use serde_json::{Value, json};

use super::get_statement::to_next_month;
use super::{event, now, quiet_time, record};
use crate::world::World;

/// Returns the item whose partition key begins with `prefix`.
async fn item(world: &World, prefix: &str) -> Option<Value> {
    let items = world.items(1).await;
    items.into_iter().find(|item| item["PK"]["S"].as_str().unwrap().starts_with(prefix))
}

#[tokio::test]
async fn a_statement_that_is_stored_is_not_stored_again() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    record(&world.service("usage:write").await, &org, &[event("1", at, "chat", "1")]).await;
    to_next_month(&world, 8).await;
    let stored = item(&world, "STM#").await;
    // As if the list had lost the mark: the job finds the statement and keeps it.
    let mut listed = item(&world, "BILL#").await.unwrap();
    listed.as_object_mut().unwrap().remove("hash").unwrap();
    world.put_items(1, &[listed]).await;
    world.advance(3600).await;
    assert_eq!(item(&world, "STM#").await, stored);
}

#[tokio::test]
async fn a_month_is_closed_when_it_is_final_and_not_before() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    record(&world.service("usage:write").await, &org, &[event("1", at, "chat", "1")]).await;
    let final_at = Month::of(at).final_at();
    let closed_at = async |time: DateTime<Utc>| {
        world.advance((time - now(&world).await).num_seconds()).await;
        item(&world, "STM#").await.map(|statement| statement["month"]["S"].clone())
    };
    // The scheduled functions run when the clock passes a full hour.
    assert_eq!(closed_at(final_at - Duration::minutes(2)).await, None);
    assert_eq!(
        closed_at(final_at + Duration::hours(1)).await,
        Some(json!(Month::of(at).to_string()))
    );
}

#[tokio::test]
async fn months_are_closed_later_if_the_job_did_not_run() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    record(&world.service("usage:write").await, &org, &[event("1", at, "chat", "1")]).await;
    world.advance_days(85).await;
    let statement = item(&world, "STM#").await.unwrap();
    assert_eq!(statement["month"]["S"], Month::of(at).to_string());
}

#[tokio::test]
async fn an_account_that_cannot_be_closed_does_not_stop_the_others() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let month = Month::of(at);
    let meter = world.service("usage:write").await;
    let mut accounts = Vec::new();
    for name in ["ann", "bob"] {
        let person = world.user(name).await;
        record(&meter, &world.org(&person).await, &[event("1", at, "chat", "1")]).await;
        accounts.push(person.get("/v1/me").await.expect(200)["account_id"].clone());
    }
    let broken = accounts[0].as_str().unwrap();
    let counter = |credits: &Value| {
        json!({
            "PK": {"S": format!("ACC#{broken}#D#{month}")},
            "SK": {"S": "01#org_00000000000000000000000000000007#0"},
            "cr_chat": credits, "n_chat": {"N": "1"},
        })
    };
    world.put_items(1, &[counter(&json!({"S": "nonsense"}))]).await;
    to_next_month(&world, 8).await;
    let closed = async || {
        let biller = world.service("billing:read").await;
        let listed = biller.get(&format!("/v1/accounts?month={month}")).await.expect(200);
        let mut closed: Vec<(Value, bool)> = listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|account| (account["account_id"].clone(), account["hash"].is_string()))
            .collect();
        closed.sort_by_key(|(account, _)| *account != accounts[0]);
        closed
    };
    let of = |first| vec![(accounts[0].clone(), first), (accounts[1].clone(), true)];
    assert_eq!(closed().await, of(false));
    // The next run closes it, once the counter is right.
    world.put_items(1, &[counter(&json!({"N": "1000000"}))]).await;
    world.advance(3600).await;
    assert_eq!(closed().await, of(true));
}
