use serde_json::{Value, json};

use crate::resources::{owners_only, resource};
use crate::world::{Answer, Caller, World};

async fn check(caller: &Caller, org: &str, checks: Value) -> Answer {
    caller.post(&format!("/v1/orgs/{org}/access"), &json!({"checks": checks})).await
}

/// Formats each result as a line.
fn summary(answer: Answer) -> String {
    let answer = answer.expect(200);
    let lines = answer["results"].as_array().unwrap().iter().map(|result| {
        let list = |name: &str| {
            result[name]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let text = |name: &str| result[name].as_str().unwrap_or("-").to_owned();
        assert_eq!(result["detail"].is_null(), result["code"].is_null());
        format!(
            "{} {} needs {} by [{}]",
            text("decision"),
            text("code"),
            text("required_role"),
            list("policies")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_member_checks_their_own_permissions_and_sees_the_reasons() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let agent = resource(&ann, &org, "agent", "standard").await;
    owners_only(&ann, &org).await;
    let checks = json!([
        {"action": "change_role", "user_id": "vic", "role": "administrator"},
        {"action": "change_role", "user_id": "ann", "role": "viewer"},
        {"action": "change_role", "user_id": "vic", "role": "owner"},
        {"action": "remove_member", "user_id": "nobody"},
        {"action": "invite_member"},
        {"action": "invite_member", "role": "owner"},
        {"action": "create_resource", "cost_class": "high"},
        {"action": "update_resource", "resource_id": agent, "cost_class": "high"},
        {"action": "update_resource", "resource_id": agent},
        {"action": "delete_resource", "resource_id": "res_01980000000070008000000000000000"},
        {"action": "use_resource", "resource_id": agent, "estimated_credits": "5"},
        {"action": "update_org", "settings": true},
        {"action": "update_org"},
        {"action": "delete_org"},
        {"action": "get_member", "user_id": "nobody"},
        {"action": "get_resource", "resource_id": agent},
        {"action": "leave_org"},
        {"action": "set_plan"},
    ]);
    insta::assert_snapshot!(summary(check(&adam, &org, checks.clone()).await), @"
    allow - needs - by [permit.administrator]
    deny owner_protected needs owner by [guard.only-owners-touch-owners]
    deny owner_grant needs owner by [guard.only-owners-make-owners]
    deny member_not_found needs - by []
    allow - needs - by [permit.administrator]
    deny owner_grant needs owner by [guard.only-owners-make-owners]
    deny high_cost_restricted needs owner by [guard.high-cost]
    deny high_cost_restricted needs owner by [guard.high-cost-raise]
    allow - needs - by [permit.administrator]
    deny resource_not_found needs - by []
    allow - needs - by [permit.viewer]
    deny missing_permission needs owner by [guard.only-owners-change-settings]
    allow - needs - by [permit.administrator]
    deny missing_permission needs owner by []
    deny member_not_found needs - by []
    allow - needs - by [permit.viewer]
    allow - needs - by [permit.member-leaves]
    deny missing_permission needs - by []
    ");
    insta::assert_snapshot!(summary(check(&vic, &org, checks).await), @"
    deny missing_permission needs administrator by []
    deny owner_protected needs owner by [guard.only-owners-touch-owners]
    deny owner_grant needs owner by [guard.only-owners-make-owners]
    deny missing_permission needs administrator by []
    deny missing_permission needs administrator by []
    deny owner_grant needs owner by [guard.only-owners-make-owners]
    deny high_cost_restricted needs owner by [guard.high-cost]
    deny high_cost_restricted needs owner by [guard.high-cost-raise]
    deny missing_permission needs administrator by []
    deny missing_permission needs administrator by []
    allow - needs - by [permit.viewer]
    deny missing_permission needs owner by [guard.only-owners-change-settings]
    deny missing_permission needs administrator by []
    deny missing_permission needs owner by []
    deny member_not_found needs - by []
    allow - needs - by [permit.viewer]
    allow - needs - by [permit.member-leaves]
    deny missing_permission needs - by []
    ");
}

#[tokio::test]
async fn a_check_gives_the_same_denial_as_the_action() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    world.suspend(&org).await;
    let answer = check(&vic, &org, json!([{"action": "invite_member"}])).await.expect(200);
    let refused = vic
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "eve@example.com"}))
        .await;
    let result = &answer["results"][0];
    for field in ["code", "detail", "policies"] {
        assert_eq!(result[field], refused.body[field], "{field}");
    }
}

#[tokio::test]
async fn a_service_client_checks_access_for_a_member() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "vic", "viewer").await;
    let agent = resource(&ann, &org, "agent", "standard").await;
    let program = world.service("access:check").await;
    let checks = json!([
        {"action": "use_resource", "resource_id": agent, "as_user_id": "vic"},
        {"action": "use_resource", "resource_id": agent, "as_user_id": "eve"},
        {"action": "use_resource", "resource_id": "x", "as_user_id": "vic"},
        {"action": "create_resource", "as_user_id": "vic"},
        {"action": "create_resource", "as_user_id": "ann"},
        {"action": "leave_org", "as_user_id": "vic"},
        {"action": "get_org"},
    ]);
    insta::assert_snapshot!(summary(check(&program, &org, checks).await), @"
    allow - needs - by [permit.viewer]
    deny member_not_found needs - by []
    deny resource_not_found needs - by []
    deny missing_permission needs administrator by []
    allow - needs - by [permit.administrator]
    allow - needs - by [permit.member-leaves]
    deny org_not_found needs - by []
    ");
    // `as_user_id` of the request is the default for all checks.
    let body = json!({"as_user_id": "vic", "checks": [{"action": "get_org"}, {"action": "delete_org"}, {"action": "delete_org", "as_user_id": "ann"}]});
    insta::assert_snapshot!(summary(program.post(&format!("/v1/orgs/{org}/access"), &body).await), @"
    allow - needs - by [permit.viewer]
    deny missing_permission needs owner by []
    allow - needs - by [permit.owner]
    ");
    assert_eq!(
        check(&world.service("usage:write").await, &org, json!([{"action": "get_org"}]))
            .await
            .to_string(),
        "404 org_not_found"
    );
}

#[tokio::test]
async fn a_member_cannot_check_access_for_somebody_else() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "vic", "viewer").await;
    assert_eq!(
        summary(check(&ann, &org, json!([{"action": "get_org", "as_user_id": "ann"}])).await),
        "allow - needs - by [permit.viewer]"
    );
    assert_eq!(
        check(&ann, &org, json!([{"action": "get_org", "as_user_id": "vic"}])).await.to_string(),
        "403 missing_permission by guard.only-services-check-others"
    );
}

#[tokio::test]
async fn the_policies_of_the_organization_are_evaluated_too() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "vic", "viewer").await;
    let (agent, source) = (
        resource(&ann, &org, "agent", "standard").await,
        resource(&ann, &org, "source", "standard").await,
    );
    let text = r#"@id("no-agents") forbid (principal, action == Orgs::Action::"use_resource", resource)
        when { resource.kind == Orgs::ResourceKind::"agent" } unless { principal in Orgs::Role::"administrator" };"#;
    ann.call("PUT", &format!("/v1/orgs/{org}/policies"), Some(&json!({"policies": text})))
        .await
        .expect(200);
    let program = world.service("access:check").await;
    let body = json!({"as_user_id": "vic", "checks": [{"action": "use_resource", "resource_id": agent}, {"action": "use_resource", "resource_id": source}]});
    insta::assert_snapshot!(summary(program.post(&format!("/v1/orgs/{org}/access"), &body).await), @"
    deny org_policy needs administrator by [own.no-agents]
    allow - needs - by [permit.viewer]
    ");
}

#[tokio::test]
async fn thirty_checks_are_one_read() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let program = world.service("access:check").await;
    let checks: Vec<Value> = (0..30)
        .map(|n| json!({"action": "change_role", "user_id": format!("u{n}"), "role": "viewer", "as_user_id": format!("a{n}")}))
        .collect();
    world.host.call_log().take("check_access");
    check(&program, &org, Value::from(checks)).await.expect(200);
    assert_eq!(world.host.call_log().take("check_access").calls, ["BatchGetItem"]);
}

#[tokio::test]
async fn bad_input_points_at_its_field() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let many: Vec<Value> = (0..31).map(|_| json!({"action": "get_org"})).collect();
    for (checks, wanted) in [
        (json!([]), "422 validation_failed /checks:invalid_length"),
        (Value::from(many), "422 validation_failed /checks:invalid_length"),
        (json!([{}]), "422 validation_failed /checks/0/action:missing_field"),
        (
            json!([{"action": "get_org"}, {"action": "get_orgs"}]),
            "422 validation_failed /checks/1/action:invalid_value",
        ),
        (json!([{"action": "create_org"}]), "422 validation_failed /checks/0/action:invalid_value"),
        (
            json!([{"action": "accept_invitation"}]),
            "422 validation_failed /checks/0/action:invalid_value",
        ),
        (
            json!([{"action": "change_role", "role": "viewer"}]),
            "422 validation_failed /checks/0/user_id:missing_field",
        ),
        (
            json!([{"action": "change_role", "user_id": "ann"}]),
            "422 validation_failed /checks/0/role:missing_field",
        ),
        (
            json!([{"action": "use_resource"}]),
            "422 validation_failed /checks/0/resource_id:missing_field",
        ),
        (
            json!([{"action": "get_org", "role": "viewer"}]),
            "422 validation_failed /checks/0/role:unknown_field",
        ),
        (
            json!([{"action": "invite_member", "role": "boss"}]),
            "422 validation_failed /checks/0/role:invalid_value",
        ),
        (
            json!([{"action": "use_resource", "resource_id": "x", "estimated_credits": "-1"}]),
            "422 validation_failed /checks/0/estimated_credits:invalid_value",
        ),
        (
            json!([{"action": "get_org", "as_user_id": ""}]),
            "422 validation_failed /checks/0/as_user_id:invalid_value",
        ),
        (
            json!([{"action": "get_org", "nonsense": 1}]),
            "422 validation_failed /checks/0/nonsense:unknown_field",
        ),
    ] {
        assert_eq!(check(&ann, &org, checks.clone()).await.to_string(), wanted, "{checks}");
    }
}
