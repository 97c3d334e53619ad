//! Runs each function once, in its main scenario. The tests of costs and events use the results.

use std::collections::BTreeSet;

use orgs_functions::registry::ACTIONS;
use orgs_local::call_log::CallCounts;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::resources::resource;
use crate::usage;
use crate::world::{Caller, Options, World, opt_out_in};

/// The result of one scenario.
pub(crate) struct Done {
    /// The function's calls to the database.
    pub(crate) tally: CallCounts,
    /// The events that the scenario published.
    pub(crate) events: Vec<Value>,
}

/// Returns the result of each function's scenario, in the order of the routes. The scenarios run
/// once per process.
pub(crate) async fn done() -> &'static [Done] {
    static DONE: OnceCell<Vec<Done>> = OnceCell::const_new();
    DONE.get_or_init(async || {
        let mut all = Vec::new();
        for route in ACTIONS {
            all.push(alone(route.name()).await);
        }
        all
    })
    .await
}

async fn alone(function: &str) -> Done {
    let limits = Options {
        invitations_per_inviter_hour: Some(300),
        invitations_per_recipient_day: Some(20),
        ..Options::default()
    };
    let world = World::with(limits).await;
    let call_log = world.host.call_log();
    call_log.meter();
    perform(function, &world).await;
    world.until("the last of its calls", async || call_log.is_idle(function).then_some(())).await;
    let tally = call_log.take(function);
    let records = world
        .items(0)
        .await
        .iter()
        .filter(|item| item["SK"]["S"].as_str().is_some_and(|sk| sk.starts_with("aud_")))
        .count();
    let published = async || {
        let events = world.local("GET", "events", &Value::Null).await["data"].take();
        let ids: BTreeSet<&str> =
            events.as_array()?.iter().filter_map(|event| event["detail"]["id"].as_str()).collect();
        (ids.len() >= records).then_some(events)
    };
    // A purge removes audit records that were published before, so there can be more events.
    let events = world.until("the events", published).await.as_array().unwrap().clone();
    Done { tally, events }
}

/// Runs the main scenario of a function once.
async fn perform(function: &str, world: &World) {
    let ann = world.user("ann").await;
    if matches!(function, "health" | "console" | "get_me" | "create_org" | "list_orgs") {
        world.org(&ann).await;
        world.host.call_log().take(function);
        match function {
            "health" => drop(world.nobody().get("/v1/health").await.expect(200)),
            "console" => assert_eq!(world.nobody().get("/invitations").await.status, 200),
            "get_me" => drop(ann.get("/v1/me").await.expect(200)),
            "create_org" => {
                drop(
                    ann.keyed("POST", "/v1/orgs", "k", &json!({"name": "Acme"})).await.expect(201),
                );
            }
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
    world.host.call_log().take(function);
    let path = |rest: &str| format!("/v1/orgs/{org}{rest}");
    match function {
        "get_org" => drop(bob.get(&path("")).await.expect(200)),
        "list_members" => drop(bob.get(&path("/members?q=b&role=viewer")).await.expect(200)),
        "change_role" => drop(
            ann.keyed("PATCH", &path("/members/bob"), "k", &json!({"role": "owner"}))
                .await
                .expect(200),
        ),
        "remove_member" => {
            drop(ann.keyed("DELETE", &path("/members/bob"), "k", &json!({})).await.expect(204));
        }
        "leave_org" => drop(bob.keyed("POST", &path("/leave"), "k", &json!({})).await.expect(204)),
        "invite_member" => drop(
            ann.keyed("POST", &path("/invitations"), "k", &json!({"email": "dee@example.com"}))
                .await
                .expect(201),
        ),
        "list_invitations" => drop(
            ann.get(&path("/invitations?status=pending&email=cy%40example.com")).await.expect(200),
        ),
        "get_invitation" => {
            let list = ann.get(&path("/invitations")).await.expect(200);
            let id = list["data"][0]["id"].as_str().unwrap();
            drop(ann.get(&path(&format!("/invitations/{id}"))).await.expect(200));
        }
        "invite_members" => {
            let lines: Vec<Value> =
                (0..19).map(|i| json!({"email": format!("new{i}@example.com")})).collect();
            ann.post(&path("/invitations/bulk"), &json!({"invitations": lines})).await.expect(200);
        }
        "opt_out" => {
            let token = opt_out_in(&world.mails("cy@example.com").await[0]);
            world
                .nobody()
                .call("POST", &format!("/v1/mail/opt-out/{token}"), None)
                .await
                .expect(200);
        }
        "record_mail_feedback" => drop(
            world
                .local("POST", "feedback", &json!({"to": "cy@example.com", "type": "Complaint"}))
                .await,
        ),
        "preview_invitation" => drop(
            world
                .nobody()
                .post("/v1/invitations/preview", &json!({"token": token}))
                .await
                .expect(200),
        ),
        "get_member" => drop(bob.get(&path("/members/ann")).await.expect(200)),
        "resend_invitation" | "revoke_invitation" => {
            let id = world.newest_invitation(&org, &ann).await;
            let verb = function.split('_').next().unwrap();
            ann.keyed("POST", &path(&format!("/invitations/{id}/{verb}")), "k", &json!({}))
                .await
                .expect(200);
        }
        "transfer_ownership" => drop(
            ann.keyed("POST", &path("/transfer"), "k", &json!({"user_id": "bob"}))
                .await
                .expect(200),
        ),
        "add_member" | "appoint_owner" | "forget_user" => {
            let operator = world.service("orgs:operate").await;
            match function {
                "add_member" => {
                    let cy = json!({"user_id": "cy", "email": "cy@example.com", "role": "viewer"});
                    operator.keyed("POST", &path("/members"), "k", &cy).await.expect(201);
                }
                "appoint_owner" => drop(
                    operator
                        .keyed("POST", &path("/owners"), "k", &json!({"user_id": "bob"}))
                        .await
                        .expect(200),
                ),
                _ => drop(
                    operator.keyed("DELETE", "/v1/users/bob", "k", &json!({})).await.expect(204),
                ),
            }
        }
        "forget_me" => drop(bob.keyed("DELETE", "/v1/me", "k", &json!({})).await.expect(204)),
        "list_my_invitations" => drop(cy.get("/v1/invitations").await.expect(200)),
        "decline_invitation" => drop(
            cy.keyed("POST", "/v1/invitations/decline", "k", &json!({"token": token}))
                .await
                .expect(200),
        ),
        "accept_invitation" => drop(
            cy.keyed("POST", "/v1/invitations/accept", "k", &json!({"token": token}))
                .await
                .expect(200),
        ),
        "record_usage" => {
            // The first call of a process lists the account; its other calls do not.
            let meter = world.service("usage:write").await;
            usage::record(&meter, &org, &[usage::event("first", at, "chat", "1")]).await;
            world.host.call_log().take("record_usage");
            usage::record(&meter, &org, &[usage::event("a", at, "chat", "1")]).await;
        }
        "query_usage" => drop(bob.get(&path("/usage?window=day&group_by=kind")).await.expect(200)),
        "reconcile_counts" => world.advance(3600).await,
        // The function calls EventBridge and no table.
        "publish_events" => {}
        "send_mail" => {
            ann.post(&path("/invitations"), &json!({"email": "dee@example.com"})).await.expect(201);
            world.delivery(&org, &ann, "sent").await;
        }
        "get_org_statement" => drop(ann.get(&path("/statements/2026-11")).await.expect(200)),
        _ => perform_in(function, world, &org, &ann, &bob).await,
    }
}

/// Runs the main scenario of a function once, in an organization that Ann owns and that Bob can
/// view.
async fn perform_in(function: &str, world: &World, org: &str, ann: &Caller, bob: &Caller) {
    let path = |rest: &str| format!("/v1/orgs/{org}{rest}");
    match function {
        "update_org" => {
            drop(ann.keyed("PATCH", &path(""), "k", &json!({"name": "New"})).await.expect(200));
        }
        "delete_org" => drop(ann.keyed("DELETE", &path(""), "k", &json!({})).await.expect(204)),
        "restore_org" => {
            ann.delete(&path("")).await.expect(204);
            ann.keyed("POST", &path("/restore"), "k", &json!({})).await.expect(200);
        }
        "close_months" => {
            let meter = world.service("usage:write").await;
            usage::record(&meter, org, &[usage::event("a", usage::now(world).await, "chat", "1")])
                .await;
            world.advance(40 * 86_400).await;
        }
        "purge_orgs" => {
            ann.delete(&path("")).await.expect(204);
            world.advance(30 * 86_400 + 3600).await;
        }
        "set_plan" => {
            let operator = world.service("orgs:operate").await;
            operator
                .keyed("PUT", &path("/plan"), "k", &json!({"seat_limit": 10}))
                .await
                .expect(200);
        }
        "create_resource" => drop(
            ann.keyed("POST", &path("/resources"), "k", &json!({"kind": "agent", "name": "One"}))
                .await
                .expect(201),
        ),
        "list_resources" | "get_resource" | "update_resource" | "delete_resource" => {
            let id = resource(ann, org, "agent", "standard").await;
            let of = path(&format!("/resources/{id}"));
            match function {
                "list_resources" => drop(bob.get(&path("/resources?kind=agent")).await.expect(200)),
                "get_resource" => drop(bob.get(&of).await.expect(200)),
                "update_resource" => {
                    drop(ann.keyed("PATCH", &of, "k", &json!({"name": "Two"})).await.expect(200));
                }
                _ => drop(ann.keyed("DELETE", &of, "k", &json!({})).await.expect(204)),
            }
        }
        "check_access" => {
            let id = resource(ann, org, "agent", "standard").await;
            let checks: Vec<Value> =
                (0..30).map(|_| json!({"action": "use_resource", "resource_id": id})).collect();
            ann.post(&path("/access"), &json!({"checks": checks})).await.expect(200);
        }
        "get_policies" => drop(ann.get(&path("/policies")).await.expect(200)),
        "set_policies" => {
            let text = "forbid (principal, action == Orgs::Action::\"remove_member\", resource);";
            ann.keyed("PUT", &path("/policies"), "k", &json!({"policies": text})).await.expect(200);
        }
        "list_audit" => drop(ann.get(&path("/audit")).await.expect(200)),
        "get_budget" => drop(bob.get(&path("/budget")).await.expect(200)),
        "set_budget" => drop(
            ann.keyed("PUT", &path("/budget"), "k", &json!({"monthly_credits": "1000"}))
                .await
                .expect(200),
        ),
        "get_billing" => drop(ann.get(&path("/billing")).await.expect(200)),
        "set_billing" => drop(
            ann.keyed("PUT", &path("/billing"), "k", &json!({"mode": "independent"}))
                .await
                .expect(200),
        ),
        "query_account_usage" => drop(ann.get("/v1/account/usage?group_by=org").await.expect(200)),
        "query_billed_usage" => {
            let account = ann.get("/v1/me").await.expect(200)["account_id"].clone();
            let biller = world.service("billing:read").await;
            let path = format!("/v1/accounts/{}/usage?group_by=org", account.as_str().unwrap());
            drop(biller.get(&path).await.expect(200));
        }
        "get_statement" => {
            let account = ann.get("/v1/me").await.expect(200)["account_id"].clone();
            let path = format!("/v1/accounts/{}/statements/2026-11", account.as_str().unwrap());
            drop(ann.get(&path).await.expect(200));
        }
        "list_billed_accounts" => {
            let biller = world.service("billing:read").await;
            drop(biller.get("/v1/accounts?month=2026-11").await.expect(200));
        }
        "void_usage" => {
            let meter = world.service("usage:write usage:void").await;
            usage::record(&meter, org, &[usage::event("a", usage::now(world).await, "chat", "1")])
                .await;
            meter
                .keyed("POST", &path("/usage/void"), "k", &json!({"ids": ["a"]}))
                .await
                .expect(200);
        }
        "create_hold" | "get_hold" | "list_holds" | "update_hold" | "release_hold" => {
            perform_hold(function, world, org, ann).await;
        }
        "alert_budget" => {
            ann.call(
                "PUT",
                &path("/budget"),
                Some(&json!({"monthly_credits": "1", "thresholds": [100]})),
            )
            .await
            .expect(200);
            let event = usage::event("a", usage::now(world).await, "chat", "1");
            usage::record(&world.service("usage:write").await, org, &[event]).await;
            world.mail("ann@example.com", 0).await;
        }
        other => panic!(
            "{other} has no scenario: add one to tests/scenarios.rs, and a row to tests/costs.txt"
        ),
    }
}

async fn perform_hold(function: &str, world: &World, org: &str, ann: &Caller) {
    let budget = json!({"monthly_credits": "10", "enforce": true});
    ann.call("PUT", &format!("/v1/orgs/{org}/budget"), Some(&budget)).await.expect(200);
    let runner = world.service("usage:write").await;
    let holds = format!("/v1/orgs/{org}/holds");
    let hold = format!("{holds}/run-1");
    let body = json!({"id": "run-1", "credits": "5", "expires_in": 600});
    runner.post(&holds, &body).await.expect(201);
    match function {
        "get_hold" => drop(runner.get(&hold).await.expect(200)),
        "list_holds" => drop(runner.get(&holds).await.expect(200)),
        "update_hold" => {
            drop(runner.patch(&hold, &json!({"credits": "8"})).await.expect(200));
        }
        "release_hold" => drop(runner.call("DELETE", &hold, None).await.expect(204)),
        _ => {}
    }
}
