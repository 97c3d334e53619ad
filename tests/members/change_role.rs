use serde_json::{Value, json};

use crate::world::{Caller, World, encoded};

async fn change(caller: &Caller, org: &str, user: &str, role: &str) -> String {
    caller
        .patch(&format!("/v1/orgs/{org}/members/{user}"), &json!({"role": role}))
        .await
        .to_string()
}

#[tokio::test]
async fn an_administrator_changes_roles_below_owner() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    let answer = adam.patch(&path, &json!({"role": "administrator"})).await;
    assert_eq!(answer.headers["etag"], "\"2\"");
    let member = answer.expect(200);
    insta::assert_json_snapshot!(member, {".org_id" => "[org]", ".joined_at" => "[time]"}, @r#"
    {
      "org_id": "[org]",
      "user_id": "bob",
      "name": "Bob",
      "email": "bob@example.com",
      "role": "administrator",
      "joined_at": "[time]",
      "invited_by": "ann",
      "version": 2
    }
    "#);
    // The new role applies to the next request of the member.
    assert_eq!(change(&bob, &org, "adam", "viewer").await, "200");
    assert_eq!(adam.get(&format!("/v1/orgs/{org}")).await.expect(200)["role"], "viewer");
    insta::assert_snapshot!(change(&adam, &org, "bob", "viewer").await, @"403 missing_permission needs administrator");
    world.assert_whole(&org).await;
    let audit = world.audit(&org).await;
    let last = audit.last().unwrap();
    assert_eq!(
        (&last["action"]["S"], &last["target"]["S"]),
        (&json!("change_role"), &json!("adam"))
    );
    assert_eq!(
        (&last["before"]["M"]["role"]["S"], &last["after"]["M"]["role"]["S"]),
        (&json!("administrator"), &json!("viewer"))
    );
    assert_eq!(
        (&last["before"]["M"]["version"]["N"], &last["after"]["M"]["version"]["N"]),
        (&json!("1"), &json!("2"))
    );
}

#[tokio::test]
async fn an_administrator_can_neither_change_nor_make_an_owner_in_any_spelling() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    world.member(&org, &ann, "bob", "viewer").await;
    insta::assert_snapshot!(change(&adam, &org, "ann", "viewer").await, @"403 owner_protected needs owner by guard.only-owners-touch-owners");
    insta::assert_snapshot!(change(&adam, &org, "ann", "owner").await, @"403 owner_protected needs owner by guard.only-owners-make-owners, guard.only-owners-touch-owners");
    insta::assert_snapshot!(change(&adam, &org, "bob", "owner").await, @"403 owner_grant needs owner by guard.only-owners-make-owners");
    insta::assert_snapshot!(change(&adam, &org, "adam", "owner").await, @"403 owner_grant needs owner by guard.only-owners-make-owners");
    for role in [
        json!("Owner"),
        json!("administrator,owner"),
        json!(["owner"]),
        json!("owner "),
        json!({"role": "owner"}),
        json!(null),
        json!(1),
    ] {
        let answer =
            adam.patch(&format!("/v1/orgs/{org}/members/bob"), &json!({"role": role})).await;
        assert_eq!((answer.status, answer.code()), (422, Some("validation_failed")), "{role}");
    }
    let twice = adam
        .request("PATCH", &format!("/v1/orgs/{org}/members/bob"))
        .header("content-type", "application/json")
        .body(r#"{"role":"viewer","role":"owner"}"#);
    assert_eq!(adam.send(twice).await.code(), Some("owner_grant"));
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn the_last_owner_cannot_step_down_but_one_of_two_can() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    insta::assert_snapshot!(change(&ann, &org, "ann", "administrator").await, @"409 last_owner");
    assert_eq!(change(&ann, &org, "bob", "owner").await, "200");
    assert_eq!(bob.get(&format!("/v1/orgs/{org}")).await.expect(200)["owner_count"], 2);
    assert_eq!(change(&ann, &org, "ann", "viewer").await, "200");
    insta::assert_snapshot!(change(&bob, &org, "bob", "viewer").await, @"409 last_owner");
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn a_demoted_payer_stops_paying() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    assert_eq!(change(&ann, &org, "bob", "owner").await, "200");
    let billing = async || {
        let items = world.items(0).await;
        items.iter().find(|item| item["SK"]["S"] == "META").unwrap()["billing"]["M"].clone()
    };
    let pays = |billing: Value| {
        (
            billing["mode"]["S"].clone(),
            billing["payer"]["S"].clone(),
            billing["version"]["N"].clone(),
        )
    };
    assert_eq!(pays(billing().await), (json!("account"), json!("ann"), json!("1")));
    assert_eq!(change(&ann, &org, "ann", "viewer").await, "200");
    assert_eq!(pays(billing().await), (json!("independent"), Value::Null, json!("2")));
    assert_eq!(
        world.audit(&org).await.last().unwrap()["after"]["M"]["billing_mode"]["S"],
        "independent"
    );
}

#[tokio::test]
async fn the_current_role_changes_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let before = world.audit(&org).await.len();
    let member = ann
        .patch(&format!("/v1/orgs/{org}/members/bob"), &json!({"role": "viewer"}))
        .await
        .expect(200);
    assert_eq!(member["version"], 1);
    assert_eq!(
        ann.patch(&format!("/v1/orgs/{org}/members/ann"), &json!({"role": "owner"}))
            .await
            .expect(200)["version"],
        1
    );
    assert_eq!(world.audit(&org).await.len(), before);
}

#[tokio::test]
async fn a_response_without_changes_is_replayed_too() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    let body = json!({"role": "administrator"});
    let first = ann.keyed("PATCH", &path, "k", &body).await;
    assert_eq!(change(&ann, &org, "bob", "viewer").await, "200");
    let again = ann.keyed("PATCH", &path, "k", &body).await;
    assert_eq!(
        (again.status, again.text, again.headers["idempotency-replayed"].as_str()),
        (200, first.text, "true")
    );
    assert_eq!(ann.get(&path).await.expect(200)["role"], "viewer");
    assert_eq!(
        ann.keyed("PATCH", &path, "k", &json!({"role": "owner"})).await.code(),
        Some("idempotency_key_reused")
    );
}

#[tokio::test]
async fn a_stale_version_is_412() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    let matching = async |tag: &str, role: &str| {
        let request = ann
            .request("PATCH", &format!("/v1/orgs/{org}/members/bob"))
            .header("if-match", tag)
            .header("content-type", "application/json");
        ann.send(request.body(json!({"role": role}).to_string())).await.to_string()
    };
    assert_eq!(matching("\"1\"", "administrator").await, "200");
    insta::assert_snapshot!(matching("\"1\"", "viewer").await, @"412 version_mismatch");
    for stale in ["2", "W/\"2\"", "\"3\"", "", "\"\"", "x"] {
        assert_eq!(matching(stale, "viewer").await, "412 version_mismatch", "{stale}");
    }
    assert_eq!(matching("\"1\", \"2\"", "viewer").await, "200");
    assert_eq!(matching("*", "administrator").await, "200");
}

#[tokio::test]
async fn an_unknown_or_invalid_user_id_is_404() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    for user in ["nobody", "%00", "%ff", "%F0%9F%92%A9", &"u".repeat(256), "META", "..%2Fann"] {
        assert_eq!(change(&ann, &org, user, "viewer").await, "404 member_not_found", "{user}");
    }
    // The body is validated before the target is looked up.
    assert_eq!(
        change(&ann, &org, "nobody", "boss").await,
        "422 validation_failed /role:invalid_value"
    );
}

#[tokio::test]
async fn a_user_id_can_hold_any_printable_character() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let odd = "auth0|65f0/é".replace('é', "?#%&+ ~");
    let token = world.invite(&org, &ann, "odd@example.com", "viewer").await;
    let person =
        world.token(&json!({"sub": odd, "email": "odd@example.com", "email_verified": true})).await;
    person.post("/v1/invitations/accept", &json!({"token": token})).await.expect(200);
    let member = ann
        .patch(
            &format!("/v1/orgs/{org}/members/{}", encoded(&odd)),
            &json!({"role": "administrator"}),
        )
        .await
        .expect(200);
    assert_eq!(member["user_id"], odd.as_str());
}

#[tokio::test]
async fn a_caller_without_the_permission_is_denied_before_the_body_is_read() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let eve = world.user("eve").await;
    let bad = |caller: &Caller| {
        caller
            .request("PATCH", &format!("/v1/orgs/{org}/members/nobody"))
            .header("if-match", "x")
            .header("idempotency-key", "")
            .body("{")
    };
    insta::assert_snapshot!(vic.send(bad(&vic)).await, @"403 missing_permission needs administrator");
    insta::assert_snapshot!(eve.send(bad(&eve)).await, @"404 org_not_found");
}

#[tokio::test]
async fn a_suspended_or_deleted_organization_allows_only_demotions() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "administrator").await;
    world.suspend(&org).await;
    insta::assert_snapshot!(change(&ann, &org, "bob", "owner").await, @"403 org_not_active by guard.org-not-active");
    assert_eq!(change(&ann, &org, "bob", "viewer").await, "200");
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    insta::assert_snapshot!(change(&ann, &org, "bob", "administrator").await, @"403 org_not_active by guard.org-not-active");
}

#[tokio::test]
async fn a_repeated_change_replays_the_response_even_after_the_permission_is_lost() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    world.member(&org, &ann, "bob", "viewer").await;
    let path = format!("/v1/orgs/{org}/members/bob");
    let first = adam.keyed("PATCH", &path, "k", &json!({"role": "administrator"})).await;
    assert_eq!(first.status, 200);
    assert_eq!(ann.delete(&format!("/v1/orgs/{org}/members/adam")).await.status, 204);
    let again = adam.keyed("PATCH", &path, "k", &json!({"role": "administrator"})).await;
    assert_eq!(
        (again.status, again.text, again.headers["idempotency-replayed"].as_str()),
        (200, first.text, "true")
    );
    insta::assert_snapshot!(adam.keyed("PATCH", &path, "k2", &json!({"role": "administrator"})).await, @"404 org_not_found");
}
