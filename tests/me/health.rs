use crate::world::World;

#[tokio::test]
async fn anybody_can_check_the_health() {
    let world = World::start().await;
    let answer = world.nobody().get("/v1/health").await;
    insta::assert_snapshot!(answer.text, @r#"{"status":"ok","version":"0.1.0"}"#);
}
