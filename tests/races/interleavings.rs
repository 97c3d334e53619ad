//! Runs every pair of changes to one organization, and the critical triples, in every order of
//! their calls to the database.
//!
//! An action makes a read and a commit, and repeats both if a condition of the commit fails. A call
//! scheduler in front of the database pauses each call, so that a test decides which call is next.
//! The tests run all orders with the real code and check that the organization is consistent after
//! each. Running them again with one condition always true shows what that condition prevents.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use orgs_functions::registry::ACTIONS;
use orgs_local::{CallScheduler, Faults, PausedCall};
use orgs_runtime::action::Trigger;

use super::changes::{
    ANN_DEMOTES_BOB, ANN_LEAVES, ANN_RESENDS, ANN_REVOKES, BOB_AS_FAY_DEMOTES_CY, BOB_DEMOTES_CY,
    BOB_LEAVES, BOB_PAYS, CHANGES, CY_INVITES_BOTH, CY_INVITES_FAY, CY_PROMOTES_DEE, Change,
    DEE_IS_FORGOTTEN, DEE_LEAVES, EVE_ACCEPTS, EVE_ACCEPTS_BY_LINK, EVE_OPTS_OUT,
    OPERATOR_ADDS_FAY, OPERATOR_FORGETS_BOB, OPERATOR_RESTRICTS_BILLING, TRIPLES,
};
use crate::resources::resource;
use crate::world::{Answer, Caller, Options, World, opt_out_in, suite, token_in};

/// The partition key of eve@example.com. It contains a hash, see `EmailAddress::key`.
const EVES_ADDRESS: &str = "EMAIL#d0574c4966d2c326193622feebc64991";

/// A world, and an organization as a template for each run.
///
/// Ann and Bob are owners, Cy is an administrator, Dee is a viewer, and Bob has invited Eve as an
/// owner.
struct Walk {
    world: World,
    callers: BTreeMap<&'static str, Caller>,
    gate: CallScheduler,
    arrivals: UnboundedReceiver<PausedCall>,
    /// The items of the template organization as JSON, and its id.
    template: (String, String),
    invitation: String,
    resource: String,
    token: String,
    opt_out: String,
    next: u32,
}

impl Walk {
    async fn start() -> Self {
        let (gate, arrivals) = CallScheduler::new();
        let world = World::with(Options {
            faults: Some(Faults::Gated(gate.clone())),
            ..Options::default()
        })
        .await;
        let mut callers = BTreeMap::new();
        for id in ["ann", "bob", "cy", "dee", "eve"] {
            callers.insert(id, world.user(id).await);
        }
        callers.insert("operator", world.service("orgs:operate").await);
        let as_fay = json!({"sub": "bob", "email": "fay@example.com", "email_verified": true, "name": "Bob"});
        callers.insert("bob as fay", world.token(&as_fay).await);
        callers.insert("nobody", world.nobody());
        let org = world.org(&callers["ann"]).await;
        for (id, role) in [("bob", "owner"), ("cy", "administrator"), ("dee", "viewer")] {
            world.member(&org, &callers["ann"], id, role).await;
        }
        world.invite(&org, &callers["bob"], "eve@example.com", "owner").await;
        world.delivery(&org, &callers["ann"], "sent").await;
        let invitation = world.newest_invitation(&org, &callers["ann"]).await;
        let mail = &world.mails("eve@example.com").await[0];
        let (token, opt_out) = (token_in(mail), opt_out_in(mail));
        let resource = resource(&callers["ann"], &org, "agent", "standard").await;
        let of_org = |item: &Value| {
            let key = |name: &str| item[name]["S"].as_str().unwrap().to_owned();
            key("PK") == format!("ORG#{org}")
                || key("PK") == format!("ORG#{org}#RES")
                || key("SK") == format!("ORG#{org}")
        };
        let items: Vec<Value> = world.items(0).await.into_iter().filter(of_org).collect();
        forget_mirrors(&world, &org).await;
        Self {
            world,
            callers,
            gate,
            arrivals,
            template: (Value::from(items).to_string(), org),
            invitation,
            resource,
            token,
            opt_out,
            next: 0,
        }
    }

    /// Copies the template to a new organization, and returns its id.
    async fn org(&mut self) -> String {
        self.next += 1;
        let org = format!("org_{:032x}", self.next);
        let items: Vec<Value> =
            serde_json::from_str(&self.template.0.replace(&self.template.1, &org)).unwrap();
        self.world.put_items(0, &items).await;
        self.world.remove_item(EVES_ADDRESS, "BLOCK").await;
        org
    }

    fn send(&self, change: &Change, org: &str) -> JoinHandle<Answer> {
        let (who, method, path, body) = *change;
        let of_org =
            |token: &str| token.replace(&self.template.1["org_".len()..], &org["org_".len()..]);
        let (token, opt_out) = (of_org(&self.token), of_org(&self.opt_out));
        let filled = |text: &str| {
            text.replace("{org}", org)
                .replace("{inv}", &self.invitation)
                .replace("{token}", &token)
                .replace("{out}", &opt_out)
                .replace("{res}", &self.resource)
        };
        let (caller, path, body) = (self.callers[who].clone(), filled(path), filled(body));
        tokio::spawn(async move {
            caller.call(method, &path, Some(&serde_json::from_str(&body).unwrap())).await
        })
    }

    /// Runs the changes. `chosen` gives the order of the first calls; after them, the first change
    /// with a paused call is next.
    ///
    /// Returns for each step which change ran and which ones could have run, and the
    /// inconsistencies at the end. Returns `None` if a call was paused for so long, on a busy
    /// machine, that its client retried it, because the order then differs from the chosen one.
    async fn run(
        &mut self,
        changes: &[Change],
        chosen: &[usize],
    ) -> Option<(Vec<(usize, Vec<usize>)>, Vec<String>)> {
        let org = self.org().await;
        self.gate.close(true);
        let mut tasks = Vec::new();
        let mut held: Vec<Option<PausedCall>> = Vec::new();
        for change in changes {
            tasks.push(self.send(change, &org));
            held.push(self.arrivals.recv().await);
        }
        let (mut trace, mut wrong, mut committed) = (Vec::new(), Vec::new(), 0);
        let mut authorized: Vec<Option<String>> = vec![None; changes.len()];
        loop {
            let can: Vec<usize> = (0..changes.len()).filter(|i| held[*i].is_some()).collect();
            let Some(first) = can.first() else { break };
            let now = chosen.get(trace.len()).copied().unwrap_or(*first);
            if !can.contains(&now) || held.iter().flatten().any(PausedCall::is_abandoned) {
                self.give_up(held, tasks).await;
                return None;
            }
            trace.push((now, can));
            let call = held[now].take()?;
            let (who, commits) = (changes[now].0, call.commits);
            let role = self.role(&org, who).await;
            let accepts = [EVE_ACCEPTS, EVE_ACCEPTS_BY_LINK].contains(&changes[now]);
            let inviter = if commits && accepts { self.role(&org, "bob").await } else { None };
            let links = if commits {
                self.invitation(&org).await["th"]["BS"].as_array().map_or(0, Vec::len)
            } else {
                0
            };
            if !commits {
                authorized[now].clone_from(&role);
            }
            call.pass();
            tokio::select! {
                next = self.arrivals.recv() => held[now] = next,
                answer = &mut tasks[now] => drop(answer.unwrap()),
            }
            if commits {
                let records = self.world.count_audit(&org).await;
                if records > committed && role != authorized[now] {
                    wrong.push(format!(
                        "{who} was authorized as {:?} and committed as {role:?}",
                        authorized[now]
                    ));
                }
                if records > committed && changes[now] == EVE_ACCEPTS_BY_LINK && links == 0 {
                    wrong.push("a link was accepted after a newer one had replaced it".to_owned());
                }
                if records > committed && accepts && inviter.as_deref() != Some("owner") {
                    wrong.push(format!(
                        "an invitation made an owner although its inviter had the role {inviter:?}"
                    ));
                }
                if records > committed
                    && changes[now] == BOB_PAYS
                    && !self.may_pay_by_account(&org).await
                {
                    wrong.push("an account pays although the plan does not allow it".to_owned());
                }
                let most = if changes[now] == CY_INVITES_BOTH { 2 } else { 1 };
                if records > committed + most {
                    wrong.push("one change has two audit records".to_owned());
                }
                committed = records;
            }
        }
        self.gate.close(false);
        wrong.extend(self.world.wrong_with(&org).await);
        let eves = self.invitation(&org).await;
        let is_blocked = self.world.item(EVES_ADDRESS, "BLOCK").await.is_object();
        if is_blocked && eves["state"]["S"] == "pending" && eves["delivery"]["S"] != "failed" {
            wrong.push(format!(
                "an address that opted out has an invitation with the delivery {}",
                eves["delivery"]["S"]
            ));
        }
        // An opt-out reads the pending invitations of the address in all organizations, so this one
        // must not affect the next runs.
        self.world.remove_item(EVES_ADDRESS, &format!("ORG#{org}")).await;
        forget_mirrors(&self.world, &org).await;
        // The purge entries of deleted organizations are in one list for all organizations.
        for due in self.world.partition("PURGE").await {
            self.world.remove_item("PURGE", due["SK"]["S"].as_str().unwrap()).await;
        }
        Some((trace, wrong))
    }

    /// Lets all calls continue until all requests have ended.
    async fn give_up(&mut self, held: Vec<Option<PausedCall>>, tasks: Vec<JoinHandle<Answer>>) {
        self.gate.close(false);
        drop(held);
        for mut task in tasks.into_iter().filter(|task| !task.is_finished()) {
            // Dropping a call that still arrives lets it continue too.
            while tokio::select! { _ = &mut task => false, _ = self.arrivals.recv() => true } {}
        }
    }

    async fn invitation(&self, org: &str) -> Value {
        self.world.item(&format!("ORG#{org}"), &format!("INV#{}", self.invitation)).await
    }

    async fn role(&self, org: &str, who: &str) -> Option<String> {
        self.world
            .item(&format!("ORG#{org}"), &format!("MEM#{}", who.split(' ').next().unwrap()))
            .await["role"]["S"]
            .as_str()
            .map(str::to_owned)
    }

    async fn may_pay_by_account(&self, org: &str) -> bool {
        self.world.item(&format!("ORG#{org}"), "META").await["billing_modes"]
            .to_string()
            .contains("account")
    }

    /// Runs the changes in every order, and returns the number of orders.
    ///
    /// # Errors
    /// The first order that leaves an inconsistency.
    async fn run_all(&mut self, changes: &[Change]) -> Result<usize, String> {
        let (mut chosen, mut orders, mut void): (Vec<usize>, usize, usize) = (Vec::new(), 0, 0);
        loop {
            let Some((trace, wrong)) = self.run(changes, &chosen).await else {
                void += 1;
                assert!(void < 100, "{changes:?} do not run in a reproducible order");
                continue;
            };
            orders += 1;
            if !wrong.is_empty() {
                let order: Vec<&str> = trace.iter().map(|(now, _)| changes[*now].0).collect();
                return Err(format!("{changes:?} in the order {order:?}: {}", wrong.join("; ")));
            }
            // The last step at which another change could have been next.
            let next =
                |(now, can): &(usize, Vec<usize>)| can.iter().copied().find(|other| other > now);
            let Some(at) = trace.iter().rposition(|step| next(step).is_some()) else {
                return Ok(orders);
            };
            chosen = trace[..at].iter().map(|(now, _)| *now).collect();
            chosen.extend(next(&trace[at]));
        }
    }
}

/// Removes the user entries of the users that a change forgets. Forgetting a user ends all of their
/// memberships, and must not touch the organizations of earlier runs.
async fn forget_mirrors(world: &World, org: &str) {
    for who in ["bob", "dee"] {
        world.remove_item(&format!("USER#{who}"), &format!("ORG#{org}")).await;
    }
}

/// Returns whether these tests run. With faults or another database they would only be slower.
fn is_enabled() -> bool {
    suite("ORGS_TEST_FAULTS").is_none() && suite("ORGS_TEST_DYNAMODB").is_none()
}

#[test]
fn every_action_that_changes_an_organization_is_in_the_walk() {
    let segments = |path: &'static str| path.split('/').collect::<Vec<_>>();
    for action in ACTIONS.iter().filter(|action| action.event.is_some()) {
        let Trigger::Http { method, path, .. } = action.trigger else { continue };
        // No other change can meet an organization that does not exist yet. A void changes usage,
        // and nothing of the organization.
        if ["create_org", "void_usage"].contains(&action.name()) {
            continue;
        }
        let template = segments(path);
        let is_in = CHANGES.iter().any(|(_, sent, to, _)| {
            let to = segments(to);
            *sent == method
                && to.len() == template.len()
                && to.iter().zip(&template).all(|(to, part)| part.starts_with('{') || to == part)
        });
        assert!(is_in, "CHANGES in tests/races/changes.rs has no request of {}", action.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_two_changes_leaves_the_organization_consistent() {
    if !is_enabled() {
        return;
    }
    let mut walk = Walk::start().await;
    let mut orders = 0;
    for (i, one) in CHANGES.iter().enumerate() {
        for other in &CHANGES[i..] {
            let walked = walk.run_all(&[*one, *other]).await.unwrap();
            // A denial and an opt-out have no commit. There are at least two orders: one for each
            // change that is first.
            assert!(walked >= 2, "{one:?} {other:?}: {walked}");
            orders += walked;
        }
    }
    // Two reads and two commits have six orders, and a failed commit adds more.
    assert!(orders > 630 * 5, "{orders}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_three_changes_leaves_the_organization_consistent() {
    if !is_enabled() {
        return;
    }
    let mut walk = Walk::start().await;
    for changes in TRIPLES {
        let walked = walk.run_all(&changes).await.unwrap();
        // Three reads and three commits have ninety orders.
        assert!(walked >= 90, "{changes:?}: {walked}");
    }
}

/// Returns the name of the condition in a part of a transaction, from the JSON of the request.
fn condition_name(part: &Value, parts: &[Value]) -> Option<&'static str> {
    let (kind, body) = part.as_object()?.iter().next()?;
    let key = |name: &str| {
        body[if kind == "Put" { "Item" } else { "Key" }][name]["S"].as_str().unwrap_or_default()
    };
    let condition = body["ConditionExpression"].as_str().unwrap_or_default();
    let accepts = parts.iter().any(|part| {
        part["Update"]["UpdateExpression"]
            .as_str()
            .is_some_and(|update| update.contains("accepted_by"))
    });
    let joins = parts.iter().any(|part| {
        part["Update"]["UpdateExpression"]
            .as_str()
            .is_some_and(|update| update.contains("member_count :one"))
    });
    match (key("PK"), key("SK"), kind.as_str()) {
        (_, "META", _) => Some("organization"),
        (_, sk, "ConditionCheck") if sk.starts_with("MEM#") && accepts => Some("inviter"),
        (_, sk, "ConditionCheck") if sk.starts_with("MEM#") => Some("actor"),
        (_, sk, _) if sk.starts_with("MEM#") => Some("member"),
        (_, sk, _) if sk.starts_with("INV#") => Some("invitation"),
        (pk, _, "Put") if pk.starts_with("EMAIL#") && condition.contains(":own") => {
            Some("address to invite")
        }
        (_, "BLOCK", _) => Some("address to mail"),
        (pk, _, "Put") if pk.starts_with("EMAIL#") && joins => Some("address to join with"),
        (pk, _, "Put") if pk.starts_with("EMAIL#") => Some("new address"),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_condition_prevents_some_inconsistent_order() {
    if !is_enabled() {
        return;
    }
    for (name, changes) in [
        ("organization", [ANN_LEAVES, BOB_LEAVES]),
        ("organization", [BOB_PAYS, ANN_DEMOTES_BOB]),
        ("organization", [BOB_PAYS, OPERATOR_RESTRICTS_BILLING]),
        ("actor", [BOB_PAYS, ANN_DEMOTES_BOB]),
        ("actor", [BOB_DEMOTES_CY, CY_INVITES_FAY]),
        ("actor", [BOB_DEMOTES_CY, CY_INVITES_BOTH]),
        ("organization", [OPERATOR_FORGETS_BOB, ANN_LEAVES]),
        ("member", [DEE_IS_FORGOTTEN, CY_PROMOTES_DEE]),
        ("invitation", [EVE_ACCEPTS_BY_LINK, ANN_RESENDS]),
        ("address to invite", [CY_INVITES_BOTH, OPERATOR_ADDS_FAY]),
        ("member", [CY_PROMOTES_DEE, DEE_LEAVES]),
        ("inviter", [EVE_ACCEPTS, ANN_DEMOTES_BOB]),
        ("invitation", [ANN_REVOKES, ANN_RESENDS]),
        ("address to invite", [CY_INVITES_FAY, OPERATOR_ADDS_FAY]),
        ("address to join with", [CY_INVITES_FAY, OPERATOR_ADDS_FAY]),
        ("new address", [BOB_AS_FAY_DEMOTES_CY, OPERATOR_ADDS_FAY]),
        ("address to mail", [ANN_RESENDS, EVE_OPTS_OUT]),
    ] {
        let mut walk = Walk::start().await;
        walk.run_all(&changes).await.unwrap();
        walk.gate.relax_conditions(move |parts| {
            let all = parts.clone();
            for part in parts.iter_mut().filter(|part| condition_name(part, &all) == Some(name)) {
                for body in part.as_object_mut().unwrap().values_mut() {
                    if let Some(condition) = body["ConditionExpression"].as_str() {
                        // Always true, and still uses all names and values of the original.
                        body["ConditionExpression"] = json!(format!(
                            "({condition}) OR attribute_exists(PK) OR attribute_not_exists(PK)"
                        ));
                    }
                }
            }
        });
        let found = walk.run_all(&changes).await;
        assert!(
            found.is_err(),
            "no order of {changes:?} fails without the condition on the {name}: {found:?}"
        );
    }
}
