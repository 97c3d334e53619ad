use chrono::Datelike;
use serde_json::{Value, json};

use super::set;
use crate::usage::{event, quiet_time, record};
use crate::world::{Caller, Options, World};

async fn stage(options: Options) -> (World, Caller, String) {
    let world = World::with(options).await;
    quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    set(&ann, &org, &json!({"monthly_credits": "10", "thresholds": [50, 100], "enforce": true}))
        .await
        .expect(200);
    (world, ann, org)
}

async fn spend(world: &World, org: &str, id: &str, credits: &str) {
    let at = crate::usage::now(world).await;
    record(&world.service("usage:write").await, org, &[event(id, at, "chat", credits)]).await;
}

/// Returns the subjects of the budget alerts to an address, oldest first.
async fn alerts(world: &World, to: &str) -> Vec<String> {
    let mails = world.mails(to).await;
    let subjects = mails.iter().rev().map(|mail| mail["subject"].as_str().unwrap().to_owned());
    subjects.filter(|subject| subject.starts_with("Budget")).collect()
}

/// Waits until an address has received `count` budget alerts.
async fn wait_for_alerts(world: &World, to: &str, count: usize) -> Vec<String> {
    world
        .until("the mails", async || {
            let alerts = alerts(world, to).await;
            (alerts.len() >= count).then_some(alerts)
        })
        .await
}

/// Waits until the stream has delivered all earlier usage: another organization exceeds its budget
/// afterward, and its owner receives the alert.
async fn wait_for_stream(world: &World, mark: &str) {
    let zoe = world.user("zoe").await;
    let org = world.org(&zoe).await;
    set(&zoe, &org, &json!({"monthly_credits": "1", "thresholds": [100]})).await.expect(200);
    let before = alerts(world, "zoe@example.com").await.len();
    spend(world, &org, mark, "1").await;
    wait_for_alerts(world, "zoe@example.com", before + 1).await;
}

#[tokio::test]
async fn each_threshold_mails_the_owners_once_a_month() {
    let (world, ann, org) = stage(Options::default()).await;
    world.member(&org, &ann, "bob", "owner").await;
    world.member(&org, &ann, "cy", "administrator").await;
    spend(&world, &org, "1", "4.999999").await;
    wait_for_stream(&world, "a").await;
    assert!(alerts(&world, "ann@example.com").await.is_empty());
    spend(&world, &org, "2", "0.000001").await;
    let half = "Budget alert: Acme reached 50% of its monthly budget";
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 1).await, [half]);
    let mail = &world.mails("ann@example.com").await[0];
    assert!(mail["text"].as_str().unwrap().contains("use that would exceed it will be denied."));
    assert_eq!(wait_for_alerts(&world, "bob@example.com", 1).await, [half]);
    spend(&world, &org, "3", "1").await;
    wait_for_stream(&world, "b").await;
    assert_eq!(alerts(&world, "ann@example.com").await, [half]);
    spend(&world, &org, "4", "10").await;
    let all = "Budget alert: Acme reached 100% of its monthly budget";
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 2).await, [half, all]);
    assert!(alerts(&world, "cy@example.com").await.is_empty(), "administrators get no alert");
    world.advance_days(20).await;
    spend(&world, &org, "5", "5").await;
    assert_eq!(
        wait_for_alerts(&world, "ann@example.com", 3).await,
        [half, all, half],
        "the thresholds start over each month"
    );
}

#[tokio::test]
async fn the_thresholds_of_a_raised_budget_mail_again_and_those_of_the_old_one_do_not() {
    let (world, ann, org) = stage(Options::default()).await;
    let subject = |percent| format!("Budget alert: Acme reached {percent}% of its monthly budget");
    spend(&world, &org, "1", "10").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    set(&ann, &org, &json!({"monthly_credits": "100", "thresholds": [50, 100]})).await.expect(200);
    spend(&world, &org, "2", "39.9").await;
    wait_for_stream(&world, "a").await;
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
        wait_for_stream(&world, &format!("after {credits}")).await;
    }
    assert_eq!(alerts(&world, "ann@example.com").await, all);
}

#[tokio::test]
async fn the_mail_states_the_usage_the_budget_and_the_consequence() {
    let (world, _, org) = stage(Options::default()).await;
    spend(&world, &org, "1", "12.5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    let mails = world.mails("ann@example.com").await;
    let text = mails[0]["text"].as_str().unwrap();
    let month = crate::usage::now(&world).await.format("%B %Y").to_string();
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
        let percent = (change + 1) * 10;
        subjects.push(format!("Budget alert: Acme reached {percent}% of its monthly budget"));
        assert_eq!(wait_for_alerts(&world, "ann@example.com", subjects.len()).await, subjects);
        wait_for_stream(&world, &format!("seen {change}")).await;
    }
    assert_eq!(alerts(&world, "ann@example.com").await, subjects);
    let mail = &world.mails("ann@example.com").await[0];
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("The budget is not enforced, so it stops nothing."), "{text}");
}

#[tokio::test]
async fn a_month_has_at_most_twenty_alerts() {
    let (world, ann, org) = stage(Options::default()).await;
    spend(&world, &org, "0", "4").await;
    for percent in 1..=21_u16 {
        set(&ann, &org, &json!({"monthly_credits": "10", "thresholds": [percent]}))
            .await
            .expect(200);
        spend(&world, &org, &format!("change {percent}"), "0").await;
        wait_for_alerts(&world, "ann@example.com", usize::from(percent.min(20))).await;
    }
    wait_for_stream(&world, "a").await;
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 20);
}

#[tokio::test]
async fn a_retried_alert_is_sent_even_if_lower_thresholds_were_reached_with_it() {
    let (world, _, org) =
        stage(Options { mail_faults: orgs_local::MailFaults::Away(4), ..Options::default() }).await;
    spend(&world, &org, "1", "12").await;
    let all = "Budget alert: Acme reached 100% of its monthly budget";
    assert_eq!(wait_for_alerts(&world, "ann@example.com", 1).await, [all]);
    wait_for_stream(&world, "a").await;
    assert_eq!(alerts(&world, "ann@example.com").await, [all]);
}

#[tokio::test]
async fn an_alert_is_retried_while_ses_fails_and_nobody_gets_it_twice() {
    let (world, ann, org) =
        stage(Options { mail_faults: orgs_local::MailFaults::Away(3), ..Options::default() }).await;
    drop(ann);
    spend(&world, &org, "1", "5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    wait_for_stream(&world, "a").await;
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 1);
}

#[tokio::test]
async fn a_lost_response_of_ses_causes_at_most_one_additional_mail() {
    let (world, _, org) =
        stage(Options { mail_faults: orgs_local::MailFaults::AnswerLost(1), ..Options::default() })
            .await;
    spend(&world, &org, "1", "5").await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    wait_for_stream(&world, "a").await;
    let alerts = alerts(&world, "ann@example.com").await.len();
    assert!((1..=2).contains(&alerts), "{alerts}");
}

#[tokio::test]
async fn after_a_mailer_crashed_another_takes_over_when_the_lease_expires() {
    let (world, _, org) = stage(Options::default()).await;
    // The state after a process acquired the lease and crashed.
    let month = crate::usage::now(&world).await.format("%Y-%m").to_string();
    let until =
        (crate::usage::now(&world).await + chrono::Duration::seconds(15)).timestamp_millis();
    let taken = json!({"PK": {"S": format!("USE#{org}#T#{month}")}, "SK": {"S": "FIRED#10#50"}, "lease": {"N": until.to_string()}});
    world.put_items(1, &[taken]).await;
    spend(&world, &org, "1", "5").await;
    wait_for_stream(&world, "a").await;
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
            .items(1)
            .await
            .iter()
            .any(|item| item["SK"]["S"] == "FIRED#10#50" && !item["sent_at"].is_null())
    };
    wait_for_stream(&world, "a").await;
    assert!(!is_over().await);
    world.put_items(0, std::slice::from_ref(as_it_is)).await;
    world.until("the completed alert", async || is_over().await.then_some(())).await;
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 1, "nobody gets the alert twice");
}

#[tokio::test]
async fn late_events_of_a_past_month_send_no_alert() {
    let (world, _, org) = stage(Options::default()).await;
    let now = crate::usage::now(&world).await;
    // The first day of the next month: events of the day before are still accepted.
    let first = (now + chrono::Months::new(1))
        .date_naive()
        .with_day(1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap()
        .and_utc();
    world.advance((first - now).num_seconds()).await;
    let late = event("1", first - chrono::Duration::days(1), "chat", "9");
    record(&world.service("usage:write").await, &org, &[late]).await;
    wait_for_stream(&world, "a").await;
    assert!(alerts(&world, "ann@example.com").await.is_empty());
}

#[tokio::test]
async fn without_a_budget_no_alert_is_sent() {
    let (world, ann, org) = stage(Options::default()).await;
    set(&ann, &org, &json!({"monthly_credits": null})).await.expect(200);
    spend(&world, &org, "1", "500").await;
    wait_for_stream(&world, "a").await;
    assert!(alerts(&world, "ann@example.com").await.is_empty());
}

#[tokio::test]
async fn a_repeated_stream_record_sends_one_alert() {
    let (world, _, org) = stage(Options { repeats_records: true, ..Options::default() }).await;
    for id in 0..12 {
        spend(&world, &org, &id.to_string(), "1").await;
    }
    wait_for_alerts(&world, "ann@example.com", 2).await;
    wait_for_stream(&world, "a").await;
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 2);
}
