use chrono::Duration;
use serde_json::json;

use super::{event, event_of, quiet_time, record, rows};
use crate::world::World;

#[tokio::test]
async fn an_account_report_separates_the_organizations_that_the_account_pays_for() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let (staging, production) = (world.org(&ann).await, world.org(&ann).await);
    let others = world.org(&world.user("bob").await).await;
    let meter = world.service("usage:write").await;
    // Both organizations use the same event ids, resources and members, and share nothing.
    for (org, credits) in [(&staging, "1"), (&production, "20"), (&others, "300")] {
        let events = [
            event_of("1", at, "chat", credits, "r", "cy"),
            event_of("2", at - Duration::days(1), "image", credits, "r", "cy"),
        ];
        assert_eq!(record(&meter, org, &events).await["accepted"], 2);
    }
    let report = ann.get("/v1/account/usage?group_by=org").await.expect(200);
    assert_eq!(report["account_id"], ann.get("/v1/me").await.expect(200)["account_id"]);
    assert_eq!(report["total"], json!({"credits": "42", "events": 4}));
    let of = |org: &str| {
        report["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["group"] == org)
            .map(|row| row["credits"].clone())
    };
    assert_eq!(
        (of(&staging), of(&production), of(&others)),
        (Some(json!("2")), Some(json!("40")), None)
    );
    for (org, credits) in [(&staging, "2"), (&production, "40")] {
        let own = ann.get(&format!("/v1/orgs/{org}/usage?group_by=resource")).await.expect(200);
        assert_eq!(
            (&own["total"]["credits"], own["data"].as_array().unwrap().len()),
            (&json!(credits), 1)
        );
        assert_eq!(ann.get(&format!("/v1/orgs/{org}/budget")).await.expect(200)["spent"], credits);
    }
}

#[tokio::test]
async fn the_report_can_be_grouped_by_day_kind_resource_and_member_and_exported_as_csv() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let (one, two) = (world.org(&ann).await, world.org(&ann).await);
    let meter = world.service("usage:write").await;
    record(
        &meter,
        &one,
        &[
            event_of("1", at, "chat", "1", "r1", "bob"),
            event_of("2", at - Duration::days(1), "chat", "2", "r1", "bob"),
        ],
    )
    .await;
    record(
        &meter,
        &two,
        &[event_of("1", at, "image", "4", "r2", "bob"), event("2", at, "chat", "8")],
    )
    .await;
    let month = at.format("%Y-%m").to_string();
    let next = (at + Duration::days(20)).format("%Y-%m").to_string();
    let ask = async |query: &str| {
        let report = ann.get(&format!("/v1/account/usage?{query}")).await.expect(200);
        let head = ["from", "to"].map(|field| report[field].as_str().unwrap().to_owned()).join(" ");
        format!("{head}\n{}", rows(&report).join("\n"))
            .replace(&month, "2026-01")
            .replace(&next, "2026-02")
    };
    insta::assert_snapshot!(ask("").await, @"
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z null 15 4
    ");
    insta::assert_snapshot!(ask("window=day&group_by=kind").await, @"
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z
    2026-01-14T00:00:00Z 2026-01-15T00:00:00Z chat 2 1
    2026-01-15T00:00:00Z 2026-01-16T00:00:00Z chat 9 2
    2026-01-15T00:00:00Z 2026-01-16T00:00:00Z image 4 1
    ");
    insta::assert_snapshot!(ask("group_by=resource").await, @"
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z null 8 1
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z r1 3 2
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z r2 4 1
    ");
    insta::assert_snapshot!(ask("window=month&group_by=member").await, @"
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z null 8 1
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z bob 7 3
    ");
    let path =
        format!("/v1/account/usage?from={month}-01T00:00:00Z&to={next}-01T00:00:00Z&group_by=org");
    let answer = ann.send(ann.request("GET", &path).header("accept", "text/csv")).await;
    let mut lines = [
        format!("2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,{one},3,2"),
        format!("2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,{two},12,2"),
    ];
    lines.sort();
    let csv = answer
        .text
        .replace(&format!("{month}-"), "2026-01-")
        .replace(&format!("{next}-"), "2026-02-");
    assert_eq!(csv, format!("start,end,group,credits,events\n{}\n", lines.join("\n")));
}

#[tokio::test]
async fn everybody_sees_only_their_own_account() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "owner").await;
    let meter = world.service("usage:write").await;
    record(&meter, &org, &[event("1", super::now(&world).await, "chat", "1")]).await;
    assert_eq!(
        bob.get("/v1/account/usage").await.expect(200)["total"],
        json!({"credits": "0", "events": 0})
    );
    assert_eq!(
        world.user("eve").await.get("/v1/account/usage").await.expect(200)["data"],
        json!([])
    );
    assert_eq!(world.nobody().get("/v1/account/usage").await.status, 401);
}

#[tokio::test]
async fn usage_that_an_account_paid_for_stays_after_the_organization_is_purged() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    record(
        &world.service("usage:write").await,
        &org,
        &[event_of("1", at, "chat", "7", "r", "ann")],
    )
    .await;
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    world.advance(30 * 86_400 + 3600).await;
    let ann = world.user("ann").await;
    let path = format!("/v1/account/usage?from={}&group_by=org", at.format("%Y-%m-01T00:00:00Z"));
    assert_eq!(ann.get(&path).await.expect(200)["total"]["credits"], "7");
}

#[tokio::test]
async fn an_invalid_query_points_at_its_parameter() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let mut answers = Vec::new();
    for query in [
        "window=hour",
        "window=week",
        "group_by=colour",
        "from=yesterday",
        "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=2020-01-01T00:00:00Z",
        "org=1",
    ] {
        answers.push(ann.get(&format!("/v1/account/usage?{query}")).await.to_string());
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /window:no_hours
    422 validation_failed /window:invalid_value
    422 validation_failed /group_by:invalid_value
    422 validation_failed /from:invalid_value
    422 validation_failed /to:invalid_range
    422 validation_failed /from:too_many_windows
    422 validation_failed /org:unknown_field
    ");
}
