//! `GET /v1/orgs/{org_id}/invitations/{invitation_id}`

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn an_administrator_sees_an_invitation_with_its_delivery() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/invitations");
    let created = ann.post(&path, &json!({"email": "bob@example.com"})).await.expect(201);
    world.delivery(&org, &ann, "sent").await;
    let id = created["id"].as_str().unwrap();
    let response = ann.get(&format!("{path}/{id}")).await;
    let etag = response.headers["etag"].clone();
    let shown = response.expect(200);
    assert_eq!(etag, format!("\"{}\"", shown["version"]).as_str());
    assert_eq!((&shown["id"], &shown["email"]), (&created["id"], &json!("bob@example.com")));
    assert_eq!((&shown["status"], &shown["delivery"]), (&json!("pending"), &json!("sent")));
}

#[tokio::test]
async fn an_invitation_of_another_organization_is_unknown_here() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (org, other) = (world.org(&ann).await, world.org(&ann).await);
    let invitation = json!({"email": "bob@example.com"});
    let there = ann.post(&format!("/v1/orgs/{other}/invitations"), &invitation).await.expect(201);
    let there = there["id"].as_str().unwrap();
    for id in [there, "inv_019ab3c0d5e07f10a2b3c4d5e6f70813", "inv_1", "é"] {
        let response = ann.get(&format!("/v1/orgs/{org}/invitations/{id}")).await.to_string();
        assert_eq!(response, "404 invitation_not_found", "{id}");
    }
}

#[tokio::test]
async fn viewers_and_outsiders_do_not_see_an_invitation() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let eve = world.user("eve").await;
    let path = format!("/v1/orgs/{org}/invitations");
    let created = ann.post(&path, &json!({"email": "bob@example.com"})).await.expect(201);
    let path = format!("{path}/{}", created["id"].as_str().unwrap());
    assert_eq!(vic.get(&path).await.to_string(), "403 missing_permission needs administrator");
    // The response is the same for an invitation that does not exist.
    let unknown = format!("/v1/orgs/{org}/invitations/inv_1");
    assert_eq!(vic.get(&unknown).await.to_string(), "403 missing_permission needs administrator");
    assert_eq!(eve.get(&path).await.to_string(), "404 org_not_found");
    assert_eq!(world.nobody().get(&path).await.status, 401);
}
