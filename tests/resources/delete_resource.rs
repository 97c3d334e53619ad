use serde_json::json;

use super::resource;
use crate::world::World;

#[tokio::test]
async fn an_administrator_deletes_a_resource_once() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let id = resource(&ann, &org, "agent", "standard").await;
    let path = format!("/v1/orgs/{org}/resources/{id}");
    insta::assert_snapshot!(vic.delete(&path).await, @"403 missing_permission needs administrator");
    adam.keyed("DELETE", &path, "k", &json!({})).await.expect(204);
    assert_eq!(adam.delete(&path).await.to_string(), "404 resource_not_found");
    assert_eq!(adam.keyed("DELETE", &path, "k", &json!({})).await.status, 204);
    assert_eq!(adam.get(&path).await.to_string(), "404 resource_not_found");
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["target"]["S"]),
        (&json!("delete_resource"), &json!(id))
    );
    assert_eq!((&last["before"]["M"]["name"]["S"], last["after"].is_null()), (&json!("One"), true));
}

#[tokio::test]
async fn nothing_is_deleted_from_a_suspended_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let id = resource(&ann, &org, "agent", "standard").await;
    world.suspend(&org).await;
    insta::assert_snapshot!(ann.delete(&format!("/v1/orgs/{org}/resources/{id}")).await, @"403 org_not_active by guard.org-not-active");
}
