//! What each function costs: its calls to DynamoDB and its round trips, counted by the SDK's own interceptor.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use orgs_local::routes::{Grant, ROUTES, Trigger};
use serde_json::{Value, json};

use crate::resources::resource;
use crate::usage;
use crate::world::{Caller, Options, World, opt_out_in, suite};

/// Functions that need more than two round trips: what a person is a member of, or what is pending for an address, is listed
/// before each of it is changed by itself; `reconcile` and `purge_orgs` work through all that there is.
const MORE: [&str; 6] = ["forget_me", "forget_user", "opt_out", "record_delivery", "reconcile", "purge_orgs"];

/// Grants that are used where something is refused: an earlier answer under the same `Idempotency-Key` is looked up.
const UNSEEN: [(&str, Grant); 1] = [("create_org", Grant::ReadCore)];

/// Does what a function is for, once.
async fn perform(function: &str, world: &World) {
    let ann = world.user("ann").await;
    if matches!(function, "health" | "console" | "get_me" | "create_org" | "list_orgs") {
        world.org(&ann).await;
        world.host.journal().take(function);
        match function {
            "health" => drop(world.nobody().get("/v1/health").await.expect(200)),
            "console" => assert_eq!(world.nobody().get("/invitations").await.status, 200),
            "get_me" => drop(ann.get("/v1/me").await.expect(200)),
            "create_org" => drop(ann.keyed("POST", "/v1/orgs", "k", &json!({"name": "Acme"})).await.expect(201)),
            _ => drop(ann.get("/v1/orgs").await.expect(200)),
        }
        return;
    }
    let org = world.org(&ann).await;
    let bob = world.member(&org, &ann, "bob", "viewer").await;
    let cy = world.user("cy").await;
    let token = world.invite(&org, &ann, "cy@example.com", "viewer").await;
    world.delivery(&org, &ann, "sent").await;
    let at = usage::now(world).await;
    world.host.journal().take(function);
    let path = |rest: &str| format!("/v1/orgs/{org}{rest}");
    match function {
        "get_org" => drop(bob.get(&path("")).await.expect(200)),
        "list_members" => drop(bob.get(&path("/members?q=b&role=viewer")).await.expect(200)),
        "change_role" => drop(ann.keyed("PATCH", &path("/members/bob"), "k", &json!({"role": "owner"})).await.expect(200)),
        "remove_member" => drop(ann.keyed("DELETE", &path("/members/bob"), "k", &json!({})).await.expect(204)),
        "leave_org" => drop(bob.keyed("POST", &path("/leave"), "k", &json!({})).await.expect(204)),
        "invite_member" => drop(ann.keyed("POST", &path("/invitations"), "k", &json!({"email": "dee@example.com"})).await.expect(201)),
        "list_invitations" => drop(ann.get(&path("/invitations?status=pending&email=cy%40example.com")).await.expect(200)),
        "invite_members" => {
            let lines: Vec<Value> = (0..19).map(|i| json!({"email": format!("new{i}@example.com")})).collect();
            ann.post(&path("/invitations/bulk"), &json!({"invitations": lines})).await.expect(200);
        }
        "opt_out" => {
            let token = opt_out_in(&world.mails("cy@example.com").await[0]);
            world.nobody().call("POST", &format!("/v1/mail/opt-out/{token}"), None).await.expect(200);
        }
        "record_delivery" => drop(world.local("POST", "feedback", &json!({"to": "cy@example.com", "type": "Complaint"})).await),
        "preview_invitation" => drop(world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.expect(200)),
        "get_member" => drop(bob.get(&path("/members/ann")).await.expect(200)),
        "resend_invitation" | "revoke_invitation" => {
            let id = world.newest_invitation(&org, &ann).await;
            let verb = function.split('_').next().unwrap();
            ann.keyed("POST", &path(&format!("/invitations/{id}/{verb}")), "k", &json!({})).await.expect(200);
        }
        "transfer_ownership" => drop(ann.keyed("POST", &path("/transfer"), "k", &json!({"user_id": "bob"})).await.expect(200)),
        "add_member" | "appoint_owner" | "forget_user" => {
            let operator = world.service("orgs:operate").await;
            match function {
                "add_member" => {
                    let cy = json!({"user_id": "cy", "email": "cy@example.com", "role": "viewer"});
                    operator.keyed("POST", &path("/members"), "k", &cy).await.expect(201);
                }
                "appoint_owner" => drop(operator.keyed("POST", &path("/owners"), "k", &json!({"user_id": "bob"})).await.expect(200)),
                _ => drop(operator.keyed("DELETE", "/v1/users/bob", "k", &json!({})).await.expect(204)),
            }
        }
        "forget_me" => drop(bob.keyed("DELETE", "/v1/me", "k", &json!({})).await.expect(204)),
        "list_my_invitations" => drop(cy.get("/v1/invitations").await.expect(200)),
        "decline_invitation" => drop(cy.keyed("POST", "/v1/invitations/decline", "k", &json!({"token": token})).await.expect(200)),
        "accept_invitation" => drop(cy.keyed("POST", "/v1/invitations/accept", "k", &json!({"token": token})).await.expect(200)),
        "record_usage" => drop(usage::record(&world.service("usage:write").await, &org, &[usage::event("a", at, "chat", "1")]).await),
        "query_usage" => drop(bob.get(&path("/usage?window=day&group_by=kind")).await.expect(200)),
        "reconcile" => world.advance(3600).await,
        // It calls EventBridge, and no table.
        "publish_events" => {}
        "deliver_invitation" => {
            ann.post(&path("/invitations"), &json!({"email": "dee@example.com"})).await.expect(201);
            world.delivery(&org, &ann, "sent").await;
        }
        _ => perform_in(function, world, &org, &ann, &bob).await,
    }
}

/// Does what a function is for, once, in an organization of Ann's that Bob is a viewer of.
async fn perform_in(function: &str, world: &World, org: &str, ann: &Caller, bob: &Caller) {
    let path = |rest: &str| format!("/v1/orgs/{org}{rest}");
    match function {
        "update_org" => drop(ann.keyed("PATCH", &path(""), "k", &json!({"name": "New"})).await.expect(200)),
        "delete_org" => drop(ann.keyed("DELETE", &path(""), "k", &json!({})).await.expect(204)),
        "restore_org" => {
            ann.delete(&path("")).await.expect(204);
            ann.keyed("POST", &path("/restore"), "k", &json!({})).await.expect(200);
        }
        "purge_orgs" => {
            ann.delete(&path("")).await.expect(204);
            world.advance(30 * 86_400 + 3600).await;
        }
        "set_plan" => {
            let operator = world.service("orgs:operate").await;
            operator.keyed("PUT", &path("/plan"), "k", &json!({"seat_limit": 10})).await.expect(200);
        }
        "create_resource" => drop(ann.keyed("POST", &path("/resources"), "k", &json!({"kind": "agent", "name": "One"})).await.expect(201)),
        "list_resources" | "get_resource" | "update_resource" | "delete_resource" => {
            let id = resource(ann, org, "agent", "standard").await;
            let of = path(&format!("/resources/{id}"));
            match function {
                "list_resources" => drop(bob.get(&path("/resources?kind=agent")).await.expect(200)),
                "get_resource" => drop(bob.get(&of).await.expect(200)),
                "update_resource" => drop(ann.keyed("PATCH", &of, "k", &json!({"name": "Two"})).await.expect(200)),
                _ => drop(ann.keyed("DELETE", &of, "k", &json!({})).await.expect(204)),
            }
        }
        "check_access" => {
            let checks: Vec<Value> = (0..30).map(|_| json!({"action": "remove_member", "user_id": "bob"})).collect();
            ann.post(&path("/access"), &json!({"checks": checks})).await.expect(200);
        }
        "get_policies" => drop(ann.get(&path("/policies")).await.expect(200)),
        "set_policies" => {
            let text = "forbid (principal, action == Orgs::Action::\"remove_member\", resource);";
            ann.keyed("PUT", &path("/policies"), "k", &json!({"policies": text})).await.expect(200);
        }
        "list_audit" => drop(ann.get(&path("/audit")).await.expect(200)),
        other => panic!("{other} has no scenario: add one to tests/costs.rs, and a row to tests/costs.txt"),
    }
}

#[tokio::test]
async fn every_function_costs_what_its_row_says() {
    if suite("ORGS_TEST_FAULTS").is_some() {
        // Faults are there to cause more calls.
        return;
    }
    // AWS's DynamoDB Local counts what a transaction writes into an index twice: it has columns of its own.
    let units = if suite("ORGS_TEST_DYNAMODB").is_some() { 5..7 } else { 3..5 };
    let rows: BTreeMap<&str, Vec<&str>> = include_str!("costs.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("function"))
        .map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            (cells[0], [1..3, units.clone()].into_iter().flatten().map(|at| cells[at]).collect())
        })
        .collect();
    let mut wrong = Vec::new();
    for route in ROUTES {
        let function = route.function.name;
        let wanted = rows.get(function).unwrap_or_else(|| panic!("{function} has no row in tests/costs.txt"));
        let world =
            World::with(Options { invitations_per_inviter_hour: Some(300), invitations_per_recipient_day: Some(20), ..Options::default() })
                .await;
        let journal = world.host.journal();
        journal.meter();
        perform(function, &world).await;
        world.until("the end of its calls", async || journal.is_idle(function).then_some(())).await;
        let tally = journal.take(function);
        let used =
            [tally.calls.len().to_string(), tally.round_trips.to_string(), tally.read_units.to_string(), tally.write_units.to_string()];
        if used.iter().zip(wanted).any(|(used, wanted)| used != wanted && *wanted != "-") {
            wrong.push(format!("{function}: {used:?}, and not {wanted:?}: {:?}", tally.calls));
        }
        for grant in route.grants {
            let is_used = grant.calls().iter().any(|call| tally.calls.iter().any(|called| called == call)) || grant.table().is_none();
            assert!(
                is_used || UNSEEN.contains(&(function, *grant)),
                "{function} makes no call that {grant:?} allows: take it away, or say why"
            );
        }
        assert!(tally.round_trips <= 2 || MORE.contains(&function), "{function}: more than two round trips need a reason");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(rows.len(), ROUTES.len(), "a row of costs.txt is of no function");
}

#[tokio::test]
async fn a_report_costs_the_same_whatever_was_used() {
    if suite("ORGS_TEST_FAULTS").is_some() {
        return;
    }
    let world = World::start().await;
    let at = usage::quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let meter = world.service("usage:write").await;
    let mut costs = Vec::new();
    for batch in 0..3 {
        let events: Vec<Value> = (0..200).map(|i| usage::event(&format!("{batch}-{i}"), at, "chat", "1")).collect();
        usage::record(&meter, &org, &events).await;
        world.host.journal().take("query_usage");
        ann.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
        costs.push(world.host.journal().take("query_usage").calls.len());
    }
    assert_eq!(costs[0], costs[2]);
}

/// List prices in dollars: of a million read and write units, of a million requests to an HTTP API and to Lambda, and of a GB-second of Lambda on
/// arm64. docs/performance.md says of when and where.
const PRICES: [f64; 5] = [0.125, 0.625, 1.0, 0.2, 0.000_013_333_4];

#[test]
fn the_prices_in_the_docs_follow_from_the_golden_costs() {
    let [read, write, api, request, gb_second] = PRICES;
    let mut table = "| function | reads | writes | a million calls |\n|---|---|---|---|\n".to_owned();
    for line in
        include_str!("costs.txt").lines().filter(|line| !line.starts_with('#') && !line.starts_with("function") && !line.contains('-'))
    {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let [round_trips, reads, writes] = [2, 3, 4].map(|at| cells[at].parse::<f64>().unwrap());
        let route = ROUTES.iter().find(|route| route.function.name == cells[0]).unwrap();
        let is_asked = matches!(route.trigger, Trigger::Http { .. } | Trigger::Page { .. });
        // 256 MiB, for 2 ms and 5 ms more for each round trip.
        let seconds = 0.002 + 0.005 * round_trips;
        let cents = 100.0 * (reads * read + writes * write + if is_asked { api } else { 0.0 } + request + 1e6 * 0.25 * seconds * gb_second);
        writeln!(table, "| `{}` | {reads} | {writes} | {:.2} $ |", cells[0], cents.round() / 100.0).unwrap();
    }
    assert!(include_str!("../docs/performance.md").contains(&table), "docs/performance.md has another table than:\n{table}");
}
