use chrono::{Datelike, Duration};
use serde_json::{Value, json};

use super::alert_budget::{
    alerts, raised, records, spend, spend_at, spend_now, stage, subject, threshold, wait_for_alerts,
};
use super::set;
use crate::usage::now;
use crate::world::Options;

#[tokio::test]
async fn an_hour_that_would_exceed_the_budget_raises_one_burn_rate_alert() {
    let (world, ann, org) = stage(Options::default()).await;
    let body = json!({"monthly_credits": "1000", "thresholds": [50], "enforce": false});
    set(&ann, &org, &body).await.expect(200);
    let at = now(&world).await;
    // The rest of the month after this hour, which is the thirteenth of the fifteenth day.
    let days = i64::from(at.num_days_in_month());
    let left = (days - 15) * 24 + 11;
    spend_now(&world, &org, "1", "1").await;
    assert!(raised(&world, &org, "a").await.is_empty(), "1 + {left} credits are within the budget");
    spend_now(&world, &org, "2", "4").await;
    assert_eq!(
        wait_for_alerts(&world, "ann@example.com", 1).await,
        ["Budget alert: Acme is on course to exceed its monthly budget"]
    );
    let expected = (5 + 5 * left).to_string();
    let wanted = json!([{"kind": "burn_rate", "hour_credits": "5", "expected_credits": expected}]);
    spend_now(&world, &org, "3", "5").await;
    assert_eq!(raised(&world, &org, "b").await, [wanted], "once per month and amount");
    let mail = &world.mails("ann@example.com").await[0];
    let text = mail["text"].as_str().unwrap();
    let (this, that) =
        ("It has used 5 credits in this hour", format!("reaches {expected} credits"));
    assert!(text.contains(this) && text.contains(&that), "{text}");
    assert!(text.contains("The budget is not enforced: use continues."), "{text}");
}

#[tokio::test]
async fn an_hour_is_compared_with_the_same_hour_of_the_last_four_weeks() {
    let (world, ann, org) = stage(Options::default()).await;
    let body = json!({"monthly_credits": "100000", "thresholds": []});
    set(&ann, &org, &body).await.expect(200);
    // The organization is too young for a comparison.
    spend_now(&world, &org, "week 0", "1500").await;
    for (week, credits) in [(1, "500"), (2, "300"), (3, "400")] {
        world.advance_days(7).await;
        spend_now(&world, &org, &format!("week {week}"), credits).await;
    }
    let has_anomaly = |records: &[Value]| {
        records
            .iter()
            .flat_map(|reasons| reasons.as_array().unwrap().clone())
            .find(|reason| reason["kind"] == "anomaly")
    };
    world.advance_days(7).await;
    spend_now(&world, &org, "week 4", "1350").await;
    let before = raised(&world, &org, "a").await;
    assert_eq!(has_anomaly(&before), None, "three times the median of 450 credits");
    spend_now(&world, &org, "more", "0.5").await;
    let after = raised(&world, &org, "b").await;
    let wanted = json!({"kind": "anomaly", "hour_credits": "1350.5", "usual_credits": "450"});
    assert_eq!(has_anomaly(&after), Some(wanted));
    spend_now(&world, &org, "even more", "100").await;
    assert_eq!(raised(&world, &org, "c").await.len(), after.len(), "once a day");
}

#[tokio::test]
async fn the_first_denied_run_raises_an_alert() {
    let (world, ann, org) = stage(Options::default()).await;
    let agent = ann
        .post(&format!("/v1/orgs/{org}/resources"), &json!({"kind": "agent", "name": "A"}))
        .await
        .expect(201);
    let check = json!({
        "as_user_id": "ann",
        "checks": [{"action": "use_resource", "resource_id": agent["id"], "estimated_credits": "11"}],
    });
    let path = format!("/v1/orgs/{org}/access");
    let mine = json!({"checks": check["checks"]});
    let answer = ann.post(&path, &mine).await.expect(200);
    assert_eq!(answer["results"][0]["code"], "budget_exceeded");
    assert!(records(&world, "ann", &org).await.is_empty(), "a member's check runs nothing");
    let runner = world.service("access:check").await;
    for _ in 0..2 {
        let answer = runner.post(&path, &check).await.expect(200);
        assert_eq!(answer["results"][0]["code"], "budget_exceeded");
    }
    let denied = json!([{"kind": "denied"}]);
    let first = records(&world, "ann", &org).await;
    assert_eq!(
        first.iter().map(|record| &record["after"]["reasons"]).collect::<Vec<_>>(),
        [&denied]
    );
    assert_eq!(
        wait_for_alerts(&world, "ann@example.com", 1).await,
        ["Budget alert: Acme was denied a run because of its monthly budget"]
    );
    let mail = &world.mails("ann@example.com").await[0];
    assert!(mail["text"].as_str().unwrap().contains("Runs with lower costs are still allowed."));
    // A budget that was mailed about as spent: the denial is an event, but no mail.
    set(&ann, &org, &json!({"monthly_credits": "5", "thresholds": [100], "enforce": true}))
        .await
        .expect(200);
    spend(&world, &org, "1", "5").await;
    wait_for_alerts(&world, "ann@example.com", 2).await;
    drop(runner.post(&path, &check).await.expect(200));
    assert_eq!(raised(&world, &org, "a").await, [denied.clone(), json!([threshold(100)]), denied]);
    assert_eq!(alerts(&world, "ann@example.com").await.len(), 2);
}

#[tokio::test]
async fn concurrent_denials_raise_one_alert() {
    let (world, ann, org) = stage(Options::default()).await;
    let agent = ann
        .post(&format!("/v1/orgs/{org}/resources"), &json!({"kind": "agent", "name": "A"}))
        .await
        .expect(201);
    let check = json!({
        "as_user_id": "ann",
        "checks": [{"action": "use_resource", "resource_id": agent["id"], "estimated_credits": "11"}],
    });
    let runner = world.service("access:check").await;
    let path = format!("/v1/orgs/{org}/access");
    let answers = futures::future::join_all((0..8).map(|_| runner.post(&path, &check))).await;
    for answer in answers {
        assert_eq!(answer.expect(200)["results"][0]["code"], "budget_exceeded");
    }
    assert_eq!(records(&world, "ann", &org).await.len(), 1);
}

#[tokio::test]
async fn late_usage_counts_against_the_budget_of_its_month_and_alerts_once() {
    let (world, _, org) = stage(Options::default()).await;
    let start = now(&world).await;
    // Noon of the first day of the next month: events of the day before are still accepted.
    let first = (start + chrono::Months::new(1)).with_day(1).unwrap();
    world.advance((first - start).num_seconds()).await;
    let yesterday = first - Duration::days(1);
    spend_at(&world, &org, "1", "9", yesterday).await;
    wait_for_alerts(&world, "ann@example.com", 1).await;
    spend_at(&world, &org, "2", "2", yesterday).await;
    let subjects = wait_for_alerts(&world, "ann@example.com", 2).await;
    spend_at(&world, &org, "3", "3", yesterday).await;
    assert_eq!(subjects, [subject(50), subject(100)]);
    let raised_until_now = raised(&world, &org, "a").await;
    assert_eq!(raised_until_now, [json!([threshold(50)]), json!([threshold(100)])]);
    let mail = &world.mails("ann@example.com").await[0];
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains(&format!("11 credits in {}", yesterday.format("%B %Y"))), "{text}");
    assert!(text.contains("was reported after the end of the month. It denies nothing."), "{text}");
    // A budget that was set in this month was not the budget of the last one.
    let ann = world.user("ann").await;
    let body = json!({"monthly_credits": "12", "thresholds": [10, 50, 100]});
    set(&ann, &org, &body).await.expect(200);
    spend_at(&world, &org, "4", "1", yesterday).await;
    assert_eq!(raised(&world, &org, "b").await.len(), 2);
}
