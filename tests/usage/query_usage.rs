use chrono::Duration;
use orgs_domain::Month;
use serde_json::{Value, json};

use super::{event, event_of, quiet_time, record, rows};
use crate::world::World;

/// Creates a world in the middle of a month, with usage in three hours of today and in one of
/// yesterday.
async fn world_with_usage() -> (World, String, chrono::DateTime<chrono::Utc>) {
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
async fn without_parameters_the_report_is_the_total_of_this_month() {
    let (world, org, at) = world_with_usage().await;
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    let month = Month::of(at);
    let next = Month::of(month.span().to);
    let mut stable = serde_json::from_str::<Value>(
        &report
            .to_string()
            .replace(&month.to_string(), "2026-01")
            .replace(&next.to_string(), "2026-02")
            .replace(&org, "[org]"),
    )
    .unwrap();
    // The expected credits depend on the length of the month.
    let hours = (month.span().to - month.start()).num_hours();
    let expected = 7.750_001 * f64::from(u16::try_from(hours).unwrap()) / 349.0;
    let forecast = stable["forecast"]["credits"].take();
    let forecast: f64 = forecast.as_str().unwrap().parse().unwrap();
    assert!((forecast - expected).abs() < 0.000_01, "{forecast} and {expected}");
    insta::assert_json_snapshot!(stable, @r#"
    {
      "org_id": "[org]",
      "from": "2026-01-01T00:00:00Z",
      "to": "2026-01-15T13:00:00Z",
      "final_at": "2026-02-08T00:05:00Z",
      "final": false,
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
          "other": false,
          "credits": "7.750001",
          "events": 5
        }
      ],
      "next_cursor": null,
      "forecast": {
        "start": "2026-01-01T00:00:00Z",
        "end": "2026-02-01T00:00:00Z",
        "credits": null
      }
    }
    "#);
}

#[tokio::test]
async fn usage_at_the_instant_in_which_an_hour_begins_is_in_the_report() {
    let world = World::start().await;
    let at = quiet_time(&world).await + Duration::minutes(30);
    world.advance(30 * 60).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    record(&world.service("usage:write").await, &org, &[event("1", at, "chat", "1")]).await;
    let report = ann.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "1", "events": 1}));
}

#[tokio::test]
async fn windows_are_aligned_and_empty_ones_are_omitted() {
    let (world, org, at) = world_with_usage().await;
    let ann = world.user("ann").await;
    let month = at.format("%Y-%m").to_string();
    let ask = async |query: &str| {
        let report = ann
            .get(&format!("/v1/orgs/{org}/usage?{}", query.replace("2026-01", &month)))
            .await
            .expect(200);
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
    // A total over years is the sum of months, days and hours.
    insta::assert_snapshot!(ask("from=2000-01-01T00:30:00Z").await, @"
    2000-01-01T00:00:00Z 2026-01-15T13:00:00Z 7.750001
    2000-01-01T00:00:00Z 2026-01-15T13:00:00Z null 7.750001 5
    ");
}

#[tokio::test]
async fn an_invalid_query_points_at_its_parameter() {
    let (world, org, _) = world_with_usage().await;
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
        "colour=red",
        "window=day&window=day",
        "limit=0",
        "limit=10001",
        "top=0&group_by=kind",
        "top=101&group_by=kind",
        "top=x&group_by=kind",
        "top=3",
        "kind=chat&user_id=ann",
        "kind=chat&group_by=member",
        "resource_id=r&window=hour",
        "cursor=AAAA",
        "cursor=%20",
    ] {
        answers
            .push(format!("{query}: {}", ann.get(&format!("/v1/orgs/{org}/usage?{query}")).await));
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
    colour=red: 422 validation_failed /colour:unknown_field
    window=day&window=day: 422 validation_failed /window:duplicate
    limit=0: 422 validation_failed /limit:invalid_value
    limit=10001: 422 validation_failed /limit:invalid_value
    top=0&group_by=kind: 422 validation_failed /top:invalid_value
    top=101&group_by=kind: 422 validation_failed /top:invalid_value
    top=x&group_by=kind: 422 validation_failed /top:invalid_value
    top=3: 422 validation_failed /top:not_available
    kind=chat&user_id=ann: 422 validation_failed /user_id:not_available
    kind=chat&group_by=member: 422 validation_failed /group_by:not_available
    resource_id=r&window=hour: 422 validation_failed /window:no_hours
    cursor=AAAA: 422 validation_failed /cursor:invalid_value
    cursor=%20: 422 validation_failed /cursor:invalid_value
    ");
    assert_eq!(
        ann.get(&format!(
            "/v1/orgs/{org}/usage?window=hour&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
        ))
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn every_member_and_nobody_else_sees_the_usage() {
    let (world, org, _) = world_with_usage().await;
    let ann = world.user("ann").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    assert_eq!(
        vic.get(&format!("/v1/orgs/{org}/usage")).await.expect(200)["total"]["events"],
        json!(5)
    );
    assert_eq!(
        world.user("eve").await.get(&format!("/v1/orgs/{org}/usage?window=bad")).await.code(),
        Some("org_not_found")
    );
}

/// Returns the rows of a report with a fixed month in place of the current one.
async fn normalized_report(
    world: &World,
    org: &str,
    at: chrono::DateTime<chrono::Utc>,
    query: &str,
) -> String {
    let month = at.format("%Y-%m").to_string();
    let path = format!("/v1/orgs/{org}/usage?{}", query.replace("2026-01", &month));
    let report = world.user("ann").await.get(&path).await.expect(200);
    let head = ["from", "to"].map(|field| report[field].as_str().unwrap().to_owned()).join(" ");
    let next = (at + Duration::days(20)).format("%Y-%m").to_string();
    let text = format!(
        "{head} {}\n{}",
        report["total"]["credits"].as_str().unwrap(),
        rows(&report).join("\n")
    );
    text.replace(&month, "2026-01").replace(&next, "2026-02")
}

#[tokio::test]
async fn usage_can_be_grouped_by_resource_and_by_member_in_days() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let odd = "a#b|c d/é";
    let events = [
        event_of("1", at, "chat", "1", "r1", "ann"),
        event_of("2", at, "search", "2", "r1", "bob"),
        event_of("3", at - Duration::days(1), "chat", "4", "r2", "ann"),
        event_of("4", at - Duration::days(1), "chat", "8", odd, odd),
        event("5", at, "chat", "16"),
    ];
    record(&meter, &org, &events).await;
    insta::assert_snapshot!(normalized_report(&world, &org, at, "group_by=resource&window=day").await, @"
    2026-01-01T00:00:00Z 2026-01-16T00:00:00Z 31
    2026-01-14T00:00:00Z 2026-01-15T00:00:00Z a#b|c d/é 8 1
    2026-01-14T00:00:00Z 2026-01-15T00:00:00Z r2 4 1
    2026-01-15T00:00:00Z 2026-01-16T00:00:00Z null 16 1
    2026-01-15T00:00:00Z 2026-01-16T00:00:00Z r1 3 2
    ");
    insta::assert_snapshot!(normalized_report(&world, &org, at, "group_by=member&from=2026-01-14T12:00:00Z&to=2026-01-15T00:00:01Z").await, @"
    2026-01-14T00:00:00Z 2026-01-16T00:00:00Z 31
    2026-01-14T00:00:00Z 2026-01-16T00:00:00Z null 16 1
    2026-01-14T00:00:00Z 2026-01-16T00:00:00Z a#b|c d/é 8 1
    2026-01-14T00:00:00Z 2026-01-16T00:00:00Z ann 5 2
    2026-01-14T00:00:00Z 2026-01-16T00:00:00Z bob 2 1
    ");
    insta::assert_snapshot!(normalized_report(&world, &org, at, "group_by=member&window=month").await, @"
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z 31
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z null 16 1
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z a#b|c d/é 8 1
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z ann 5 2
    2026-01-01T00:00:00Z 2026-02-01T00:00:00Z bob 2 1
    ");
    let refused = world
        .user("ann")
        .await
        .get(&format!("/v1/orgs/{org}/usage?group_by=member&window=hour"))
        .await;
    insta::assert_snapshot!(refused, @"422 validation_failed /window:no_hours");
    let refused = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage?group_by=org")).await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn raw_csv_has_the_ids_as_they_are() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let events =
        [event_of("1", at, "chat", "1", "=r", "+1555"), event_of("2", at, "chat", "2", "r", "u")];
    record(&world.service("usage:write").await, &org, &events).await;
    let groups = async |path: &str| -> Vec<String> {
        let csv = ann.send(ann.request("GET", path).header("accept", "text/csv")).await.text;
        csv.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().to_owned()).collect()
    };
    for path in [format!("/v1/orgs/{org}/usage"), "/v1/account/usage".to_owned()] {
        assert_eq!(groups(&format!("{path}?group_by=member")).await, ["'+1555", "u"]);
        assert_eq!(groups(&format!("{path}?group_by=member&raw=false")).await, ["'+1555", "u"]);
        assert_eq!(groups(&format!("{path}?group_by=member&raw=true")).await, ["+1555", "u"]);
        assert_eq!(groups(&format!("{path}?group_by=resource&raw=true")).await, ["=r", "r"]);
        let refused = ann.get(&format!("{path}?raw=1")).await;
        assert_eq!(refused.code(), Some("validation_failed"));
        assert_eq!(refused.expect(422)["errors"][0]["pointer"], "/raw");
    }
}

#[tokio::test]
async fn the_report_is_csv_if_the_request_accepts_it() {
    let (world, org, at) = world_with_usage().await;
    let ann = world.user("ann").await;
    let path = format!("/v1/orgs/{org}/usage?group_by=kind");
    for accept in ["text/csv", "text/csv;q=0.9, application/json;q=0.1", "Text/CSV"] {
        let answer = ann.send(ann.request("GET", &path).header("accept", accept)).await;
        assert_eq!(
            (answer.status, answer.headers["content-type"].as_str()),
            (200, "text/csv; charset=utf-8"),
            "{accept}"
        );
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.text.replace(&at.format("%Y-%m").to_string(), "2026-01"), @"
            start,end,group,credits,events
            2026-01-01T00:00:00Z,2026-01-15T13:00:00Z,chat,7.500001,4
            2026-01-01T00:00:00Z,2026-01-15T13:00:00Z,search,0.25,1
            ");
        }
    }
    for accept in ["*/*", "application/json", "text/*", "text/csvx"] {
        let answer = ann.send(ann.request("GET", &path).header("accept", accept)).await;
        assert_eq!(answer.headers["content-type"], "application/json", "{accept}");
    }
    // An error is a problem document for every `Accept` header.
    let refused = ann
        .send(ann.request("GET", &format!("{path}&window=week")).header("accept", "text/csv"))
        .await;
    assert_eq!(
        (refused.status, refused.headers["content-type"].as_str()),
        (422, "application/problem+json")
    );
}

#[tokio::test]
async fn a_report_about_this_month_has_the_forecast() {
    let (world, org, at) = world_with_usage().await;
    let ann = world.user("ann").await;
    let ask = async |query: &str| {
        ann.get(&format!("/v1/orgs/{org}/usage?{query}")).await.expect(200)["forecast"].clone()
    };
    let forecast = ask("window=day").await;
    assert_eq!(forecast["start"], json!(at.format("%Y-%m-01T00:00:00Z").to_string()));
    let budget = ann.get(&format!("/v1/orgs/{org}/budget")).await.expect(200);
    assert_eq!(forecast, budget["forecast"]);
    let before = (at - Duration::days(45)).format("%Y-%m-%dT00:00:00Z").to_string();
    let until = (at - Duration::days(20)).format("%Y-%m-%dT00:00:00Z").to_string();
    assert_eq!(ask(&format!("from={before}&to={until}")).await, Value::Null);
}
