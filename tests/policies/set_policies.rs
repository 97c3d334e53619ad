use serde_json::{Value, json};

use crate::world::{Answer, Caller, World};

async fn set(caller: &Caller, org: &str, policies: &str) -> Answer {
    caller
        .call("PUT", &format!("/v1/orgs/{org}/policies"), Some(&json!({"policies": policies})))
        .await
}

const OWNERS_INVITE: &str = r#"
@id("owners-invite") @reason("here, owners invite")
forbid (principal, action in [Orgs::Action::"invite_member", Orgs::Action::"invite_members"], resource)
unless { principal in Orgs::Role::"owner" };
"#;

#[tokio::test]
async fn policies_apply_from_the_next_request_on() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let invite = async |caller: &Caller, email: &str| {
        caller.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": email})).await
    };
    invite(&adam, "one@example.com").await.expect(201);
    let answer = set(&ann, &org, OWNERS_INVITE).await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    assert_eq!(answer.expect(200), json!({"policies": OWNERS_INVITE, "version": 1}));
    let refused = invite(&adam, "two@example.com").await;
    insta::assert_snapshot!(refused, @"403 org_policy needs owner by own.owners-invite");
    assert_eq!(refused.body["detail"], "here, owners invite");
    let bulk = adam
        .post(
            &format!("/v1/orgs/{org}/invitations/bulk"),
            &json!({"invitations": [{"email": "two@example.com"}]}),
        )
        .await;
    insta::assert_snapshot!(bulk, @"403 org_policy needs owner by own.owners-invite");
    invite(&ann, "two@example.com").await.expect(201);
    // Removing the policies allows the actions again.
    assert_eq!(set(&ann, &org, "").await.expect(200), json!({"policies": "", "version": 2}));
    invite(&adam, "three@example.com").await.expect(201);
    let audit = world.audit(&org).await;
    let changes: Vec<&Value> =
        audit.iter().filter(|record| record["action"]["S"] == "set_policies").collect();
    assert_eq!(changes.len(), 2);
    assert_eq!(
        (changes[0]["before"].is_null(), &changes[1]["before"]["M"]["policies"]["S"]),
        (true, &json!(OWNERS_INVITE))
    );
}

#[tokio::test]
async fn owners_can_always_change_the_policies() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    set(&ann, &org, "forbid (principal, action, resource);").await.expect(200);
    let path = format!("/v1/orgs/{org}");
    insta::assert_snapshot!(ann.get(&path).await, @"403 org_policy by own.policy0");
    // Nobody is locked in or out, and service clients are not affected.
    let bob = world.user("bob").await;
    bob.post("/v1/invitations/accept", &json!({"token": token})).await.expect(200);
    vic.post(&format!("{path}/leave"), &json!({})).await.expect(204);
    world.plan(&org, &json!({"seat_limit": 9})).await;
    ann.delete(&path).await.expect(204);
    ann.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    ann.get(&format!("{path}/policies")).await.expect(200);
    set(&ann, &org, "").await.expect(200);
    ann.get(&path).await.expect(200);
    world.assert_whole(&org).await;
}

#[tokio::test]
async fn an_invalid_policy_is_rejected_with_its_position() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let refused =
        set(&ann, &org, "forbid (principal, action, resource)\n  when { context.nothing };\npermit (principal, action, resource);").await;
    assert_eq!(refused.status, 422);
    let errors: Vec<(&str, &str, &str)> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["pointer"].as_str().unwrap(),
                error["code"].as_str().unwrap(),
                error["detail"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(
        errors
            .iter()
            .all(|(pointer, code, _)| (*pointer, *code) == ("/policies", "invalid_policy")),
        "{errors:?}"
    );
    assert!(
        errors.iter().any(|(_, _, detail)| detail.starts_with("line 2, column 10: ")),
        "{errors:?}"
    );
    assert!(
        errors
            .iter()
            .any(|(_, _, detail)| detail.starts_with("line 3, column 1: only `forbid` is allowed")),
        "{errors:?}"
    );
    for bad in [
        "forbid",
        &"forbid (principal, action, resource);".repeat(21),
        &format!(
            "forbid (principal, action, resource) when {{ {}true{} }};",
            "(".repeat(400),
            ")".repeat(400)
        ),
        // Cedar ends a comment at a carriage return.
        &format!(
            "// x\rforbid (principal, action, resource) when {{ {}true{} }};",
            "(".repeat(400),
            ")".repeat(400)
        ),
        &format!("// x\r{}", "forbid (principal, action, resource);".repeat(21)),
        // Validation would take minutes.
        &format!(
            "forbid (principal, action, resource) when {{ resource is Orgs::Organization && resource has org{} }};",
            ".org".repeat(450)
        ),
    ] {
        assert_eq!(
            set(&ann, &org, bad).await.to_string(),
            "422 validation_failed /policies:invalid_policy",
            "{bad}"
        );
    }
    for (body, wanted) in [
        (json!({}), "422 validation_failed /policies:missing_field"),
        (json!({"policies": null}), "422 validation_failed /policies:wrong_type"),
        (json!({"policies": "", "version": 1}), "422 validation_failed /version:unknown_field"),
    ] {
        assert_eq!(
            ann.call("PUT", &format!("/v1/orgs/{org}/policies"), Some(&body)).await.to_string(),
            wanted,
            "{body}"
        );
    }
    assert_eq!(ann.get(&format!("/v1/orgs/{org}/policies")).await.expect(200)["version"], 0);
}

#[tokio::test]
async fn a_stale_version_is_rejected_and_the_same_text_changes_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let with = async |tag: &str, policies: &str| {
        let request =
            ann.request("PUT", &format!("/v1/orgs/{org}/policies")).header("if-match", tag);
        ann.send(
            request
                .header("content-type", "application/json")
                .body(json!({"policies": policies}).to_string()),
        )
        .await
    };
    assert_eq!(with("\"1\"", "// a").await.to_string(), "412 version_mismatch");
    assert_eq!(with("\"0\"", "// a").await.expect(200)["version"], 1);
    assert_eq!(with("\"0\"", "// b").await.to_string(), "412 version_mismatch");
    assert_eq!(with("\"1\"", "// a").await.expect(200)["version"], 1);
    assert_eq!(world.count_audit(&org).await, 2);
}

#[tokio::test]
async fn only_owners_set_policies() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    insta::assert_snapshot!(set(&adam, &org, OWNERS_INVITE).await, @"403 missing_permission needs owner");
    insta::assert_snapshot!(set(&adam, &org, "nonsense").await, @"403 missing_permission needs owner");
    world.suspend(&org).await;
    insta::assert_snapshot!(set(&ann, &org, OWNERS_INVITE).await, @"403 org_not_active by guard.org-not-active");
}
