//! Compares the cost of each function with `costs.txt`: its calls to DynamoDB and its round trips,
//! counted by an interceptor of the SDK.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use orgs_functions::registry::ACTIONS;
use orgs_runtime::action::{Grant, Trigger};
use serde_json::Value;

use crate::scenarios;
use crate::usage;
use crate::world::{World, suite};

/// Functions that need more than two round trips.
///
/// `forget_me`, `forget_user`, `opt_out` and `record_mail_feedback` list memberships or invitations and
/// then change each of them in its own transaction. `reconcile_counts` and `purge_orgs` process all
/// organizations, and `close_months` all accounts. `void_usage` reads an event before it subtracts the
/// event from its counters. `get_statement` looks for a stored statement
/// before it adds up an open one.
/// `alert_budget` reads the budget before the usage, and then raises the alert.
const MORE: [&str; 9] = [
    "forget_me",
    "forget_user",
    "opt_out",
    "record_mail_feedback",
    "reconcile_counts",
    "purge_orgs",
    "close_months",
    "void_usage",
    "alert_budget",
];

/// Grants that the main scenarios do not use.
///
/// `record_usage` lists the account that pays in the first call of a process, and `void_usage` if
/// the month of the event is closed. `create_org` reads the
/// stored response of an `Idempotency-Key` only if the request is refused.
/// `send_mail` reads the organization and its owners only for the mails about billing and budgets.
/// `check_access` writes only when a budget denies a run for the first time, and reads holds, as
/// `alert_budget` does, only if open ones exist.
const UNSEEN: [(&str, Grant); 10] = [
    ("check_access", Grant::EndHolds),
    ("alert_budget", Grant::ReadUsage),
    ("check_access", Grant::ReadUsage),
    ("check_access", Grant::CommitCore),
    ("check_access", Grant::CommitUsage),
    ("record_usage", Grant::UpdateUsage),
    ("void_usage", Grant::UpdateUsage),
    ("create_org", Grant::ReadCore),
    ("send_mail", Grant::ReadCore),
    ("send_mail", Grant::SearchCore),
];

#[tokio::test]
async fn every_function_costs_what_costs_txt_says() {
    if suite("ORGS_TEST_FAULTS").is_some() {
        // Faults cause additional calls.
        return;
    }
    // AWS's DynamoDB Local counts the index writes of a transaction twice, so it has its own
    // columns.
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
    for (route, done) in ACTIONS.iter().zip(scenarios::done().await) {
        let (function, tally) = (route.name(), &done.tally);
        let wanted = rows
            .get(function)
            .unwrap_or_else(|| panic!("{function} has no row in tests/costs.txt"));
        let used = [
            tally.calls.len().to_string(),
            tally.round_trips.to_string(),
            tally.read_units.to_string(),
            tally.write_units.to_string(),
        ];
        if used.iter().zip(wanted).any(|(used, wanted)| used != wanted && *wanted != "-") {
            wrong
                .push(format!("{function}: used {used:?}, expected {wanted:?}: {:?}", tally.calls));
        }
        for grant in route.grants {
            let is_used =
                grant.calls().iter().any(|call| tally.calls.iter().any(|called| called == call))
                    || grant.table().is_none();
            assert!(
                is_used || UNSEEN.contains(&(function, *grant)),
                "{function} makes no call that {grant:?} allows: remove the grant, or add it to `UNSEEN`"
            );
        }
        assert!(
            tally.round_trips <= 2 || MORE.contains(&function),
            "{function} needs more than two round trips: add it to `MORE` with the reason"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(rows.len(), ACTIONS.len(), "tests/costs.txt has a row for an unknown function");
}

#[tokio::test]
async fn a_report_costs_the_same_for_any_number_of_events() {
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
        let events: Vec<Value> =
            (0..200).map(|i| usage::event(&format!("{batch}-{i}"), at, "chat", "1")).collect();
        usage::record(&meter, &org, &events).await;
        world.host.call_log().take("query_usage");
        ann.get(&format!("/v1/orgs/{org}/usage")).await.expect(200);
        costs.push(world.host.call_log().take("query_usage").calls.len());
    }
    assert_eq!(costs[0], costs[2]);
}

/// List prices in dollars: a million read units, a million write units, a million requests to an
/// HTTP API, a million requests to Lambda, and a GB-second of Lambda on arm64. docs/performance.md
/// names the date and the region.
const PRICES: [f64; 5] = [0.125, 0.625, 1.0, 0.2, 0.000_013_333_4];

#[test]
fn the_prices_in_the_docs_follow_from_the_golden_costs() {
    let [read, write, api, request, gb_second] = PRICES;
    let mut table =
        "| function | reads | writes | a million calls |\n|---|---|---|---|\n".to_owned();
    for line in include_str!("costs.txt").lines().filter(|line| {
        !line.starts_with('#') && !line.starts_with("function") && !line.contains('-')
    }) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let [round_trips, reads, writes] = [2, 3, 4].map(|at| cells[at].parse::<f64>().unwrap());
        let route = ACTIONS.iter().find(|route| route.name() == cells[0]).unwrap();
        let is_asked = matches!(route.trigger, Trigger::Http { .. } | Trigger::Page { .. });
        // 256 MiB for 2 ms, plus 5 ms for each round trip.
        let seconds = 0.002 + 0.005 * round_trips;
        let cents = 100.0
            * (reads * read
                + writes * write
                + if is_asked { api } else { 0.0 }
                + request
                + 1e6 * 0.25 * seconds * gb_second);
        writeln!(table, "| `{}` | {reads} | {writes} | {:.2} $ |", cells[0], cents.round() / 100.0)
            .unwrap();
    }
    assert!(
        include_str!("../docs/performance.md").contains(&table),
        "docs/performance.md must contain this table:\n{table}"
    );
}
