use serde_json::{Value, json};

use super::{get, set};
use crate::usage::{event, quiet_time, record};
use crate::world::World;

#[tokio::test]
async fn without_a_budget_the_response_still_shows_the_usage() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    record(&world.service("usage:write").await, &org, &[event("1", at, "chat", "3.5")]).await;
    let budget = get(&bob, &org).await;
    let (start, end) =
        (at.format("%Y-%m-01T00:00:00Z").to_string(), budget["period"]["end"].clone());
    // Noon of the 15th: 349 hours of the month have started.
    let hours = (end.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap() - at)
        .num_hours()
        + 349;
    let forecast =
        orgs_domain::Credits::from_micro(3_500_000 * u128::try_from(hours).unwrap() / 349)
            .to_string();
    assert_eq!(
        budget,
        json!({
            "monthly_credits": null, "thresholds": [50, 80, 100], "enforce": false, "period": {"start": start, "end": end}, "spent": "3.5", "held": "0",
            "remaining": null, "state": "none", "forecast": {"start": start, "end": end, "credits": forecast}, "version": 0,
        })
    );
}

#[tokio::test]
async fn the_state_follows_the_usage_and_starts_over_each_month() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    set(&ann, &org, &json!({"monthly_credits": "10", "thresholds": [80]})).await.expect(200);
    let meter = world.service("usage:write").await;
    let mut seen = Vec::new();
    for (id, credits) in
        [("1", "7.999999"), ("2", "0.000001"), ("3", "1.999999"), ("4", "0.000001"), ("5", "5")]
    {
        record(&meter, &org, &[event(id, at, "chat", credits)]).await;
        let budget = get(&ann, &org).await;
        seen.push(
            ["spent", "remaining", "state"]
                .map(|field| budget[field].as_str().unwrap().to_owned())
                .join(" "),
        );
    }
    insta::assert_snapshot!(seen.join("\n"), @"
    7.999999 2.000001 ok
    8 2 warning
    9.999999 0.000001 warning
    10 0 exceeded
    15 0 exceeded
    ");
    world.advance_days(20).await;
    let budget = get(&world.user("ann").await, &org).await;
    assert_eq!((&budget["spent"], &budget["state"]), (&json!("0"), &json!("ok")));
}

#[tokio::test]
async fn voided_usage_does_not_count_as_spent() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    set(&ann, &org, &json!({"monthly_credits": "10"})).await.expect(200);
    let meter = world.service("usage:write usage:void").await;
    record(&meter, &org, &[event("1", at, "chat", "10"), event("2", at, "chat", "1")]).await;
    assert_eq!(get(&ann, &org).await["state"], "exceeded");
    meter.post(&format!("/v1/orgs/{org}/usage/void"), &json!({"ids": ["1"]})).await.expect(200);
    let budget = get(&ann, &org).await;
    assert_eq!(
        (&budget["spent"], &budget["remaining"], &budget["state"]),
        (&json!("1"), &json!("9"), &json!("ok"))
    );
}

#[tokio::test]
async fn members_see_the_budget_even_in_a_suspended_organization_and_a_service_does_not() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.suspend(&org).await;
    assert_eq!(get(&ann, &org).await["enforce"], Value::Bool(false));
    assert_eq!(
        world.service("usage:write").await.get(&format!("/v1/orgs/{org}/budget")).await.code(),
        Some("org_not_found")
    );
}
