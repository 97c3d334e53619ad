//! The responses of API Gateway before a function runs.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_missing_or_invalid_token_is_401() {
    let world = World::start().await;
    let good = world.token(&json!({"sub": "ann"})).await;
    let answer = good.get("/v1/me").await;
    assert_eq!(answer.status, 200);
    let short = world.token(&json!({"sub": "ann", "ttl_seconds": 60})).await;
    world.advance(59).await;
    assert_eq!(short.get("/v1/me").await.status, 200);
    world.advance(1).await;
    let other = World::start().await;
    let foreign = other.token(&json!({"sub": "ann"})).await;
    let foreign = foreign.request("GET", "/").build().unwrap().headers()["authorization"]
        .to_str()
        .unwrap()["Bearer ".len()..]
        .to_owned();
    // {"alg":"none"}, {"sub":"ann","exp":9999999999,"iss":"…","aud":"organizations"}
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4iLCJleHAiOjk5OTk5OTk5OTksImF1ZCI6Im9yZ2FuaXphdGlvbnMifQ.";
    for (why, caller) in [
        ("none", world.nobody()),
        ("expired", short),
        ("signed elsewhere", world.bearer(&foreign)),
        ("unsigned", world.bearer(unsigned)),
        ("no token", world.bearer("x")),
        ("empty", world.bearer("")),
    ] {
        let answer = caller.get("/v1/me").await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (401, r#"{"message":"Unauthorized"}"#),
            "{why}"
        );
    }
    let basic = world.nobody().request("GET", "/v1/me").header("authorization", "Basic YTpi");
    assert_eq!(world.nobody().send(basic).await.status, 401);
}

#[tokio::test]
async fn a_subject_that_is_not_a_valid_user_id_is_401() {
    let world = World::start().await;
    let odd = world.token(&json!({"sub": "ün"})).await;
    assert_eq!(odd.get("/v1/me").await.status, 401);
}

#[tokio::test]
async fn an_unknown_route_is_404_for_every_caller() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    for (method, path) in [
        ("GET", "/v1"),
        ("GET", "/v1/"),
        ("GET", "/v2/me"),
        ("GET", "/v1/me/"),
        ("GET", "/v1//me"),
        ("PUT", "/v1/me"),
        ("HEAD", "/v1/me"),
        ("OPTIONS", "/v1/orgs"),
        ("GET", "/v1/orgs/"),
        ("DELETE", "/v1/orgs"),
    ] {
        for caller in [&ann, &world.nobody()] {
            let answer = caller.call(method, path, None).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            if method != "HEAD" {
                assert_eq!(answer.text, r#"{"message":"Not Found"}"#, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_request_over_ten_megabytes_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let huge = ann.request("POST", "/local/unknown").body(vec![b' '; 10 * 1024 * 1024 + 1]);
    let answer = ann.send(huge).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (413, r#"{"message":"Request Entity Too Large"}"#)
    );
}
