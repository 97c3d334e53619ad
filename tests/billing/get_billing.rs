use serde_json::json;

use super::{account, get};
use crate::world::World;

#[tokio::test]
async fn by_default_the_creators_account_pays_and_the_creator_gets_the_bills() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let answer = ann.get(&format!("/v1/orgs/{org}/billing")).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let billing = answer.expect(200);
    assert_eq!(
        (&billing["mode"], &billing["account_id"], &billing["email"], &billing["version"]),
        (&json!("account"), &json!(account(&ann).await), &json!("ann@example.com"), &json!(1))
    );
    assert_eq!(
        billing["updated_at"],
        ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["created_at"]
    );
}

#[tokio::test]
async fn administrators_see_billing_even_in_a_deleted_organization_and_viewers_do_not() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "administrator").await;
    let cy = world.member(&org, &ann, "cy", "viewer").await;
    let denied = cy.get(&format!("/v1/orgs/{org}/billing")).await;
    assert_eq!((denied.status, denied.code()), (403, Some("missing_permission")));
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    assert_eq!(get(&bob, &org).await["mode"], "account");
}
