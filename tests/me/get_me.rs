use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_person_sees_the_claims_of_the_token_and_their_account() {
    let world = World::start().await;
    let answer = world.user("ann").await.get("/v1/me").await;
    insta::assert_snapshot!(answer.text, @r#"{"user_id":"ann","email":"ann@example.com","email_verified":true,"name":"Ann","account_id":"acct_49915e0d7d4b402e3017d010bc1c0e83"}"#);
}

#[tokio::test]
async fn missing_claims_are_null() {
    let world = World::start().await;
    let bare = world.token(&json!({"sub": "auth0|65f0"})).await.get("/v1/me").await;
    insta::assert_snapshot!(bare.text, @r#"{"user_id":"auth0|65f0","email":null,"email_verified":false,"name":null,"account_id":"acct_ed43deba729793377d3c0a035d575621"}"#);
}

#[tokio::test]
async fn an_address_that_cannot_receive_mail_is_null() {
    let world = World::start().await;
    let person =
        world.token(&json!({"sub": "x", "email": "not an address", "email_verified": true})).await;
    assert_eq!(person.get("/v1/me").await.expect(200)["email"], json!(null));
}
