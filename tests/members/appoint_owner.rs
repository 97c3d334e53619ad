//! `POST /v1/orgs/{org_id}/owners`

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_operator_appoints_an_owner_so_that_the_former_owner_can_be_forgotten() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let operator = world.service("orgs:operate").await;
    assert_eq!(operator.delete("/v1/users/ann").await.to_string(), "409 last_owner");
    let member = operator
        .post(&format!("/v1/orgs/{org}/owners"), &json!({"user_id": "bob"}))
        .await
        .expect(200);
    assert_eq!((&member["role"], &member["version"]), (&json!("owner"), &json!(2)));
    assert_eq!(operator.delete("/v1/users/ann").await.status, 204);
    assert_eq!(bob.get(&format!("/v1/orgs/{org}")).await.expect(200)["owner_count"], 1);
    world.assert_whole(&org).await;
    let actors: Vec<_> = world
        .audit(&org)
        .await
        .iter()
        .rev()
        .take(2)
        .map(|record| record["actor"]["M"]["user_id"]["S"].clone())
        .collect();
    assert_eq!(actors, [json!("meter"), json!("meter")]);
}

#[tokio::test]
async fn appointing_an_owner_again_changes_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    let before = world.audit(&org).await.len();
    let path = format!("/v1/orgs/{org}/owners");
    let member = operator.keyed("POST", &path, "k", &json!({"user_id": "ann"})).await.expect(200);
    assert_eq!(member["version"], 1);
    let again = operator.keyed("POST", &path, "k", &json!({"user_id": "ann"})).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(world.audit(&org).await.len(), before);
}

#[tokio::test]
async fn appointing_needs_the_scope_and_a_member() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/owners");
    let (operator, meter) =
        (world.service("orgs:operate").await, world.service("usage:write").await);
    let body = json!({"user_id": "bob"});
    assert_eq!(meter.post(&path, &body).await.to_string(), "404 org_not_found");
    assert_eq!(ann.post(&path, &body).await.to_string(), "403 missing_permission");
    assert_eq!(
        operator.post(&path, &json!({"user_id": "cy"})).await.to_string(),
        "404 member_not_found"
    );
    assert_eq!(
        operator.post("/v1/orgs/org_none/owners", &body).await.to_string(),
        "404 org_not_found"
    );
}

#[tokio::test]
async fn a_suspended_and_a_deleted_organization_get_an_owner_too() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let (bob, cy) = (
        world.member(&org, &ann, "bob", "viewer").await,
        world.member(&org, &ann, "cy", "viewer").await,
    );
    let operator = world.service("orgs:operate").await;
    let appoint = async |user: &str| {
        operator.post(&format!("/v1/orgs/{org}/owners"), &json!({"user_id": user})).await
    };
    world.suspend(&org).await;
    appoint("bob").await.expect(200);
    assert_eq!(operator.delete("/v1/users/ann").await.status, 204);
    bob.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    appoint("cy").await.expect(200);
    assert_eq!(operator.delete("/v1/users/bob").await.status, 204);
    cy.post(&format!("/v1/orgs/{org}/restore"), &json!({})).await.expect(200);
    world.assert_whole(&org).await;
}
