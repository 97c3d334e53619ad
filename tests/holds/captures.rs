use serde_json::json;

use super::stage;
use crate::usage::{event, now, record, statuses};

#[tokio::test]
async fn an_event_captures_its_hold_and_a_final_one_gives_the_rest_back() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("run-1", "5").await, "201");
    let part = json!({"hold_id": "run-1"});
    assert_eq!(stage.record("e1", "2", &part).await, "accepted");
    assert_eq!(stage.limit().await, ["2", "3", "8"]);
    assert_eq!(stage.record("e1", "2", &part).await, "duplicate");
    assert_eq!(stage.limit().await, ["2", "3", "8"], "a duplicate captures nothing");
    let last = json!({"hold_id": "run-1", "final": true});
    assert_eq!(stage.record("e2", "1.5", &last).await, "accepted");
    assert_eq!(stage.limit().await, ["3.5", "0", "6.5"]);
    let hold = stage.get("run-1").await;
    assert_eq!((&hold["status"], &hold["captured"]), (&json!("captured"), &json!("3.5")));
    assert_eq!(stage.record("e3", "1", &part).await, "accepted", "usage is always recorded");
    assert_eq!(stage.limit().await, ["4.5", "0", "5.5"]);
    assert_eq!(stage.get("run-1").await["captured"], "4.5");
    assert_eq!(stage.hold("all that is left", "5.5").await, "201");
}

#[tokio::test]
async fn usage_beyond_the_hold_counts_and_the_overshoot_is_shown() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("run-1", "5").await, "201");
    assert_eq!(stage.hold("run-2", "5").await, "201");
    assert_eq!(stage.record("e1", "7", &json!({"hold_id": "run-1"})).await, "accepted");
    let hold = stage.get("run-1").await;
    assert_eq!((&hold["captured"], &hold["credits"]), (&json!("7"), &json!("5")));
    let limit = &hold["limits"][0];
    let numbers = ["spent", "held", "left"].map(|name| limit[name].as_str().unwrap());
    assert_eq!(numbers, ["7", "5", "-2"]);
}

#[tokio::test]
async fn an_expired_hold_still_covers_its_usage_until_somebody_needs_the_credits() {
    let stage = stage("10").await;
    let last = |id: &str| json!({"hold_id": id, "final": true});
    assert_eq!(stage.hold("late", "4").await, "201");
    stage.world.advance(601).await;
    assert_eq!(stage.record("e1", "4", &last("late")).await, "accepted");
    assert_eq!(stage.limit().await, ["4", "0", "6"]);
    assert_eq!(stage.get("late").await["status"], "captured");
    assert_eq!(stage.hold("too late", "4").await, "201");
    stage.world.advance(601).await;
    assert_eq!(stage.hold("next", "6").await, "201");
    assert_eq!(stage.record("e2", "4", &last("too late")).await, "accepted");
    let hold = stage.get("too late").await;
    assert_eq!((&hold["status"], &hold["captured"]), (&json!("expired"), &json!("4")));
    assert_eq!(stage.limit().await, ["8", "6", "2"]);
}

#[tokio::test]
async fn a_call_with_many_holds_captures_each_of_them() {
    let stage = stage("1000").await;
    let ids: Vec<String> = (0..60).map(|n| format!("run-{n}")).collect();
    for id in &ids {
        assert_eq!(stage.hold(id, "3").await, "201");
    }
    let at = now(&stage.world).await;
    let mut events = Vec::new();
    for (n, id) in ids.iter().enumerate() {
        for part in 0..3 {
            let mut event = event(&format!("{id}-{part}"), at, &format!("k{n}"), "0.5");
            event["hold_id"] = json!(id);
            event["final"] = json!(part == 2);
            event["resource_id"] = json!(format!("agent-{part}"));
            events.push(event);
        }
    }
    let result = record(&stage.runner, &stage.org, &events).await;
    assert!(statuses(&result).iter().all(|status| *status == "accepted"), "{result}");
    assert_eq!(stage.limit().await, ["90", "0", "910"]);
    for id in &ids {
        let hold = stage.get(id).await;
        assert_eq!((&hold["status"], &hold["captured"]), (&json!("captured"), &json!("1.5")));
    }
}

#[tokio::test]
async fn a_void_gives_captured_credits_back_to_the_budget() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("run-1", "10").await, "201");
    let last = json!({"hold_id": "run-1", "final": true});
    assert_eq!(stage.record("e1", "10", &last).await, "accepted");
    assert_eq!(stage.hold("run-2", "1").await, "budget_exceeded");
    let voider = stage.world.service("usage:void").await;
    let path = format!("/v1/orgs/{}/usage/void", stage.org);
    voider.post(&path, &json!({"ids": ["e1"]})).await.expect(200);
    assert_eq!(stage.limit().await, ["0", "0", "10"]);
    assert_eq!(stage.hold("run-2", "10").await, "201");
    assert_eq!(stage.hold("run-3", "0.000001").await, "budget_held");
}

#[tokio::test]
async fn an_unknown_hold_does_not_stop_an_event_and_a_wrong_one_is_invalid() {
    let stage = stage("10").await;
    assert_eq!(
        stage.record("e1", "1", &json!({"hold_id": "none", "final": true})).await,
        "accepted"
    );
    assert_eq!(stage.limit().await, ["1", "0", "9"]);
    for more in [json!({"hold_id": ""}), json!({"hold_id": ".."}), json!({"final": true})] {
        assert_eq!(stage.record("e2", "1", &more).await, "invalid", "{more}");
    }
    // The hold is a value of the event.
    assert_eq!(stage.record("e1", "1", &json!({})).await, "conflict");
}

#[tokio::test]
async fn a_hold_belongs_to_the_month_in_which_it_was_created() {
    let stage = stage("10").await;
    let start = now(&stage.world).await;
    let end = orgs_domain::window::Window::Month;
    let end = end.next(end.floor(start));
    stage.world.advance((end - start).num_seconds() - 60).await;
    let runner = stage.world.service("usage:write").await;
    let stage = super::Stage { runner, ann: stage.world.user("ann").await, ..stage };
    assert_eq!(stage.hold("run-1", "5").await, "201");
    stage.world.advance(120).await;
    assert_eq!(stage.limit().await, ["0", "0", "10"], "of the new month");
    assert_eq!(stage.record("e1", "3", &json!({"hold_id": "run-1"})).await, "accepted");
    assert_eq!(stage.limit().await, ["3", "0", "7"], "the new month does not know the hold");
    let longer = json!({"credits": "10", "expires_in": 600});
    let path = format!("{}/run-1", stage.path());
    let changed = stage.runner.patch(&path, &longer).await.expect(200);
    let limit = &changed["limits"][0];
    let numbers = ["spent", "held", "left"].map(|name| limit[name].as_str().unwrap());
    assert_eq!(numbers, ["0", "10", "0"], "of the month of the hold");
    assert_eq!(stage.limit().await, ["3", "0", "7"]);
}

#[tokio::test]
async fn the_next_usage_ends_expired_holds() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("killed", "4").await, "201");
    assert_eq!(stage.hold("long", "1").await, "201");
    let longer = json!({"expires_in": 3600});
    stage.runner.patch(&format!("{}/long", stage.path()), &longer).await.expect(200);
    stage.world.advance(600).await;
    assert_eq!(stage.limit().await, ["0", "5", "10"]);
    assert_eq!(stage.record("e1", "1", &json!({})).await, "accepted");
    stage
        .world
        .until("the end of the hold", async || {
            (stage.limit().await == ["1", "1", "9"]).then_some(())
        })
        .await;
}
