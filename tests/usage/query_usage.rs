use chrono::Duration;
use serde_json::{Value, json};

use super::{event, quiet_time, record};
use crate::world::World;

fn rows(report: &Value) -> Vec<String> {
    report["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |field: &str| row[field].as_str().unwrap_or("null").to_owned();
            format!("{} {} {} {} {}", text("start"), text("end"), text("group"), text("credits"), row["events"])
        })
        .collect()
}

/// A world in the middle of a month, with usage of 3 hours of today, yesterday, and (within the 7 days) nothing else.
async fn used() -> (World, String, chrono::DateTime<chrono::Utc>) {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let events = [
        event("1", at, "chat", "0.5"),
        event("2", at, "search", "0.25"),
        event("3", at - Duration::hours(1), "chat", "1"),
        event("4", at - Duration::hours(3), "chat", "2"),
        event("5", at - Duration::days(1), "chat", "4.000001"),
    ];
    record(&meter, &org, &events).await;
    (world, org, at)
}

#[tokio::test]
async fn without_a_question_it_is_this_months_total() {
    let (world, org, at) = used().await;
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    let month = at.format("%Y-%m").to_string();
    let stable = serde_json::from_str::<Value>(&report.to_string().replace(&month, "2026-01").replace(&org, "[org]")).unwrap();
    insta::assert_json_snapshot!(stable, @r#"
    {
      "org_id": "[org]",
      "from": "2026-01-01T00:00:00Z",
      "to": "2026-01-15T13:00:00Z",
      "window": null,
      "group_by": null,
      "unit": "credits",
      "total": {
        "credits": "7.750001",
        "events": 5
      },
      "data": [
        {
          "start": "2026-01-01T00:00:00Z",
          "end": "2026-01-15T13:00:00Z",
          "group": null,
          "credits": "7.750001",
          "events": 5
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn windows_are_aligned_and_empty_ones_left_out() {
    let (world, org, at) = used().await;
    let ann = world.user("ann").await;
    let month = at.format("%Y-%m").to_string();
    let ask = async |query: &str| {
        let report = ann.get(&format!("/v1/orgs/{org}/usage?{}", query.replace("2026-01", &month))).await.expect(200);
        let shown = format!(
            "{} {} {}\n{}",
            report["from"].as_str().unwrap(),
            report["to"].as_str().unwrap(),
            report["total"]["credits"].as_str().unwrap(),
            rows(&report).join("\n")
        );
        let next = (at + Duration::days(20)).format("%Y-%m").to_string();
        shown.replace(&month, "2026-01").replace(&next, "2026-02")
    };
    insta::assert_snapshot!(ask("window=hour&from=2026-01-15T09:10:00Z").await, @"
    2026-01-15T09:00:00Z 2026-01-15T13:00:00Z 3.75
    2026-01-15T09:00:00Z 2026-01-15T10:00:00Z null 2 1
    2026-01-15T11:00:00Z 2026-01-15T12:00:00Z null 1 1
    2026-01-15T12:00:00Z 2026-01-15T13:00:00Z null 0.75 2
    ");
    insta::assert_snapshot!(ask("window=hour&group_by=kind&from=2026-01-15T11:00:00Z&to=2026-01-15T13:00:00Z").await, @"
    2026-01-15T11:00:00Z 2026-01-15T13:00:00Z 1.75
    2026-01-15T11:00:00Z 2026-01-15T12:00:00Z chat 1 1
    2026-01-15T12:00:00Z 2026-01-15T13:00:00Z chat 0.5 1
    2026-01-15T12:00:00Z 2026-01-15T13:00:00Z search 0.25 1
    ");
    insta::assert_snapshot!(ask("window=day&from=2026-01-14T09:10:00Z&to=2026-01-15T00:00:01Z").await, @"
    2026-01-14T00:00:00Z 2026-01-16T00:00:00Z 7.750001
    2026-01-14T00:00:00Z 2026-01-15T00:00:00Z null 4.000001 1
    2026-01-15T00:00:00Z 2026-01-16T00:00:00Z null 3.75 4
    ");
    insta::assert_snapshot!(ask("window=month&group_by=kind&from=2026-01-14T09:10:00Z").await, @"
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z 7.750001
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z chat 7.500001 4
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z search 0.25 1
    ");
    insta::assert_snapshot!(ask("group_by=kind&from=2026-01-14T00:00:00Z&to=2026-01-15T12:00:00Z").await, @"
    2026-01-14T00:00:00Z 2026-01-15T12:00:00Z 7.000001
    2026-01-14T00:00:00Z 2026-01-15T12:00:00Z chat 7.000001 3
    ");
    insta::assert_snapshot!(ask("from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00Z").await, @"2026-01-02T00:00:00Z 2026-01-03T00:00:00Z 0");
    // A total over years adds up months, days and hours.
    insta::assert_snapshot!(ask("from=2000-01-01T00:30:00Z").await, @"
    2000-01-01T00:00:00Z 2026-01-15T13:00:00Z 7.750001
    2000-01-01T00:00:00Z 2026-01-15T13:00:00Z null 7.750001 5
    ");
}

#[tokio::test]
async fn a_bad_question_is_pointed_at() {
    let (world, org, _) = used().await;
    let ann = world.user("ann").await;
    let mut answers = Vec::new();
    for query in [
        "from=yesterday",
        "from=2026-01-01",
        "to=",
        "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "window=week",
        "group_by=colour",
        "window=hour&from=2020-01-01T00:00:00Z",
        "window=hour&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z",
        "from=1000-01-01T00:00:00Z",
        "to=9999-01-01T00:00:00Z",
        "to=%2B262142-12-31T23:59:59Z",
        "limit=5",
        "window=day&window=day",
    ] {
        answers.push(format!("{query}: {}", ann.get(&format!("/v1/orgs/{org}/usage?{query}")).await));
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    from=yesterday: 422 validation_failed /from:invalid_value
    from=2026-01-01: 422 validation_failed /from:invalid_value
    to=: 422 validation_failed /to:invalid_value
    from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z: 422 validation_failed /to:invalid_range
    from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z: 422 validation_failed /to:invalid_range
    window=week: 422 validation_failed /window:invalid_value
    group_by=colour: 422 validation_failed /group_by:invalid_value
    window=hour&from=2020-01-01T00:00:00Z: 422 validation_failed /from:too_many_windows
    window=hour&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z: 422 validation_failed /from:too_many_windows
    from=1000-01-01T00:00:00Z: 422 validation_failed /from:too_many_windows
    to=9999-01-01T00:00:00Z: 422 validation_failed /to:invalid_range
    to=%2B262142-12-31T23:59:59Z: 422 validation_failed /to:invalid_value
    limit=5: 422 validation_failed /limit:unknown_field
    window=day&window=day: 422 validation_failed /window:duplicate
    ");
    assert_eq!(ann.get(&format!("/v1/orgs/{org}/usage?window=hour&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z")).await.status, 200);
}

#[tokio::test]
async fn every_member_and_nobody_else_sees_it() {
    let (world, org, _) = used().await;
    let ann = world.user("ann").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    assert_eq!(vic.get(&format!("/v1/orgs/{org}/usage")).await.expect(200)["total"]["events"], json!(5));
    assert_eq!(world.user("eve").await.get(&format!("/v1/orgs/{org}/usage?window=bad")).await.code(), Some("org_not_found"));
}
