//! Each event counts exactly once, for any batching, order, repetition and concurrency. The tests
//! compare the reports with sums that they compute themselves.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use futures::future::join_all;
use orgs_local::Faults;
use serde_json::{Value, json};

use super::{event_of, now, quiet_time, record, void};
use crate::world::{Caller, Options, World};

/// A pseudo-random number generator with a fixed seed (the linear congruential generator of Knuth).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// An event, and the values that it must be counted with.
#[derive(Clone)]
struct Known {
    id: String,
    at: DateTime<Utc>,
    kind: String,
    micro: u128,
    resource: String,
    member: String,
}

impl Known {
    fn sent(&self) -> Value {
        event_of(&self.id, self.at, &self.kind, &credits(self.micro), &self.resource, &self.member)
    }
}

fn credits(micro: u128) -> String {
    let text = format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn events(chance: &mut Chance, count: u64, at: DateTime<Utc>) -> Vec<Known> {
    (0..count)
        .map(|i| Known {
            id: format!("e{i}"),
            at: at - Duration::minutes(i64::try_from(chance.below(7 * 24 * 60 - 1)).unwrap()),
            kind: format!("kind.{}", chance.below(5)),
            micro: u128::from(chance.below(3_000_000)),
            resource: format!("r{}", chance.below(4)),
            member: format!("u{}", chance.below(4)),
        })
        .collect()
}

/// Returns the expected sums of a report (millionths of a credit, events) by start and group.
fn expected(
    events: &[Known],
    window: &str,
    group: impl Fn(&Known) -> String,
) -> BTreeMap<(String, String), (u128, u64)> {
    let mut sums = BTreeMap::new();
    for event in events {
        let start = match window {
            "hour" => event.at.format("%Y-%m-%dT%H:00:00Z"),
            "day" => event.at.format("%Y-%m-%dT00:00:00Z"),
            _ => event.at.format("%Y-%m-01T00:00:00Z"),
        };
        let sum: &mut (u128, u64) = sums.entry((start.to_string(), group(event))).or_default();
        *sum = (sum.0 + event.micro, sum.1 + 1);
    }
    sums
}

/// Compares every report with the events that were sent.
async fn compare(world: &World, ann: &Caller, org: &str, events: &[Known]) {
    let from = (now(world).await - Duration::days(40)).format("%Y-%m-01T00:00:00Z").to_string();
    let from_hours =
        (now(world).await - Duration::days(8)).format("%Y-%m-%dT00:00:00Z").to_string();
    for (path, window, group_by) in [
        (format!("/v1/orgs/{org}/usage"), "hour", "kind"),
        (format!("/v1/orgs/{org}/usage"), "day", "kind"),
        (format!("/v1/orgs/{org}/usage"), "month", "kind"),
        (format!("/v1/orgs/{org}/usage"), "day", "resource"),
        (format!("/v1/orgs/{org}/usage"), "month", "member"),
        ("/v1/account/usage".to_owned(), "day", "kind"),
        ("/v1/account/usage".to_owned(), "day", "member"),
        ("/v1/account/usage".to_owned(), "month", "resource"),
        ("/v1/account/usage".to_owned(), "month", "org"),
    ] {
        let wanted = expected(events, window, |event| match group_by {
            "kind" => event.kind.clone(),
            "resource" => event.resource.clone(),
            "member" => event.member.clone(),
            _ => org.to_owned(),
        });
        let from = if window == "hour" { &from_hours } else { &from };
        let report = ann
            .get(&format!("{path}?from={from}&window={window}&group_by={group_by}"))
            .await
            .expect(200);
        let got: BTreeMap<(String, String), (String, u64)> = report["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let text = |name: &str| row[name].as_str().unwrap().to_owned();
                ((text("start"), text("group")), (text("credits"), row["events"].as_u64().unwrap()))
            })
            .collect();
        let wanted: BTreeMap<_, _> = wanted
            .into_iter()
            .map(|(key, (micro, events))| (key, (credits(micro), events)))
            .collect();
        assert_eq!(got, wanted, "{path} by {window} and {group_by}");
        let total: u128 = events.iter().map(|event| event.micro).sum();
        assert_eq!(
            report["total"],
            json!({"credits": credits(total), "events": events.len()}),
            "{path} by {window} and {group_by}"
        );
    }
    let total = ann.get(&format!("/v1/orgs/{org}/usage?from={from}")).await.expect(200);
    assert_eq!(total["total"]["events"], events.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn batching_order_repetition_and_concurrency_do_not_change_the_report() {
    for seed in 0..4 {
        let mut chance = Chance(seed);
        let world = World::start().await;
        let at = quiet_time(&world).await;
        let ann = world.user("ann").await;
        let org = world.org(&ann).await;
        let meter = world.service("usage:write usage:void").await;
        let events = events(&mut chance, 120, at);
        // Each event is sent one to three times, in a random order, in calls of random sizes, and
        // three calls at a time.
        let mut sent: Vec<Value> = events
            .iter()
            .flat_map(|event| vec![event.sent(); 1 + usize::try_from(event.micro % 3).unwrap()])
            .collect();
        for i in (1..sent.len()).rev() {
            sent.swap(i, usize::try_from(chance.below(u64::try_from(i + 1).unwrap())).unwrap());
        }
        let mut calls: Vec<Value> = Vec::new();
        while !sent.is_empty() {
            let size = usize::try_from(1 + chance.below(40)).unwrap().min(sent.len());
            calls.push(json!({"events": sent.split_off(sent.len() - size)}));
        }
        let path = format!("/v1/orgs/{org}/usage/events");
        for some in calls.chunks(3) {
            let answers =
                join_all(some.iter().map(|body| meter.settled("POST", &path, Some(body)))).await;
            assert!(answers.iter().all(|answer| answer.status == 200), "{}", answers[0]);
        }
        compare(&world, &ann, &org, &events).await;
        // Some events are voided, and half of them twice.
        let (out, kept): (Vec<Known>, Vec<Known>) =
            events.into_iter().partition(|event| event.micro % 4 == 0);
        let ids: Vec<&str> = out.iter().map(|event| event.id.as_str()).collect();
        void(&meter, &org, &ids).await;
        void(&meter, &org, &ids[..ids.len() / 2]).await;
        compare(&world, &ann, &org, &kept).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_are_exact_under_faults() {
    if crate::world::suite("ORGS_TEST_FAULTS").is_some() {
        // This test sets its own faults.
        return;
    }
    for faults in [
        Faults::ConflictFirst,
        Faults::AnswerLostFirst,
        Faults::ThrottledFirst,
        Faults::UnprocessedFirst,
    ] {
        let named = format!("{faults:?}");
        let mut chance = Chance(7);
        let world = World::with(Options {
            faults: Some(faults),
            repeats_records: true,
            ..Options::default()
        })
        .await;
        let at = quiet_time(&world).await;
        let ann = world.user("ann").await;
        let org = world.org(&ann).await;
        let meter = world.service("usage:write usage:void").await;
        let events = events(&mut chance, 150, at);
        let path = format!("/v1/orgs/{org}/usage/events");
        for some in events.chunks(70) {
            let body = json!({"events": some.iter().map(Known::sent).collect::<Vec<_>>()});
            for _ in 0..2 {
                assert_eq!(meter.settled("POST", &path, Some(&body)).await.status, 200, "{named}");
            }
        }
        let (out, kept): (Vec<Known>, Vec<Known>) =
            events.into_iter().partition(|event| event.micro % 2 == 0);
        let body = json!({"ids": out.iter().map(|event| event.id.as_str()).collect::<Vec<_>>()});
        for _ in 0..2 {
            assert_eq!(
                meter
                    .settled("POST", &format!("/v1/orgs/{org}/usage/void"), Some(&body))
                    .await
                    .status,
                200,
                "{named}"
            );
        }
        compare(&world, &ann, &org, &kept).await;
    }
}

#[tokio::test]
async fn hours_months_and_leap_days_begin_and_end_at_calendar_boundaries() {
    let world = World::start().await;
    // March 2 of the next leap year.
    let target: DateTime<Utc> = "2028-03-02T12:00:00Z".parse().unwrap();
    world.advance((target - now(&world).await).num_seconds()).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let times = [
        "2028-02-28T23:59:59.999Z",
        "2028-02-29T00:00:00Z",
        "2028-02-29T23:59:59.999Z",
        "2028-03-01T00:00:00Z",
        "2028-03-01T00:59:59.999Z",
        "2028-03-01T01:00:00+00:00",
        "2028-03-01T03:00:00+02:00",
    ];
    let events: Vec<Known> = times
        .iter()
        .enumerate()
        .map(|(i, at)| Known {
            id: format!("e{i}"),
            at: at.parse().unwrap(),
            kind: "chat".to_owned(),
            micro: 10_u128.pow(u32::try_from(i).unwrap()),
            resource: "r".to_owned(),
            member: "u".to_owned(),
        })
        .collect();
    let sent: Vec<Value> = events
        .iter()
        .zip(times)
        .map(|(event, at)| {
            let mut sent = event.sent();
            sent["timestamp"] = json!(at);
            sent
        })
        .collect();
    let meter = world.service("usage:write usage:void").await;
    // The events arrive in reverse order.
    for event in sent.iter().rev() {
        assert_eq!(
            record(&meter, &org, std::slice::from_ref(event)).await["accepted"],
            1,
            "{event}"
        );
    }
    compare(&world, &ann, &org, &events).await;
}

#[tokio::test]
async fn the_largest_amounts_add_up_exactly() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let meter = world.service("usage:write usage:void").await;
    let most = 1_000_000_000_000_000_000_u128;
    let events: Vec<Known> = (0..500)
        .map(|i| Known {
            id: format!("e{i}"),
            at,
            kind: "chat".to_owned(),
            micro: if i == 0 { 1 } else { most },
            resource: "r".to_owned(),
            member: "u".to_owned(),
        })
        .collect();
    let sent: Vec<Value> = events.iter().map(Known::sent).collect();
    assert_eq!(record(&meter, &org, &sent).await["accepted"], 500);
    compare(&world, &ann, &org, &events).await;
}

#[tokio::test]
async fn sums_are_exact_up_to_the_38_digits_of_a_dynamodb_number() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    // A counter of this hour after years of the largest amounts: it has 38 digits, and the next
    // event changes the last one.
    let almost = "99999999999999999999999999999999999998";
    let counter = |pk: String, sk: &str| json!({"PK": {"S": pk}, "SK": {"S": sk}, "cr_chat": {"N": almost}, "n_chat": {"N": "1"}});
    // Only one shard has a value, so the sum of all shards has 38 digits too.
    let hour =
        counter(format!("USE#{org}#H#{}", at.format("%Y-%m-%d")), &at.format("%H#0").to_string());
    world.put_items(1, &[hour]).await;
    let ask = async || {
        ann.get(&format!("/v1/orgs/{org}/usage?window=hour")).await.expect(200)["total"]["credits"]
            .clone()
    };
    assert_eq!(ask().await, "99999999999999999999999999999999.999998");
    let meter = world.service("usage:write usage:void").await;
    assert_eq!(
        record(&meter, &org, &[super::event("a", at, "chat", "0.000001")]).await["accepted"],
        1
    );
    assert_eq!(ask().await, "99999999999999999999999999999999.999999");
}

#[tokio::test]
async fn recording_five_hundred_events_takes_at_most_seven_calls_to_dynamodb() {
    if crate::world::suite("ORGS_TEST_FAULTS").is_some() {
        // Faults cause additional calls.
        return;
    }
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let org = world.org(&world.user("ann").await).await;
    let meter = world.service("usage:write usage:void").await;
    for (round, spread) in [1, 40, 62, 100].into_iter().enumerate() {
        let of = |i: usize| (i / spread).min(7);
        let events: Vec<Value> = (0..500)
            .map(|i| {
                let at = at - Duration::hours(20 * i64::try_from(of(i)).unwrap());
                event_of(
                    &format!("{round}-{i}"),
                    at,
                    &format!("k{}", i % 30),
                    "1",
                    &format!("r{}", of(i)),
                    &format!("u{}", of(i)),
                )
            })
            .collect();
        world.host.call_log().take("record_usage");
        assert_eq!(record(&meter, &org, &events).await["accepted"], 500);
        let calls = world.host.call_log().take("record_usage").calls;
        // The first request of a process lists the account and the kinds of the month.
        assert!(calls.len() <= if round == 0 { 9 } else { 7 }, "{calls:?}");
    }
}
