use futures::future::join_all;
use orgs_domain::Credits;
use serde_json::{Value, json};

use super::{Stage, stage};

/// Returns a number of an item, in millionths.
fn micro(item: &Value, name: &str) -> u128 {
    item[name]["N"].as_str().map_or(0, |number| number.parse().unwrap())
}

/// Asserts that the stored number of reserved credits is what the stored holds add up to, and that
/// the list has exactly the open holds. Returns the spent and the held credits, in millionths.
async fn assert_whole(stage: &Stage) -> (u128, u128) {
    let items = stage.world.items(1).await;
    let with = |prefix: &str| {
        let prefix = prefix.to_owned();
        items.iter().filter(move |item| item["PK"]["S"].as_str().unwrap().starts_with(&prefix))
    };
    let counters = format!("USE#{}#T#", stage.org);
    let covered: u128 = with(&counters).map(|item| micro(item, "covered")).sum();
    let reserved: u128 = with(&counters).map(|item| micro(item, "reserved")).sum();
    let spent: u128 = with(&counters).map(|item| micro(item, "cr_chat")).sum();
    let credits = |item: &Value, name: &str| {
        Credits::parse(item[name]["S"].as_str().unwrap()).unwrap().micro()
    };
    let holds = || with(&format!("HLD#{}#", stage.org));
    let open = || holds().filter(|hold| hold["status"]["S"] == "open");
    let rest: u128 =
        open().map(|hold| credits(hold, "credits").saturating_sub(credits(hold, "covered"))).sum();
    assert_eq!(holds().map(|hold| credits(hold, "covered")).sum::<u128>(), covered);
    assert_eq!(reserved, covered + rest);
    let listed = items.iter().filter(|item| item["PK"]["S"] == format!("HLD#{}", stage.org));
    let mut listed: Vec<_> = listed.map(|item| item["id"]["S"].clone()).collect();
    let mut wanted: Vec<_> = open().map(|hold| hold["request"]["M"]["id"]["S"].clone()).collect();
    listed.sort_by_key(ToString::to_string);
    wanted.sort_by_key(ToString::to_string);
    assert_eq!(listed, wanted);
    (spent, rest)
}

#[tokio::test]
async fn two_hundred_racers_never_exceed_the_budget_and_all_of_it_is_used() {
    let stage = stage("50").await;
    let racers = (0..200).map(|n| {
        let stage = &stage;
        async move {
            let (id, path) = (format!("run-{n}"), stage.path());
            let body = json!({"id": id, "credits": "5", "expires_in": 600});
            let answer = stage.runner.settled("POST", &path, Some(&body)).await;
            match answer.status {
                201 | 200 => true,
                403 => {
                    assert_eq!(answer.body["code"], "budget_held");
                    false
                }
                _ => panic!("{answer}"),
            }
        }
    });
    let allowed = join_all(racers).await.into_iter().filter(|is_allowed| *is_allowed).count();
    assert_eq!(allowed, 10);
    assert_eq!(assert_whole(&stage).await, (0, 50_000_000));
}

#[tokio::test]
async fn whatever_happens_at_once_spent_and_held_credits_stay_within_the_budget() {
    let stage = stage("20").await;
    let runs = (0..60_usize).map(|n| {
        let stage = &stage;
        async move {
            let (id, path) = (format!("run-{n}"), stage.path());
            let body = json!({"id": id, "credits": "2", "expires_in": 600});
            let hold = stage.runner.settled("POST", &path, Some(&body)).await;
            if hold.status == 403 {
                return;
            }
            assert!(matches!(hold.status, 200 | 201), "{hold}");
            let at = crate::usage::now(&stage.world).await;
            let events: Vec<Value> = (0..2)
                .map(|part| {
                    let mut event =
                        crate::usage::event(&format!("{id}-{part}"), at, "chat", "0.75");
                    event["hold_id"] = json!(id);
                    event["final"] = json!(part == 1 && n % 3 == 0);
                    event
                })
                .collect();
            let usage = format!("/v1/orgs/{}/usage/events", stage.org);
            let body = json!({"events": events});
            let record = stage.runner.settled("POST", &usage, Some(&body));
            let path = format!("{path}/{id}");
            // Some runs are released, and some extended, while their usage is recorded. Others are
            // killed here.
            let change = async {
                match n % 3 {
                    0 => stage.runner.settled("DELETE", &path, None).await.status,
                    1 => {
                        let more = json!({"credits": "3"});
                        stage.runner.settled("PATCH", &path, Some(&more)).await.status
                    }
                    _ => 204,
                }
            };
            let (recorded, changed) = tokio::join!(record, change);
            recorded.expect(200);
            assert!(matches!(changed, 200 | 204 | 403 | 409), "{changed}");
        }
    });
    join_all(runs).await;
    let (spent, held) = assert_whole(&stage).await;
    // Usage beyond a hold that was released meanwhile counts too.
    assert!(held <= 20_000_000, "{held}");
    assert!(spent > 0, "runs were recorded");
    stage.world.advance(600).await;
    assert_eq!(stage.hold("too large", "20").await, "budget_exceeded");
    let left = 20_000_000_u128.saturating_sub(spent);
    let rest = Credits::from_micro(left).to_string();
    if left > 0 {
        assert_eq!(stage.hold("the rest", &rest).await, "201");
        assert_eq!(assert_whole(&stage).await, (spent, left));
    }
}
