use chrono::Duration;
use serde_json::{Value, json};

use super::{event, now, quiet_time, record, statuses};
use crate::world::World;

async fn total(world: &World, org: &str) -> (String, u64) {
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    (
        report["total"]["credits"].as_str().unwrap().to_owned(),
        report["total"]["events"].as_u64().unwrap(),
    )
}

#[tokio::test]
async fn a_service_records_events_and_each_counts_once() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let at = now(&world).await;
    let events = [event("a", at, "chat", "0.25"), event("b", at, "search", "1")];
    let answer = record(&meter, &org, &events).await;
    insta::assert_json_snapshot!(answer, @r#"
    {
      "accepted": 2,
      "duplicates": 0,
      "rejected": 0,
      "results": [
        {
          "id": "a",
          "status": "accepted"
        },
        {
          "id": "b",
          "status": "accepted"
        }
      ]
    }
    "#);
    assert_eq!(statuses(&record(&meter, &org, &events).await), ["duplicate", "duplicate"]);
    assert_eq!(total(&world, &org).await, ("1.25".to_owned(), 2));
}

#[tokio::test]
async fn an_organization_has_at_most_200_kinds_in_a_month() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (org, other) = (world.org(&ann).await, world.org(&ann).await);
    let at = quiet_time(&world).await;
    let meter = world.service("usage:write usage:backfill").await;
    let of_kinds = |kinds: std::ops::Range<usize>, call: &str| -> Vec<Value> {
        kinds.map(|n| event(&format!("{call}{n}"), at, &format!("k{n:03}"), "1")).collect()
    };
    let all = |answer: &Value, wanted: &str| statuses(answer).iter().all(|s| *s == wanted);
    assert!(all(&record(&meter, &org, &of_kinds(0..150, "a")).await, "accepted"));
    // Of 100 kinds at once, 50 are known, 50 have room, and none is counted twice.
    let answer = record(&meter, &org, &of_kinds(100..250, "b")).await;
    let wanted: Vec<&str> =
        (100..250).map(|n| if n < 200 { "accepted" } else { "too_many_kinds" }).collect();
    assert_eq!(statuses(&answer), wanted);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(100), &json!(50)));
    assert!(all(&record(&meter, &org, &of_kinds(200..300, "c")).await, "too_many_kinds"));
    assert_eq!(total(&world, &org).await.1, 250);
    // An event that was recorded before has its own result, whatever its kind is.
    assert!(all(&record(&meter, &org, &[event("a0", at, "k999", "1")]).await, "conflict"));
    // Known kinds still count, and so do all kinds of another month or organization.
    assert!(all(&record(&meter, &org, &of_kinds(0..200, "d")).await, "accepted"));
    let last_month = event("e", at - Duration::days(30), "k999", "1");
    assert!(all(&record(&meter, &org, &[last_month]).await, "accepted"));
    assert!(all(&record(&meter, &other, &of_kinds(200..400, "f")).await, "accepted"));
    // An operator can delete the set, for example after a service sent wrong kinds.
    let set = format!("USE#{org}#K#{}", at.format("%Y-%m"));
    let items = world.items(1).await;
    let set = items.iter().find(|item| item["PK"]["S"] == set.as_str()).unwrap();
    world.remove_usage_item(set).await;
    assert!(all(&record(&meter, &org, &of_kinds(300..400, "g")).await, "accepted"));
}

#[tokio::test]
async fn concurrent_requests_do_not_pass_the_limit_of_kinds() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let at = quiet_time(&world).await;
    let meter = world.service("usage:write").await;
    let calls = (0..8).map(|call| {
        let (meter, org) = (&meter, &org);
        async move {
            let events: Vec<Value> = (0..60)
                .map(|n| event(&format!("{call}-{n}"), at, &format!("k{call}-{n}"), "1"))
                .collect();
            record(meter, org, &events).await["accepted"].as_u64().unwrap()
        }
    });
    let accepted: u64 = futures::future::join_all(calls).await.into_iter().sum();
    assert_eq!(accepted, 200);
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage?group_by=kind")).await;
    assert_eq!(report.expect(200)["data"].as_array().unwrap().len(), 200);
}

#[tokio::test]
async fn the_same_id_with_other_values_is_a_conflict() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let at = now(&world).await;
    record(&meter, &org, &[event("a", at, "chat", "1")]).await;
    let mut with_resource = event("a", at, "chat", "1");
    with_resource["resource_id"] = json!("r");
    for other in [
        event("a", at, "chat", "2"),
        event("a", at, "search", "1"),
        event("a", at - Duration::seconds(1), "chat", "1"),
        with_resource,
    ] {
        assert_eq!(statuses(&record(&meter, &org, &[other]).await), ["conflict"]);
    }
    assert_eq!(
        statuses(&record(&meter, &org, &[event("a", at, "chat", "1.000000")]).await),
        ["duplicate"]
    );
    assert_eq!(total(&world, &org).await, ("1".to_owned(), 1));
}

#[tokio::test]
async fn an_id_that_is_sent_twice_in_a_call_counts_once() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let at = now(&world).await;
    let answer = record(
        &meter,
        &org,
        &[event("a", at, "chat", "1"), event("a", at, "chat", "1"), event("a", at, "chat", "2")],
    )
    .await;
    assert_eq!(statuses(&answer), ["accepted", "duplicate", "conflict"]);
    assert_eq!(
        (&answer["accepted"], &answer["duplicates"], &answer["rejected"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(total(&world, &org).await, ("1".to_owned(), 1));
}

#[tokio::test]
async fn an_invalid_event_does_not_affect_the_others() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let at = now(&world).await;
    let events = [
        event("good", at, "chat", "1"),
        json!({"id": "x"}),
        json!(null),
        event("kind", at, "No Good", "1"),
        event("credits", at, "chat", "-1"),
        json!({"id": "number", "timestamp": at, "kind": "chat", "credits": 1}),
        event("old", at - Duration::days(7) - Duration::seconds(1), "chat", "1"),
        event("ahead", at + Duration::minutes(5) + Duration::seconds(1), "chat", "1"),
        event("edge", at - Duration::days(7), "chat", "1"),
        event("big", at, "chat", "1000000000000"),
    ];
    let answer = record(&meter, &org, &events).await;
    insta::assert_json_snapshot!(answer["results"].as_array().unwrap().iter().map(|result| format!("{} {}", result["id"], result["status"])).collect::<Vec<_>>(), @r#"
    [
      "\"good\" \"accepted\"",
      "\"x\" \"invalid\"",
      "null \"invalid\"",
      "\"kind\" \"invalid\"",
      "\"credits\" \"invalid\"",
      "\"number\" \"invalid\"",
      "\"old\" \"too_old\"",
      "\"ahead\" \"in_future\"",
      "\"edge\" \"accepted\"",
      "\"big\" \"accepted\""
    ]
    "#);
}

#[tokio::test]
async fn an_event_with_unrepresentable_json_does_not_affect_the_others() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let good = event("good", now(&world).await, "chat", "1");
    let deep = "[".repeat(200) + &"]".repeat(200);
    let body = format!(r#"{{"events":[{{"credits":1e999}},{{"id":"\ud800"}},{deep},{good}]}}"#);
    let request = meter
        .request("POST", &format!("/v1/orgs/{org}/usage/events"))
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(
        statuses(&meter.send(request).await.expect(200)),
        ["invalid", "invalid", "invalid", "accepted"]
    );
}

#[tokio::test]
async fn an_event_never_counts_twice_however_late_it_is_sent_again() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let at = now(&world).await;
    let events =
        [event("a", at, "chat", "1"), event("ahead", at + Duration::minutes(5), "chat", "1")];
    let meter = world.service("usage:write").await;
    assert_eq!(statuses(&record(&meter, &org, &events).await), ["accepted", "accepted"]);
    for days in [7, 1, 87] {
        world.advance_days(days).await;
        let meter = world.service("usage:write").await;
        assert_eq!(statuses(&record(&meter, &org, &events).await), ["duplicate", "duplicate"]);
        let others =
            [event("a", at, "chat", "2"), event("new", at - Duration::days(1), "chat", "2")];
        assert_eq!(statuses(&record(&meter, &org, &others).await), ["conflict", "too_old"]);
    }
    // After 96 days, DynamoDB deletes the events.
    world.advance_days(2).await;
    for stored in world.items(1).await {
        if stored["PK"]["S"].as_str().unwrap().starts_with("UEV#") {
            world.remove_usage_item(&stored).await;
        }
    }
    let meter = world.service("usage:write usage:backfill").await;
    assert_eq!(statuses(&record(&meter, &org, &events).await), ["too_old", "too_old"]);
    let to = now(&world).await.format("%Y-%m-%dT%H:%M:%SZ");
    let path = format!("/v1/orgs/{org}/usage?from=2020-01-01T00:00:00Z&to={to}");
    let report = world.user("ann").await.get(&path).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "2", "events": 2}));
}

#[tokio::test]
async fn five_hundred_events_over_many_hours_are_one_call() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let at = quiet_time(&world).await;
    let meter = world.service("usage:write").await;
    let events: Vec<Value> = (0..500)
        .map(|i| {
            event(
                &format!("e{i}"),
                at - Duration::minutes(i * 20),
                if i % 2 == 0 { "chat" } else { "search" },
                "0.000001",
            )
        })
        .collect();
    let answer = record(&meter, &org, &events).await;
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(500), &json!(0)), "{answer}");
    let path = format!(
        "/v1/orgs/{org}/usage?from={}&window=hour",
        (at - Duration::days(8)).format("%Y-%m-%dT%H:%M:%SZ")
    );
    let report = world.user("ann").await.get(&path).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "0.0005", "events": 500}));
    assert_eq!(record(&meter, &org, &events).await["duplicates"], 500);
}

#[tokio::test]
async fn a_call_has_one_to_five_hundred_events() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let path = format!("/v1/orgs/{org}/usage/events");
    let mut answers = Vec::new();
    for body in [
        json!({}),
        json!({"events": []}),
        json!({"events": vec![1; 501]}),
        json!({"events": {}}),
        json!({"events": [1], "more": 1}),
    ] {
        answers.push(meter.post(&path, &body).await.to_string());
    }
    let large = |size: usize| {
        meter
            .request("POST", &path)
            .header("content-type", "application/json")
            .body(" ".repeat(size))
    };
    answers.push(meter.send(large(512 * 1024)).await.to_string());
    answers.push(meter.send(large(512 * 1024 + 1)).await.to_string());
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /events:missing_field
    422 validation_failed /events:out_of_range
    422 validation_failed /events:out_of_range
    422 validation_failed /events:wrong_type
    422 validation_failed /more:unknown_field
    400 malformed_json
    413 body_too_large
    ");
}

#[tokio::test]
async fn every_event_of_a_call_can_have_its_own_kind() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write").await;
    let events: Vec<Value> =
        (0..120).map(|i| event(&format!("e{i}"), at, &format!("kind{i}"), "1")).collect();
    assert_eq!(record(&meter, &org, &events).await["accepted"], 120);
    let report = world
        .user("ann")
        .await
        .get(&format!("/v1/orgs/{org}/usage?group_by=kind"))
        .await
        .expect(200);
    assert_eq!(
        (report["data"].as_array().unwrap().len(), &report["total"]),
        (120, &json!({"credits": "120", "events": 120}))
    );
}

#[tokio::test]
async fn only_a_service_records_usage_and_it_is_an_outsider_to_everything_else() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/usage/events");
    insta::assert_snapshot!(ann.post(&path, &json!({"events": "bad"})).await, @"403 missing_permission");
    let meter = world.service("usage:write").await;
    assert_eq!(meter.get(&format!("/v1/orgs/{org}")).await.code(), Some("org_not_found"));
    assert_eq!(meter.get(&format!("/v1/orgs/{org}/usage")).await.code(), Some("org_not_found"));
    let other = world.service("usage:read").await;
    assert_eq!(other.post(&path, &json!({"events": "bad"})).await.code(), Some("org_not_found"));
    let at = now(&world).await;
    let unknown = meter
        .post(
            "/v1/orgs/org_01980000000070008000000000000000/usage/events",
            &json!({"events": [event("a", at, "chat", "1")]}),
        )
        .await;
    assert_eq!(unknown.code(), Some("org_not_found"));
}

#[tokio::test]
async fn usage_is_recorded_in_every_state_of_the_organization() {
    let world = World::start().await;
    let org = world.org(&world.user("ann").await).await;
    world.suspend(&org).await;
    let meter = world.service("usage:write").await;
    let at = now(&world).await;
    assert_eq!(statuses(&record(&meter, &org, &[event("a", at, "chat", "1")]).await), ["accepted"]);
}

#[tokio::test]
async fn event_ids_are_separate_for_each_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (one, two) = (world.org(&ann).await, world.org(&ann).await);
    let meter = world.service("usage:write").await;
    let at = now(&world).await;
    for org in [&one, &two] {
        assert_eq!(
            statuses(&record(&meter, org, &[event("a", at, "chat", "1")]).await),
            ["accepted"]
        );
    }
}
