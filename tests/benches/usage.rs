//! Measures a report after a thousand and after a million events, and the recording of events.
//! Prints a table in Markdown.
//!
//! `cargo bench --profile dev -p orgs-tests --bench usage [-- EVENTS…]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its results and fails by panicking"
)]

use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use futures::stream::{self, StreamExt};
use orgs_local::{Host, HostOptions};
use orgs_runtime::Settings;
use reqwest::Client;
use serde_json::{Value, json};

/// The number of concurrent calls.
const AT_ONCE: usize = 4;

struct Caller<'h> {
    client: &'h Client,
    url: &'h str,
    token: String,
}

impl<'h> Caller<'h> {
    async fn new(client: &'h Client, url: &'h str, who: &Value) -> Self {
        let answer =
            client.post(format!("{url}/local/token")).body(who.to_string()).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        Self { client, url, token: answer["access_token"].as_str().unwrap().to_owned() }
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        loop {
            let request = self
                .client
                .post(format!("{}{path}", self.url))
                .bearer_auth(&self.token)
                .header("content-type", "application/json");
            let answer = request.body(body.to_string()).send().await.unwrap();
            // Retry as the API tells its callers to do.
            if answer.status() != 503 {
                assert!(answer.status().is_success(), "{}", answer.status());
                return answer.json().await.unwrap();
            }
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.json().await.unwrap()
    }
}

/// Returns a call with events of the last week: 5 kinds, 10 resources and 20 members.
fn events(first: u64, count: u64, now: DateTime<Utc>) -> Value {
    let event = |n: u64| {
        // The events of a call are in one hour. Each hour of the week repeats after 168 calls.
        let at = now - Duration::hours(i64::try_from(first / count % 168).unwrap());
        json!({
            "id": format!("e{n}"), "timestamp": at, "kind": format!("kind.{}", n % 5), "credits": "0.25",
            "resource_id": format!("agent-{}", n / 50 % 10), "user_id": format!("member-{}", n / 25 % 20),
        })
    };
    json!({"events": (first..first + count).map(event).collect::<Vec<_>>()})
}

#[tokio::main]
async fn main() {
    let counts: Vec<u64> =
        std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1_000, 1_000_000] } else { counts };
    let settings = Settings::read(|_| None).unwrap();
    let host =
        Host::start(HostOptions { frozen: true, ..HostOptions::new(settings) }).await.unwrap();
    let (client, url) = (Client::new(), host.url().to_owned());
    let ann =
        Caller::new(&client, &url, &json!({"sub": "ann", "email": "ann@example.com", "email_verified": true, "ttl_seconds": 86_400})).await;
    let meter = Caller::new(
        &client,
        &url,
        &json!({"sub": "meter", "scope": "usage:write", "ttl_seconds": 86_400}),
    )
    .await;
    let org =
        ann.post("/v1/orgs", &json!({"name": "Acme"})).await["id"].as_str().unwrap().to_owned();
    let now: DateTime<Utc> = {
        let answer = client
            .post(format!("{url}/local/clock"))
            .body(r#"{"advance_seconds":0}"#)
            .send()
            .await
            .unwrap();
        answer.json::<Value>().await.unwrap()["now"].as_str().unwrap().parse().unwrap()
    };
    host.call_log().meter();
    println!(
        "| events so far | a second | read units: the month's total | by day and kind | by hour, a week | by member |\n|---|---|---|---|---|---|"
    );
    let mut sent = 0;
    for count in counts {
        let began = Instant::now();
        let size = if count <= 1_000 { 20 } else { 500 };
        let path = format!("/v1/orgs/{org}/usage/events");
        let calls = (sent..count)
            .step_by(usize::try_from(size).unwrap())
            .map(|first| events(first, size.min(count - first), now));
        stream::iter(calls)
            .map(|body| {
                let (meter, path) = (&meter, &path);
                async move { meter.post(path, &body).await }
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        let rate = u128::from(count - sent) * 1000 / began.elapsed().as_millis().max(1);
        sent = count;
        let from = (now - Duration::days(6)).format("%Y-%m-%dT00:00:00Z");
        let mut units = Vec::new();
        for query in [
            String::new(),
            "window=day&group_by=kind".to_owned(),
            format!("window=hour&from={from}"),
            "group_by=member".to_owned(),
        ] {
            host.call_log().take("query_usage");
            ann.get(&format!("/v1/orgs/{org}/usage?{query}")).await;
            units.push(host.call_log().take("query_usage").read_units.to_string());
        }
        println!("| {count} | {rate} | {} |", units.join(" | "));
    }
    host.stop().await;
}
