//! `/v1/orgs/{org_id}/usage`

mod close_months;
mod exactly_once;
mod query_account_usage;
mod query_billed_usage;
mod query_usage;
mod record_usage;
mod report_parts;
mod void_usage;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::world::{Caller, World};

/// Returns the time of the host's clock.
pub(crate) async fn now(world: &World) -> DateTime<Utc> {
    world.local("POST", "clock", &json!({"advance_seconds": 0})).await["now"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

pub(crate) fn event(id: &str, at: DateTime<Utc>, kind: &str, credits: &str) -> Value {
    json!({"id": id, "timestamp": at, "kind": kind, "credits": credits})
}

pub(crate) async fn record(service: &Caller, org: &str, events: &[Value]) -> Value {
    service
        .post(&format!("/v1/orgs/{org}/usage/events"), &json!({"events": events}))
        .await
        .expect(200)
}

/// Returns an event with a resource and a member.
pub(crate) fn event_of(
    id: &str,
    at: DateTime<Utc>,
    kind: &str,
    credits: &str,
    resource: &str,
    member: &str,
) -> Value {
    let mut event = event(id, at, kind, credits);
    event["resource_id"] = json!(resource);
    event["user_id"] = json!(member);
    event
}

/// Voids events.
pub(crate) async fn void(service: &Caller, org: &str, ids: &[&str]) -> Value {
    service.post(&format!("/v1/orgs/{org}/usage/void"), &json!({"ids": ids})).await.expect(200)
}

/// Formats the rows of a report: start, end, group, credits and events.
pub(crate) fn rows(report: &Value) -> Vec<String> {
    report["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |field: &str| row[field].as_str().unwrap_or("null").to_owned();
            format!(
                "{} {} {} {} {}",
                text("start"),
                text("end"),
                text("group"),
                text("credits"),
                row["events"]
            )
        })
        .collect()
}

pub(crate) fn statuses(answer: &Value) -> Vec<&str> {
    answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["status"].as_str().unwrap())
        .collect()
}

/// Moves the clock to the middle of an hour in the middle of a month, away from all boundaries.
pub(crate) async fn quiet_time(world: &World) -> DateTime<Utc> {
    let start = now(world).await;
    let target = (start + Duration::days(40))
        .format("%Y-%m-15T12:30:00Z")
        .to_string()
        .parse::<DateTime<Utc>>()
        .unwrap();
    world.advance((target - start).num_seconds()).await;
    target
}
mod get_org_statement;
mod get_statement;
mod list_billed_accounts;
