use chrono::Duration;
use serde_json::{Value, json};

use super::{event, event_of, now, quiet_time, record, statuses, void};
use crate::world::{Caller, World};

async fn stage() -> (World, Caller, String, chrono::DateTime<chrono::Utc>) {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write usage:void").await;
    (world, meter, org, at)
}

/// Returns every total that contains an event, from all reports.
async fn totals(world: &World, org: &str) -> Vec<Value> {
    let ann = world.user("ann").await;
    let mut all = Vec::new();
    for query in [
        "",
        "window=hour&from=2020-01-01T00:00:00Z",
        "window=day",
        "window=month",
        "group_by=kind",
        "group_by=resource",
        "group_by=member",
    ] {
        let query = query.replace(
            "from=2020-01-01T00:00:00Z",
            &format!(
                "from={}",
                (now(world).await - Duration::days(8)).format("%Y-%m-%dT00:00:00Z")
            ),
        );
        let report = ann.get(&format!("/v1/orgs/{org}/usage?{query}")).await.expect(200);
        all.push(json!([
            query.split("&from").next(),
            report["total"],
            report["data"].as_array().unwrap().len()
        ]));
    }
    for query in ["", "group_by=org", "group_by=kind", "group_by=resource", "group_by=member"] {
        let report = ann.get(&format!("/v1/account/usage?{query}")).await.expect(200);
        all.push(json!([query, report["total"], report["data"].as_array().unwrap().len()]));
    }
    all.push(ann.get(&format!("/v1/orgs/{org}/budget")).await.expect(200)["spent"].clone());
    all
}

#[tokio::test]
async fn voiding_removes_an_event_from_every_total_once() {
    let (world, meter, org, at) = stage().await;
    record(
        &meter,
        &org,
        &[event_of("kept", at, "chat", "1", "r1", "ann"), event("other", at, "chat", "4")],
    )
    .await;
    let before = totals(&world, &org).await;
    record(
        &meter,
        &org,
        &[
            event_of("a", at, "chat", "0.25", "r1", "ann"),
            event_of("b", at - Duration::days(2), "image", "2", "r2", "bob"),
        ],
    )
    .await;
    assert_ne!(totals(&world, &org).await, before);
    let answer = void(&meter, &org, &["a", "b", "nothing", "a"]).await;
    insta::assert_json_snapshot!(answer, @r#"
    {
      "results": [
        {
          "id": "a",
          "status": "voided"
        },
        {
          "id": "b",
          "status": "voided"
        },
        {
          "id": "nothing",
          "status": "unknown"
        },
        {
          "id": "a",
          "status": "already_voided"
        }
      ]
    }
    "#);
    assert_eq!(totals(&world, &org).await, before);
    assert_eq!(
        statuses(&void(&meter, &org, &["b", "a"]).await),
        ["already_voided", "already_voided"]
    );
    assert_eq!(totals(&world, &org).await, before);
}

#[tokio::test]
async fn a_voided_event_does_not_count_when_it_is_sent_again() {
    let (world, meter, org, at) = stage().await;
    let events = [event("a", at, "chat", "1")];
    record(&meter, &org, &events).await;
    void(&meter, &org, &["a"]).await;
    assert_eq!(statuses(&record(&meter, &org, &events).await), ["voided"]);
    assert_eq!(statuses(&record(&meter, &org, &[event("a", at, "chat", "2")]).await), ["conflict"]);
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "0", "events": 0}));
    assert_eq!(report["data"], json!([]));
}

#[tokio::test]
async fn an_event_can_be_voided_for_95_days_and_not_a_second_longer() {
    let (world, meter, org, at) = stage().await;
    record(
        &meter,
        &org,
        &[event("a", at, "chat", "1"), event("b", at + Duration::seconds(1), "chat", "1")],
    )
    .await;
    world.advance_days(95).await;
    world.advance(1).await;
    let meter = world.service("usage:write usage:void").await;
    assert_eq!(statuses(&void(&meter, &org, &["a", "b"]).await), ["unknown", "voided"]);
}

#[tokio::test]
async fn a_void_that_is_expired_and_not_deleted_yet_is_no_void() {
    let (world, meter, org, at) = stage().await;
    void(&meter, &org, &["a"]).await;
    let is_void = |item: &Value| item["voided_at"].is_object();
    let mut ahead = world.items(1).await.into_iter().find(is_void).unwrap();
    ahead["ttl"]["N"] = json!(at.timestamp().to_string());
    world.put_items(1, &[ahead]).await;
    assert_eq!(statuses(&void(&meter, &org, &["a"]).await), ["unknown"]);
    assert_eq!(statuses(&record(&meter, &org, &[event("a", at, "chat", "1")]).await), ["voided"]);
}

#[tokio::test]
async fn five_hundred_events_are_voided_in_one_call() {
    let (world, meter, org, at) = stage().await;
    let events: Vec<Value> = (0..500)
        .map(|i| {
            event_of(
                &format!("e{i}"),
                at - Duration::minutes(i % 97),
                "chat",
                "0.000001",
                &format!("r{}", i % 7),
                "ann",
            )
        })
        .collect();
    record(&meter, &org, &events).await;
    let ids: Vec<String> = (0..500).map(|i| format!("e{i}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let answer = void(&meter, &org, &ids).await;
    assert!(statuses(&answer).iter().all(|status| *status == "voided"));
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "0", "events": 0}));
}

#[tokio::test]
async fn concurrent_calls_void_an_event_once() {
    let (world, meter, org, at) = stage().await;
    let events: Vec<Value> = (0..20).map(|i| event(&format!("e{i}"), at, "chat", "1")).collect();
    record(&meter, &org, &events).await;
    record(&meter, &org, &[event("kept", at, "chat", "5")]).await;
    let ids: Vec<String> = (0..20).map(|i| format!("e{i}")).collect();
    let (path, body) = (format!("/v1/orgs/{org}/usage/void"), json!({"ids": ids}));
    let answers =
        futures::future::join_all((0..6).map(|_| meter.settled("POST", &path, Some(&body)))).await;
    let voided = |answer: &crate::world::Answer| {
        statuses(&answer.body).iter().filter(|status| **status == "voided").count()
    };
    let voided: usize = answers.iter().filter(|answer| answer.status == 200).map(voided).sum();
    // A call that got a 503 may have voided some of the events before.
    assert!(voided <= 20, "{voided}");
    let report = world.user("ann").await.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
    assert_eq!(report["total"], json!({"credits": "5", "events": 1}));
}

#[tokio::test]
async fn a_request_with_the_same_key_replays_the_response() {
    let (_world, meter, org, at) = stage().await;
    record(&meter, &org, &[event("a", at, "chat", "1")]).await;
    let path = format!("/v1/orgs/{org}/usage/void");
    let body = json!({"ids": ["a", "x"]});
    let first = meter.keyed("POST", &path, "k", &body).await;
    assert_eq!(statuses(&first.body), ["voided", "unknown"]);
    let again = meter.keyed("POST", &path, "k", &body).await;
    assert_eq!((again.headers["idempotency-replayed"].as_str(), again.text), ("true", first.text));
    assert_eq!(
        meter.keyed("POST", &path, "k", &json!({"ids": ["a"]})).await.code(),
        Some("idempotency_key_reused")
    );
    assert_eq!(
        statuses(&meter.keyed("POST", &path, "other", &json!({"ids": ["x"]})).await.expect(200)),
        ["already_voided"]
    );
    let again = meter.keyed("POST", &path, "other", &json!({"ids": ["x"]})).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
}

#[tokio::test]
async fn a_call_has_one_to_five_hundred_ids_and_only_a_service_voids_usage() {
    let (world, meter, org, _) = stage().await;
    let path = format!("/v1/orgs/{org}/usage/void");
    let mut answers = Vec::new();
    for body in [
        json!({}),
        json!({"ids": []}),
        json!({"ids": vec!["x"; 501]}),
        json!({"ids": [7]}),
        json!({"ids": ["x"], "more": 1}),
    ] {
        answers.push(meter.post(&path, &body).await.to_string());
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /ids:missing_field
    422 validation_failed /ids:out_of_range
    422 validation_failed /ids:out_of_range
    422 validation_failed /ids/0:wrong_type
    422 validation_failed /more:unknown_field
    ");
    assert_eq!(
        statuses(&meter.post(&path, &json!({"ids": vec!["x"; 500]})).await.expect(200)).len(),
        500
    );
    assert_eq!(
        world.user("ann").await.post(&path, &json!({"ids": "bad"})).await.code(),
        Some("missing_permission")
    );
    assert_eq!(
        world.service("access:check").await.post(&path, &json!({"ids": ["x"]})).await.code(),
        Some("org_not_found")
    );
}

#[tokio::test]
async fn an_id_that_is_voided_before_its_event_never_counts() {
    let (world, meter, org, at) = stage().await;
    assert_eq!(
        statuses(&void(&meter, &org, &["a", "a", "\u{e9}"]).await),
        ["unknown", "unknown", "unknown"]
    );
    assert_eq!(statuses(&record(&meter, &org, &[event("a", at, "chat", "1")]).await), ["voided"]);
    assert_eq!(statuses(&void(&meter, &org, &["a"]).await), ["already_voided"]);
    world.advance_days(34).await;
    let meter = world.service("usage:write usage:backfill").await;
    assert_eq!(statuses(&record(&meter, &org, &[event("a", at, "chat", "1")]).await), ["voided"]);
    let ann = world.user("ann").await;
    let report = ann.get(&format!("/v1/orgs/{org}/usage?from=2020-01-01T00:00:00Z")).await;
    assert_eq!(report.expect(200)["total"], json!({"credits": "0", "events": 0}));
}

#[tokio::test]
async fn the_audit_log_has_the_client_the_ids_and_the_reason_of_a_void() {
    let (world, meter, org, at) = stage().await;
    record(&meter, &org, &[event("a", at, "chat", "1")]).await;
    let path = format!("/v1/orgs/{org}/usage/void");
    let body = json!({"ids": ["a", "b"], "reason": " The meter counted a test run. "});
    let answer = meter.post(&path, &body).await;
    let request = answer.headers["x-request-id"].clone();
    answer.expect(200);
    let ann = world.user("ann").await;
    let records = async || {
        let path = format!("/v1/orgs/{org}/audit?action=void_usage");
        ann.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
    };
    let found = records().await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["target"], org.as_str());
    assert_eq!(found[0]["actor"]["user_id"], "meter");
    assert_eq!(found[0]["request_id"], request.as_str());
    assert_eq!(found[0]["before"], Value::Null);
    assert_eq!(
        found[0]["after"],
        json!({"voided": ["a"], "unknown": ["b"], "reason": "The meter counted a test run."})
    );
    // A call that changes nothing has no record.
    void(&meter, &org, &["a", "b"]).await;
    assert_eq!(records().await.len(), 1);

    // A request of many ids has several records, with each id once.
    let ids: Vec<String> = (0..250).map(|n| format!("many-{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    void(&meter, &org, &ids).await;
    let mut named: Vec<String> = Vec::new();
    for record in records().await.iter().take(3) {
        named.extend(
            record["after"]["unknown"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned()),
        );
    }
    named.sort_unstable();
    let mut ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
    ids.sort_unstable();
    assert_eq!(named, ids);

    for reason in ["r".repeat(501), "a\u{0}b".to_owned()] {
        let body = json!({"ids": ["a"], "reason": reason});
        let answer = meter.post(&path, &body).await;
        assert_eq!(answer.code(), Some("validation_failed"));
        assert_eq!(answer.expect(422)["errors"][0]["pointer"], "/reason");
    }
}

#[tokio::test]
async fn the_scope_for_recording_does_not_void() {
    let (world, _, org, at) = stage().await;
    let (recorder, voider) =
        (world.service("usage:write").await, world.service("usage:void").await);
    let path = format!("/v1/orgs/{org}/usage");
    let events = json!({"events": [event("a", at, "chat", "1")]});
    let ids = json!({"ids": ["a"]});
    assert_eq!(recorder.post(&format!("{path}/void"), &ids).await.code(), Some("org_not_found"));
    assert_eq!(voider.post(&format!("{path}/events"), &events).await.code(), Some("org_not_found"));
    recorder.post(&format!("{path}/events"), &events).await.expect(200);
    assert_eq!(statuses(&void(&voider, &org, &["a"]).await), ["voided"]);
}

#[tokio::test]
async fn a_void_and_the_first_recording_of_an_id_at_the_same_time_agree() {
    for round in 0..6 {
        let (world, meter, org, at) = stage().await;
        let id = format!("race-{round}");
        let (path, body) = (format!("/v1/orgs/{org}/usage/void"), json!({"ids": [id]}));
        let event = event(&id, at, "chat", "1");
        let events = [event];
        let (recorded, voided) =
            tokio::join!(record(&meter, &org, &events), meter.settled("POST", &path, Some(&body)));
        let voided = voided.expect(200);
        let outcome = (statuses(&recorded)[0].to_owned(), statuses(&voided)[0].to_owned());
        // Whichever came first, the event does not count.
        assert!(
            [("accepted", "voided"), ("voided", "unknown")].iter().any(|(one, two)| (
                outcome.0.as_str(),
                outcome.1.as_str()
            ) == (
                *one, *two
            )),
            "{outcome:?}"
        );
        let ann = world.user("ann").await;
        let report = ann.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
        assert_eq!(report["total"], json!({"credits": "0", "events": 0}));
    }
}
