use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn an_administrator_sees_the_policies_and_there_are_none_by_default() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let path = format!("/v1/orgs/{org}/policies");
    let answer = adam.get(&path).await;
    assert_eq!(answer.headers["etag"], "\"0\"");
    assert_eq!(answer.expect(200), json!({"policies": "", "version": 0}));
    insta::assert_snapshot!(vic.get(&path).await, @"403 missing_permission needs administrator");
    let set = ann.call("PUT", &path, Some(&json!({"policies": "// none yet"}))).await.expect(200);
    assert_eq!(adam.get(&path).await.expect(200), set);
}
