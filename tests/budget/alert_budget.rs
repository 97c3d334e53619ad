use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::set;
use crate::usage::{event, now, quiet_time, record};
use crate::world::{Caller, Options, World};

/// An organization with a budget of 10 credits.
pub(super) async fn stage(options: Options) -> (World, Caller, String) {
    let world = World::with(options).await;
    quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    set(&ann, &org, &json!({"monthly_credits": "10", "thresholds": [50, 100], "enforce": true}))
        .await
        .expect(200);
    (world, ann, org)
}

pub(super) async fn spend_at(world: &World, org: &str, id: &str, credits: &str, at: DateTime<Utc>) {
    let meter = world.service("usage:write").await;
    record(&meter, org, &[event(id, at, "chat", credits)]).await;
}

/// Spends two hours ago, so that only thresholds follow.
pub(super) async fn spend(world: &World, org: &str, id: &str, credits: &str) {
    spend_at(world, org, id, credits, now(world).await - Duration::hours(2)).await;
}

/// Spends in the current hour.
pub(super) async fn spend_now(world: &World, org: &str, id: &str, credits: &str) {
    spend_at(world, org, id, credits, now(world).await).await;
}

/// Returns the subjects of the budget alerts to an address, oldest first.
pub(super) async fn alerts(world: &World, to: &str) -> Vec<String> {
    let mails = world.mails(to).await;
    let subjects = mails.iter().rev().map(|mail| mail["subject"].as_str().unwrap().to_owned());
    subjects.filter(|subject| subject.starts_with("Budget")).collect()
}

/// Waits until an address has received `count` budget alerts.
pub(super) async fn wait_for_alerts(world: &World, to: &str, count: usize) -> Vec<String> {
    world
        .until("the mails", async || {
            let alerts = alerts(world, to).await;
            (alerts.len() >= count).then_some(alerts)
        })
        .await
}

/// Returns the audit records of the alerts of an organization, oldest first.
pub(super) async fn records(world: &World, owner: &str, org: &str) -> Vec<Value> {
    let owner = world.user(owner).await;
    let page = owner.get(&format!("/v1/orgs/{org}/audit?limit=100")).await.expect(200);
    let records = page["data"].as_array().unwrap().iter().rev();
    records.filter(|record| record["action"] == "alert_budget").cloned().collect()
}

/// Waits until the stream has delivered all earlier usage: another organization exceeds its budget
/// afterward, and its owner receives the alert. Then returns the reasons of every alert of `org`.
pub(super) async fn raised(world: &World, org: &str, mark: &str) -> Vec<Value> {
    let zoe = world.user("zoe").await;
    let other = world.org(&zoe).await;
    set(&zoe, &other, &json!({"monthly_credits": "1", "thresholds": [100]})).await.expect(200);
    let before = alerts(world, "zoe@example.com").await.len();
    spend(world, &other, mark, "1").await;
    wait_for_alerts(world, "zoe@example.com", before + 1).await;
    let records = records(world, "ann", org).await;
    records.into_iter().map(|record| record["after"]["reasons"].clone()).collect()
}

pub(super) fn subject(percent: u16) -> String {
    format!("Budget alert: Acme reached {percent}% of its monthly budget")
}

pub(super) fn threshold(percent: u16) -> Value {
    json!({"kind": "threshold", "percent": percent})
}

#[tokio::test]
async fn each_threshold_mails_the_owners_once_a_month() {
    let (world, ann, org) = stage(Options::default()).await;
    world.member(&org, &ann, "bob", "owner").await;
    world.member(&org, &ann, "cy", "administrator").await;
    spend(&world, &org, "1", "4.999999").await;
    assert!(raised(&world, &org, "a").await.is_empty());
    spend(&world, &org, "2", "0.000001").await;
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 1).await, [subject(50)]);
    let mail = &world.mails("ann@example.com").await[0];
    assert!(mail["text"].as_str().unwrap().contains("use that would exceed it will be denied."));
    assert_eq!(wait_for_alerts(&world, "bob@example.com", 1).await, [subject(50)]);
    spend(&world, &org, "3", "1").await;
    assert_eq!(raised(&world, &org, "b").await.len(), 1);
    spend(&world, &org, "4", "10").await;
    let both = [subject(50), subject(100)];
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 2).await, both);
    assert!(alerts(&world, "cy@example.com").await.is_empty(), "administrators get no alert");
    world.advance_days(20).await;
    spend(&world, &org, "5", "5").await;
    assert_eq!(
        wait_for_alerts(&world, "ann@example.com", 3).await,
        [subject(50), subject(100), subject(50)],
        "the thresholds start over each month"
    );
}

#[tokio::test]
async fn an_alert_is_an_audit_record_and_an_event() {
    let (world, _, org) = stage(Options::default()).await;
    spend(&world, &org, "1", "12.5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    let records = records(&world, "ann", &org).await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["actor"], json!({"user_id": "system", "name": "System"}));
    assert_eq!((&records[0]["target"], &records[0]["before"]), (&json!(org), &Value::Null));
    let month = now(&world).await.format("%Y-%m").to_string();
    let wanted = json!({
        "month": month, "monthly_credits": "10", "enforce": true, "spent": "12.5",
        "reasons": [threshold(100), threshold(50)],
    });
    assert_eq!(records[0]["after"], wanted);
    let event = world
        .until("the event", async || {
            let events = world.local("GET", "events", &Value::Null).await;
            let events = events["data"].as_array().unwrap().clone();
            events.into_iter().find(|event| event["detail-type"] == "alert_budget")
        })
        .await;
    assert_eq!((&event["detail"]["after"], &event["resources"]), (&wanted, &json!([org])));
}

#[tokio::test]
async fn the_thresholds_of_a_raised_budget_mail_again_and_those_of_the_old_one_do_not() {
    let (world, ann, org) = stage(Options::default()).await;
    spend(&world, &org, "1", "10").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    set(&ann, &org, &json!({"monthly_credits": "100", "thresholds": [50, 100]})).await.expect(200);
    spend(&world, &org, "2", "39.9").await;
    assert_eq!(raised(&world, &org, "a").await.len(), 1);
    spend(&world, &org, "3", "0.1").await;
    wait_for_alerts(&world, "ann@example.com", 2).await;
    spend(&world, &org, "4", "50").await;
    let all = wait_for_alerts(&world, "ann@example.com", 3).await;
    assert_eq!(all, [subject(100), subject(50), subject(100)]);
    // The first budget was mailed about, and so was the second.
    for credits in ["10", "100"] {
        let body = json!({"monthly_credits": credits, "thresholds": [50, 100]});
        set(&ann, &org, &body).await.expect(200);
        spend(&world, &org, credits, "1").await;
        assert_eq!(raised(&world, &org, &format!("after {credits}")).await.len(), 3);
    }
}

#[tokio::test]
async fn the_mail_states_the_usage_the_budget_and_the_consequence() {
    let (world, _, org) = stage(Options::default()).await;
    spend(&world, &org, "1", "12.5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    let mails = world.mails("ann@example.com").await;
    let text = mails[0]["text"].as_str().unwrap();
    let month = now(&world).await.format("%B %Y").to_string();
    insta::assert_snapshot!(text.replace(&month, "[month]"), @"
    Acme reached 100% of its monthly budget

    Acme has used 12.5 credits in [month]. Its monthly budget is 10 credits.

    The budget is enforced: use is denied until next month, or until you raise the budget.

    You received this email because you are an owner of Acme.
    ");
    assert!(mails[0]["html"].as_str().unwrap().contains("12.5"));
    assert_eq!(mails[0]["headers"]["List-Unsubscribe"], Value::Null);
}

#[tokio::test]
async fn thresholds_that_are_reached_together_cause_one_mail() {
    let (world, ann, org) = stage(Options::default()).await;
    spend(&world, &org, "0", "4").await;
    let mut subjects: Vec<String> = Vec::new();
    for change in 0..3_u16 {
        let thresholds: Vec<u16> = (1..=10).map(|n| change * 10 + n).collect();
        set(&ann, &org, &json!({"monthly_credits": "10", "thresholds": thresholds}))
            .await
            .expect(200);
        spend(&world, &org, &format!("change {change}"), "0").await;
        subjects.push(subject((change + 1) * 10));
        assert_eq!(wait_for_alerts(&world, "ann@example.com", subjects.len()).await, subjects);
        let raised = raised(&world, &org, &format!("seen {change}")).await;
        assert_eq!(raised.len(), subjects.len());
    }
    assert_eq!(alerts(&world, "ann@example.com").await, subjects);
}

#[tokio::test]
async fn a_day_has_at_most_five_alerts_and_the_next_day_raises_the_others() {
    let (world, ann, org) = stage(Options::default()).await;
    spend(&world, &org, "0", "4").await;
    for percent in 1..=6_u16 {
        set(&ann, &org, &json!({"monthly_credits": "10", "thresholds": [percent]}))
            .await
            .expect(200);
        spend(&world, &org, &format!("change {percent}"), "0").await;
        assert_eq!(
            raised(&world, &org, &format!("{percent}")).await.len(),
            usize::from(percent.min(5))
        );
    }
    world.advance_days(1).await;
    spend(&world, &org, "the next day", "0").await;
    assert_eq!(raised(&world, &org, "a").await.last(), Some(&json!([threshold(6)])));
    let all: Vec<String> = (1..=6).map(subject).collect();
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 6).await, all);
}

#[tokio::test]
async fn an_alert_is_retried_while_ses_fails_and_nobody_gets_it_twice() {
    let (world, _, org) =
        stage(Options { mail_faults: orgs_local::MailFaults::Away(3), ..Options::default() }).await;
    spend(&world, &org, "1", "12").await;
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 1).await, [subject(100)]);
    assert_eq!(raised(&world, &org, "a").await.len(), 1);
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 1);
}

#[tokio::test]
async fn a_lost_response_of_ses_causes_at_most_one_additional_mail() {
    let (world, _, org) =
        stage(Options { mail_faults: orgs_local::MailFaults::AnswerLost(1), ..Options::default() })
            .await;
    spend(&world, &org, "1", "5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    assert_eq!(raised(&world, &org, "a").await.len(), 1);
    let alerts = alerts(&world, "ann@example.com").await.len();
    assert!((1..=2).contains(&alerts), "{alerts}");
}

/// Returns the item of an alert's audit record that the stream has not delivered yet.
fn alert_item(org: &str, at: DateTime<Utc>) -> Value {
    let id = "aud_019ab3c1a2b37c44b0d1e2f3a4b5c6d7";
    let alert = json!({"M": {
        "month": {"S": at.format("%Y-%m").to_string()}, "monthly_credits": {"S": "10"},
        "enforce": {"BOOL": true}, "spent": {"S": "5"},
        "reasons": {"L": [{"M": {"kind": {"S": "threshold"}, "percent": {"N": "50"}}}]},
    }});
    json!({
        "PK": {"S": format!("ORG#{org}#AUD")}, "SK": {"S": id}, "id": {"S": id},
        "org_id": {"S": org}, "at": {"S": at.to_rfc3339()}, "action": {"S": "alert_budget"},
        "actor": {"M": {"user_id": {"S": "system"}, "name": {"S": "System"}}},
        "target": {"S": org}, "after": alert, "request_id": {"S": "test"},
        "mail": {"M": {"notice": {"S": "budget_alert"}, "alert": alert}},
    })
}

#[tokio::test]
async fn after_a_mailer_crashed_another_takes_over_when_the_lease_expires() {
    let (world, _, org) = stage(Options::default()).await;
    // The state after a process acquired the lease and crashed.
    let at = now(&world).await;
    let mut item = alert_item(&org, at);
    let until = (at + Duration::seconds(15)).timestamp_millis();
    item["lease"] = json!({"N": until.to_string()});
    world.put_items(0, &[item]).await;
    assert_eq!(raised(&world, &org, "a").await.len(), 1);
    assert!(alerts(&world, "ann@example.com").await.is_empty(), "another process holds the lease");
    world.advance(16).await;
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 1).await.len(), 1);
}

#[tokio::test]
async fn the_alert_waits_for_an_owner_who_is_not_in_the_index_yet() {
    let (world, _, org) = stage(Options::default()).await;
    let items = world.items(0).await;
    let as_it_is = items
        .iter()
        .find(|item| item["PK"]["S"] == format!("ORG#{org}") && item["SK"]["S"] == "META")
        .unwrap();
    // The state right after another member became an owner.
    let mut one_more = as_it_is.clone();
    one_more["owner_count"] = json!({"N": "2"});
    world.put_items(0, &[one_more]).await;
    spend(&world, &org, "1", "5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    let is_over = async || {
        world
            .items(0)
            .await
            .iter()
            .any(|item| item["action"]["S"] == "alert_budget" && !item["sent_at"].is_null())
    };
    assert!(!is_over().await);
    world.put_items(0, std::slice::from_ref(as_it_is)).await;
    world.until("the completed alert", async || is_over().await.then_some(())).await;
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 1, "nobody gets the alert twice");
}

#[tokio::test]
async fn without_a_budget_no_alert_is_sent() {
    let (world, ann, org) = stage(Options::default()).await;
    set(&ann, &org, &json!({"monthly_credits": null})).await.expect(200);
    spend_now(&world, &org, "1", "500").await;
    assert!(raised(&world, &org, "a").await.is_empty());
}

#[tokio::test]
async fn a_repeated_stream_record_sends_one_alert() {
    let (world, _, org) = stage(Options { repeats_records: true, ..Options::default() }).await;
    for (credits, alerts) in [(6, 1), (12, 2)] {
        for n in 0..6 {
            spend(&world, &org, &format!("{credits}-{n}"), "1").await;
        }
        wait_for_alerts(&world, "ann@example.com", alerts).await;
    }
    assert_eq!(raised(&world, &org, "a").await.len(), 2);
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 2);
}
