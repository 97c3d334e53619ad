//! The shape of the code, as the design says it. Each message says what to do.

mod circles;
mod errors;
mod links;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use orgs_functions::registry::{self, ACTIONS};
use orgs_policies::ACTIONS as POLICY_ACTIONS;
use orgs_runtime::Metric;
use orgs_runtime::action::{Grant, Trigger};
use orgs_store::WarmUp;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file below a folder.
fn sources(path: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(path)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The dependencies that a manifest names (not those of its tests).
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let section = text
        .split("\n[dependencies]\n")
        .nth(1)
        .unwrap_or_default()
        .split("\n[")
        .next()
        .unwrap_or_default();
    section
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The files in which an action is declared, by the action's name.
fn actions() -> BTreeMap<String, String> {
    let declared = sources("functions").into_iter().filter_map(|(path, text)| {
        text.contains("pub const ACTION: Action =")
            .then(|| (path.file_stem().unwrap().to_str().unwrap().to_owned(), text))
    });
    declared.collect()
}

#[test]
fn one_name_per_action() {
    let actions = actions();
    let declared: BTreeSet<String> = actions.keys().cloned().collect();
    let routes: BTreeSet<String> = ACTIONS.iter().map(|route| route.name().to_owned()).collect();
    assert_eq!(
        declared, routes,
        "every action's file in functions/ is a line in functions/registry.rs, and the other way round"
    );
    for (name, text) in &actions {
        assert!(
            text.contains(&format!("async fn {name}(")),
            "the handler in {name}.rs has the name of the action"
        );
        assert_eq!(
            registry::function(name).unwrap().0.name,
            name,
            "the Lambda binary finds it by its handler"
        );
    }
    assert!(registry::function("bootstrap").is_none());
    let asked: BTreeSet<String> = ACTIONS
        .iter()
        .filter(|route| matches!(route.trigger, Trigger::Http { .. }))
        .map(|route| route.name().to_owned())
        .collect();
    let mut decided: BTreeSet<String> =
        POLICY_ACTIONS.iter().map(|schema| schema.name.to_owned()).collect();
    // Programs ask `check_access` about it, and do it themselves.
    decided.remove("use_resource");
    assert_eq!(
        asked, decided,
        "every route is an action in policies/schema.cedarschema, and the other way round"
    );
}

#[test]
fn no_build_aborts_on_a_panic() {
    // Lambda's runtime catches a panic, and the process answers the next request.
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let profiles = manifest.split_once("\n[profile.").unwrap().1;
    assert!(
        profiles.contains("lambda]") && !profiles.contains("\npanic"),
        "Cargo.toml: a profile sets `panic`"
    );
    let package = fs::read_to_string(root().join("infra/package.sh")).unwrap();
    assert!(
        package.contains("--disable-optimizations"),
        "infra/package.sh: cargo-lambda's own settings abort"
    );
}

#[test]
fn alarms_and_dashboards_watch_metrics_that_there_are() {
    let read = |file: &str| {
        fs::read_to_string(root().join("infra/terraform/organizations").join(file)).unwrap()
    };
    let (alarms, dashboard) = (read("alarms.tf"), read("dashboard.tf"));
    let alarmed = alarms.lines().filter_map(|line| line.split("metric = \"").nth(1));
    // A widget names the namespace in its first line, and `.` for the same in those below.
    let own = dashboard.split("local.metrics_namespace, \"").skip(1);
    let shown = own.flat_map(|widget| {
        let lines = widget.lines().take_while(|line| !line.trim_start().starts_with(']'));
        lines.map(|line| line.trim_start().trim_start_matches("[\".\", \"")).collect::<Vec<_>>()
    });
    let watched: BTreeSet<&str> =
        alarmed.chain(shown).map(|line| line.split('"').next().unwrap()).collect();
    let there: BTreeSet<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
    assert!(watched.len() >= 7, "{watched:?}");
    assert!(
        watched.is_subset(&there),
        "metrics of shared/runtime/src/metrics.rs that are watched, and not there: {watched:?}"
    );
}

#[test]
fn every_alarm_has_a_runbook() {
    let alarms =
        fs::read_to_string(root().join("infra/terraform/organizations/alarms.tf")).unwrap();
    let runbooks = fs::read_to_string(root().join("docs/guides/operate.md")).unwrap();
    let names = |indent: &str| -> Vec<String> {
        let lines = alarms
            .lines()
            .filter_map(|line| line.strip_prefix(indent)?.split_once(" = {"))
            .map(|(name, _)| name.trim());
        lines
            .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            .map(|name| name.replace('_', "-"))
            .collect()
    };
    let alarms = names("    ");
    assert!(alarms.len() >= 10, "{alarms:?}");
    for alarm in alarms {
        assert!(
            runbooks.contains(&format!("\n### {alarm}\n")),
            "docs/guides/operate.md has no runbook for {alarm}"
        );
    }
}

#[test]
fn no_floating_point_number_comes_near_credits() {
    for folder in ["shared/domain", "shared/store", "shared/runtime", "functions"] {
        for (path, text) in sources(folder) {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let mut words = text.split(|c: char| !is_word(c));
            assert!(
                !words.any(|word| word == "f32" || word == "f64"),
                "{}: amounts are integers of millionths",
                path.display()
            );
        }
    }
}

#[test]
fn every_function_with_a_table_warms_up_by_a_call_that_it_may_make() {
    for route in ACTIONS {
        let (_, warm_up) = registry::function(route.name()).unwrap();
        let needed = warm_up.map(|warm_up| match warm_up {
            WarmUp::GetCore => Grant::ReadCore,
            WarmUp::QueryCore => Grant::ListCore,
            WarmUp::QueryUsage => Grant::ListUsage,
        });
        assert!(needed.is_none_or(|grant| route.grants.contains(&grant)), "{}", route.name());
        assert_eq!(
            needed.is_some(),
            route.grants.iter().any(|grant| grant.table().is_some()),
            "{}",
            route.name()
        );
    }
}

#[test]
fn every_route_has_a_test_file_of_its_name() {
    let tests: BTreeSet<String> = sources("tests")
        .into_iter()
        .filter_map(|(path, _)| path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned))
        .collect();
    for route in ACTIONS {
        assert!(tests.contains(route.name()), "tests/<noun>/{}.rs is missing", route.name());
    }
}

#[test]
fn dependencies_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("shared/domain", &[][..]),
        ("policies", &["orgs-domain"]),
        ("shared/views", &["orgs-domain"]),
        ("shared/store", &["orgs-domain", "orgs-policies", "orgs-views"]),
        ("shared/mail", &["orgs-domain"]),
        ("shared/events", &["orgs-domain"]),
        (
            "shared/runtime",
            &["orgs-domain", "orgs-events", "orgs-mail", "orgs-policies", "orgs-store"],
        ),
        (
            "functions",
            &[
                "orgs-domain",
                "orgs-events",
                "orgs-mail",
                "orgs-policies",
                "orgs-runtime",
                "orgs-store",
                "orgs-views",
            ],
        ),
        (
            "infra/contract",
            &[
                "orgs-domain",
                "orgs-events",
                "orgs-functions",
                "orgs-policies",
                "orgs-runtime",
                "orgs-store",
                "orgs-views",
            ],
        ),
    ]);
    for (folder, allowed) in allowed {
        let own: BTreeSet<String> = dependencies(&format!("{folder}/Cargo.toml"))
            .into_iter()
            .filter(|name| name.starts_with("orgs-"))
            .collect();
        assert_eq!(own, allowed.iter().map(|name| (*name).to_owned()).collect(), "{folder}");
    }
}

#[test]
fn the_domain_has_no_views() {
    for (path, text) in sources("shared/domain") {
        assert!(
            !text.contains("View {"),
            "{}: what the API shows of it belongs to shared/views",
            path.display()
        );
    }
}

#[test]
fn each_outside_thing_has_one_importer() {
    for (name, home) in [
        ("aws-sdk-dynamodb", "shared/store"),
        ("aws-sdk-ses", "shared/mail"),
        ("cedar-policy", "policies"),
        ("dynoxide-rs", "infra/local"),
        ("axum", "infra/local"),
    ] {
        for folder in [
            "shared/domain",
            "shared/views",
            "policies",
            "shared/store",
            "shared/mail",
            "shared/runtime",
            "functions",
            "infra/local",
        ] {
            let imports = dependencies(&format!("{folder}/Cargo.toml")).contains(name);
            assert_eq!(
                imports,
                folder == home,
                "{name} is imported by {home} alone, not by {folder}"
            );
        }
    }
    // The local host reads events as the actions' own crate does.
    assert!(
        !dependencies("functions/Cargo.toml").contains("lambda_http"),
        "functions speaks orgs_runtime, not lambda_http"
    );
}

#[test]
fn files_stay_short_and_have_names_that_say_something() {
    for folder in ["functions", "policies", "shared", "infra", "tests"] {
        for (path, text) in sources(folder) {
            let is_generated = text.lines().next().is_some_and(|line| line.contains("Generated"));
            assert!(
                is_generated || text.lines().count() <= 450,
                "{}: is there a second thing in it?",
                path.display()
            );
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                !["utils", "util", "helpers", "common", "misc"].contains(&name),
                "{}",
                path.display()
            );
        }
    }
}
