//! Sends a request to every route as every kind of caller. The route table drives the tests.

use std::collections::BTreeMap;

use orgs_functions::registry::ACTIONS;
use orgs_runtime::action::Trigger;
use serde_json::{Value, json};

use crate::resources::resource;
use crate::world::{Caller, World, opt_out_in};

/// Returns a valid request to the function: its body, and the user that the path names.
///
/// A function with a body needs a sample here, and every function a row in `expected.txt`.
fn sample(function: &str, token: &str) -> Option<(Option<Value>, &'static str)> {
    let sample = match function {
        "transfer_ownership" | "appoint_owner" => (Some(json!({"user_id": "tom"})), ""),
        "add_member" => {
            (Some(json!({"user_id": "new", "email": "new@example.com", "role": "viewer"})), "")
        }
        "create_org" => (Some(json!({"name": "Acme"})), ""),
        "update_org" => (Some(json!({"name": "New"})), ""),
        "set_plan" => (Some(json!({"seat_limit": 10})), ""),
        "create_resource" => (Some(json!({"kind": "agent", "name": "One"})), ""),
        "update_resource" => (Some(json!({"name": "Two"})), ""),
        "check_access" => (Some(json!({"checks": [{"action": "get_org"}]})), ""),
        "set_policies" => (Some(json!({"policies": ""})), ""),
        "change_role" => (Some(json!({"role": "administrator"})), "tom"),
        "invite_member" => (Some(json!({"email": "new@example.com"})), ""),
        "invite_members" => (Some(json!({"invitations": [{"email": "new@example.com"}]})), ""),
        "preview_invitation" | "accept_invitation" | "decline_invitation" => {
            (Some(json!({"token": token})), "")
        }
        "record_usage" => (
            Some(
                json!({"events": [{"id": "e", "timestamp": "2026-01-01T00:00:00Z", "kind": "chat", "credits": "1"}]}),
            ),
            "",
        ),
        "create_hold" => (Some(json!({"id": "run", "credits": "1", "expires_in": 60})), ""),
        "update_hold" => (Some(json!({"credits": "1"})), ""),
        "void_usage" => (Some(json!({"ids": ["e"]})), ""),
        "set_budget" => (Some(json!({"monthly_credits": "1000"})), ""),
        "set_billing" => (Some(json!({"mode": "independent"})), ""),
        function => {
            let action = ACTIONS.iter().find(|action| action.name() == function)?;
            if action.schemas.body.is_some() {
                return None;
            }
            (None, "tom")
        }
    };
    Some(sample)
}

/// The account of Olga, who pays for the organization.
const ACCOUNT: &str = "acct_3fa987493ca3ccfcb95243b881a02b7d";

/// Creates a world with an organization that has one member of each role, and a viewer as the
/// target.
async fn stage() -> (World, String, String, BTreeMap<&'static str, Caller>) {
    let world = World::start().await;
    let owner = world.user("olga").await;
    let org = world.org(&owner).await;
    let administrator = world.member(&org, &owner, "adam", "administrator").await;
    let viewer = world.member(&org, &owner, "vic", "viewer").await;
    world.member(&org, &owner, "tom", "viewer").await;
    let token = world.invite(&org, &owner, "guest@example.com", "viewer").await;
    resource(&owner, &org, "agent", "standard").await;
    let service =
        world.service("usage:write usage:void orgs:operate access:check billing:read").await;
    let outsider = world.user("eve").await;
    let callers = [
        ("nobody", world.nobody()),
        ("outsider", outsider),
        ("viewer", viewer),
        ("administrator", administrator),
        ("owner", owner),
        ("service", service),
    ];
    (world, org, token, callers.into())
}

/// Returns the id of the invitation that the token belongs to.
fn invitation_in(token: &str) -> String {
    format!("inv_{}", &token["inv1.".len() + 32..][..32])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_kind_of_caller_as_the_contract_says() {
    let mut lines = include_str!("expected.txt").lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap().split_whitespace().skip(1).collect();
    let expected: BTreeMap<&str, Vec<&str>> = lines
        .map(|line| {
            let mut cells = line.split_whitespace();
            (cells.next().unwrap(), cells.collect())
        })
        .collect();
    let routed: Vec<(&str, &str, &str)> = ACTIONS
        .iter()
        .filter_map(|route| match route.trigger {
            Trigger::Http { method, path, .. } => Some((route.name(), method, path)),
            _ => None,
        })
        .collect();
    let mut wrong = Vec::new();
    for column in &columns {
        let mut stages = Vec::new();
        for (function, method, path) in &routed {
            // A call must not affect the next one, so only reads share a world.
            let stage = if *method == "GET" && !stages.is_empty() {
                stages.pop().unwrap()
            } else {
                stage().await
            };
            let (world, org, token, callers) = &stage;
            let resources =
                callers["owner"].get(&format!("/v1/orgs/{org}/resources")).await.expect(200);
            let resource = resources["data"][0]["id"].as_str().unwrap();
            let opt_out = opt_out_in(&world.mails("guest@example.com").await[0]);
            let (body, target) = sample(function, token).unwrap_or_else(|| {
                panic!("{function} has no sample: add one to tests/authz/mod.rs, and a row to tests/authz/expected.txt")
            });
            let wanted = expected
                .get(function)
                .unwrap_or_else(|| panic!("{function} has no row in tests/authz/expected.txt"));
            let path = path
                .replace("{org_id}", org)
                .replace("{user_id}", target)
                .replace("{invitation_id}", &invitation_in(token))
                .replace("{resource_id}", resource)
                .replace("{account_id}", ACCOUNT)
                .replace("{month}", "2026-11")
                .replace("{token}", &opt_out)
                + if *function == "list_billed_accounts" { "?month=2026-11" } else { "" };
            let answer = callers[column].call(method, &path, body.as_ref()).await;
            let wanted = wanted[columns.iter().position(|name| name == column).unwrap()];
            if answer.status.to_string() != wanted {
                wrong.push(format!("{function} for {column}: got {answer}, expected {wanted}"));
            }
            if *method == "GET" {
                stages.push(stage);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        expected.len(),
        routed.len(),
        "tests/authz/expected.txt has a row for an unknown route"
    );
}

#[tokio::test]
async fn an_outsider_gets_the_same_bytes_on_every_route_for_any_request() {
    let (world, org, token, callers) = stage().await;
    let eve = &callers["outsider"];
    let unknown = "org_01980000000070008000000000000000";
    let bytes = async |org: &str, method: &str, path: &str, body: &str, query: &str| {
        let path = path
            .replace("{org_id}", org)
            .replace("{user_id}", "tom")
            .replace("{invitation_id}", &invitation_in(&token));
        let request = eve
            .request(method, &format!("{path}?{query}"))
            .header("content-type", "application/json")
            .header("if-match", "x")
            .body(body.to_owned());
        let answer = eve.send(request).await;
        assert_eq!(answer.status, 404, "{method} {path}");
        answer.text.replace(&answer.headers["x-request-id"], "[id]")
    };
    let mut all = std::collections::BTreeSet::new();
    for route in ACTIONS {
        let Trigger::Http { method, path, .. } = route.trigger else { continue };
        if !path.contains("{org_id}") {
            continue;
        }
        for (body, query) in
            [("{}", ""), ("{", "limit=x&cursor=%21&role=boss&window=week"), ("", "a=1&a=2")]
        {
            for id in [org.as_str(), unknown, "x"] {
                all.insert(bytes(id, method, path, body, query).await);
            }
        }
    }
    assert_eq!(all.len(), 1, "{all:?}");
    drop(world);
}

#[tokio::test]
async fn an_outsider_causes_the_same_reads_as_for_an_unknown_organization() {
    let (world, org, token, callers) = stage().await;
    for route in ACTIONS {
        let Trigger::Http { method, path, .. } = route.trigger else { continue };
        if !path.contains("{org_id}") {
            continue;
        }
        let mut tallies = Vec::new();
        for id in [org.as_str(), "org_01980000000070008000000000000000"] {
            world.host.call_log().take(route.name());
            let (body, target) = sample(route.name(), "").unwrap();
            let path = path
                .replace("{org_id}", id)
                .replace("{user_id}", target)
                .replace("{invitation_id}", &invitation_in(&token));
            assert_eq!(callers["outsider"].call(method, &path, body.as_ref()).await.status, 404);
            tallies.push(world.host.call_log().take(route.name()).calls);
        }
        assert_eq!(tallies[0], tallies[1], "{}", route.name());
        assert!(!tallies[0].is_empty(), "{}", route.name());
    }
}
