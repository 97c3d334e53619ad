//! Reports of a part of the usage: filters, the largest groups, and pages.

use chrono::Duration;
use serde_json::Value;

use super::{event, event_of, quiet_time, record, rows};
use crate::world::World;

/// Returns the rows of the account's and of the organization's report, without their times.
async fn filtered(world: &World, org: &str, query: &str) -> [Vec<String>; 2] {
    let ann = world.user("ann").await;
    let mut reports = Vec::new();
    for path in [format!("/v1/orgs/{org}/usage"), "/v1/account/usage".to_owned()] {
        let report = ann.get(&format!("{path}?{query}")).await.expect(200);
        assert_eq!(report["forecast"], Value::Null);
        let total: u64 = report["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["events"].as_u64().unwrap())
            .sum();
        assert_eq!(report["total"]["events"], total);
        reports.push(rows(&report).iter().map(|row| row[42..].to_owned()).collect());
    }
    reports.try_into().unwrap()
}

#[tokio::test]
async fn a_report_can_be_about_one_kind_one_resource_or_one_member() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let odd = "a#b|c d/é";
    let events = [
        event_of("1", at, "chat", "1", "r1", "ann"),
        event_of("2", at, "search", "2", "r1", "bob"),
        event_of("3", at - Duration::days(1), "chat", "4", odd, "ann"),
        event("4", at, "chat", "16"),
    ];
    record(&meter, &org, &events).await;
    let both = |rows: &[&str]| {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        [rows.clone(), rows]
    };
    for (query, wanted) in [
        ("kind=chat", vec!["null 21 3"]),
        ("kind=chat&window=day", vec!["null 4 1", "null 17 2"]),
        ("kind=search&group_by=kind", vec!["search 2 1"]),
        ("kind=image", vec![]),
        ("resource_id=r1", vec!["null 3 2"]),
        ("resource_id=r1&group_by=resource&window=month", vec!["r1 3 2"]),
        ("resource_id=a%23b%7Cc%20d%2F%C3%A9&window=day", vec!["null 4 1"]),
        ("user_id=ann&window=day", vec!["null 4 1", "null 1 1"]),
        ("user_id=ann&group_by=member", vec!["ann 5 2"]),
        ("user_id=eve", vec![]),
    ] {
        assert_eq!(filtered(&world, &org, query).await, both(&wanted), "{query}");
    }
    let ann = world.user("ann").await;
    let hours = ann.get(&format!("/v1/orgs/{org}/usage?kind=chat&window=hour")).await;
    assert_eq!(hours.expect(200)["data"].as_array().unwrap().len(), 2);
    let by_org = ann.get("/v1/account/usage?kind=chat&group_by=org").await;
    assert_eq!(by_org.expect(200)["data"][0]["group"], org.as_str());
}

#[tokio::test]
async fn the_rows_of_a_report_have_pages_and_the_groups_below_the_top_are_added_up() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let mut events: Vec<Value> = (0..7)
        .map(|n| {
            let credits = (n + 1).to_string();
            event_of(&format!("{n}"), at, "chat", &credits, &format!("r{n}"), "ann")
        })
        .collect();
    events.push(event("none", at, "chat", "100"));
    record(&world.service("usage:write").await, &org, &events).await;
    let path = format!("/v1/orgs/{org}/usage?group_by=resource");
    let all = ann.get(&path).await.expect(200);
    // The pages after the first one have the times of the report.
    let times = ["from", "to"].map(|name| format!("{name}={}", all[name].as_str().unwrap()));
    let path = format!("{path}&{}", times.join("&"));
    assert_eq!((all["data"].as_array().unwrap().len(), &all["next_cursor"]), (8, &Value::Null));
    let (mut next, mut seen, mut csv) =
        (Some(format!("{path}&limit=3")), Vec::new(), String::new());
    while let Some(page_path) = next {
        let page = ann.get(&page_path).await.expect(200);
        assert_eq!(page["total"], all["total"]);
        seen.extend(page["data"].as_array().unwrap().iter().cloned());
        next = page["next_cursor"].as_str().map(|cursor| format!("{path}&limit=3&cursor={cursor}"));
        let answer = ann.send(ann.request("GET", &page_path).header("accept", "text/csv")).await;
        csv += &answer.text;
        let link = page["next_cursor"].as_str().map(|cursor| {
            let times = times.join("&").replace(':', "%3A");
            format!("</v1/orgs/{org}/usage?group_by=resource&limit=3&{times}&cursor={cursor}>; rel=\"next\"")
        });
        assert_eq!(answer.headers.get("link"), link.as_ref());
    }
    assert_eq!(Value::from(seen), all["data"]);
    let whole = ann.send(ann.request("GET", &path).header("accept", "text/csv")).await;
    assert_eq!(csv, whole.text);

    // A cursor belongs to one report.
    let first = ann.get(&format!("{path}&limit=3")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    for change in ["top=2", "window=day", "resource_id=r1"] {
        let answer = ann.get(&format!("{path}&limit=3&{change}&cursor={cursor}")).await;
        assert_eq!(answer.expect(422)["errors"][0]["pointer"], "/cursor", "{change}");
    }

    let top = ann.get(&format!("{path}&top=2")).await.expect(200);
    let shown: Vec<String> = rows(&top).iter().map(|row| row[42..].to_owned()).collect();
    assert_eq!(shown, ["null 100 1", "r5 6 1", "r6 7 1", "null 15 5"]);
    let other: Vec<&Value> =
        top["data"].as_array().unwrap().iter().map(|row| &row["other"]).collect();
    assert_eq!(other, [false, false, false, true]);
    assert_eq!(top["total"], all["total"]);
}
