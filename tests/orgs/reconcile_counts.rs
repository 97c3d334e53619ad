//! `reconcile_counts`: counts the members of every organization and compares them with the stored counts.

use serde_json::json;

use crate::world::World;

/// Returns the calls of the last run to DynamoDB.
fn calls(world: &World) -> Vec<String> {
    world.host.call_log().take("reconcile_counts").calls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_runs_once_a_day_at_a_full_hour() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    world.org(&ann).await;
    world.advance(3600).await;
    let first = calls(&world);
    assert_eq!(first.iter().filter(|call| *call == "Scan").count(), 4, "{first:?}");
    assert!(first.iter().any(|call| call == "Query"), "{first:?}");
    world.advance(3600).await;
    assert!(
        calls(&world).iter().all(|call| call == "BatchGetItem"),
        "the pass of this day is complete"
    );
    world.advance_days(1).await;
    assert!(calls(&world).iter().any(|call| call == "Scan"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_counted_again_and_not_repaired() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (whole, wrong) = (world.org(&ann).await, world.org(&ann).await);
    world
        .change(
            &format!("ORG#{wrong}"),
            "META",
            "SET member_count = :n",
            &json!({":n": {"N": "7"}}),
        )
        .await;
    world.advance(3600).await;
    let counted = calls(&world).iter().filter(|call| *call == "Query").count();
    assert_eq!(counted, 4, "a correct organization is counted once, an incorrect one three times");
    assert_eq!(stored_member_count(&world, &whole).await, 1);
    assert_eq!(stored_member_count(&world, &wrong).await, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_resumes_where_the_last_run_ended() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = format!("ORG#{}", world.org(&ann).await);
    let segment = world.segment_of(&org, "META").await.to_string();
    let position = json!({"M": {"after_pk": {"S": org}, "after_sk": {"S": "META"}}});
    world
        .put_items(
            0,
            &[json!({"PK": {"S": "RECOUNT"}, "SK": {"S": segment}, "position": position})],
        )
        .await;
    world.advance(3600).await;
    assert!(
        calls(&world).iter().all(|call| call != "Query"),
        "the previous run has counted the organization"
    );
    let kept = world.item("RECOUNT", &segment).await;
    assert!(kept["finished_at"]["S"].is_string() && !kept["position"]["M"].is_object(), "{kept}");
    world.advance_days(1).await;
    assert!(
        calls(&world).iter().any(|call| call == "Query"),
        "the next pass starts from the beginning"
    );
}

async fn stored_member_count(world: &World, org: &str) -> u64 {
    world.user("ann").await.get(&format!("/v1/orgs/{org}")).await.expect(200)["member_count"]
        .as_u64()
        .unwrap()
}
