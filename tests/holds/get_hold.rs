use serde_json::json;

use super::stage;

#[tokio::test]
async fn administrators_see_a_hold_and_other_organizations_do_not_have_it() {
    let stage = stage("10").await;
    assert_eq!(stage.hold("run 1/ä".trim_end_matches('ä'), "4").await, "201");
    let path = format!("{}/run%201%2F", stage.path());
    assert_eq!(stage.runner.get(&path).await.expect(200)["id"], "run 1/");
    let adam = stage.world.member(&stage.org, &stage.ann, "adam", "administrator").await;
    assert_eq!(adam.get(&path).await.expect(200)["credits"], "4");
    let vic = stage.world.member(&stage.org, &stage.ann, "vic", "viewer").await;
    assert_eq!(vic.get(&path).await.status, 403);
    let other = stage.world.org(&stage.ann).await;
    for id in ["run%201%2F", "none", &"x".repeat(129)] {
        let answer = stage.runner.get(&format!("/v1/orgs/{other}/holds/{id}")).await;
        assert_eq!((answer.status, &answer.body["code"]), (404, &json!("hold_not_found")), "{id}");
    }
    let eve = stage.world.user("eve").await;
    assert_eq!(eve.get(&path).await.body["code"], "org_not_found");
}
