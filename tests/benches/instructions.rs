//! Counts the instructions of a warm invocation with callgrind, and prints a table in Markdown. The
//! load of the machine does not affect the count.
//!
//! `ORGS_TEST_BINARIES=<directory> cargo bench --profile dev -p orgs-tests --bench instructions`
//!
//! The directory contains the binary of all actions (`bootstrap`). To compare several directories,
//! separate them as in `PATH`. `valgrind` must be on the `PATH`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints its results and fails by panicking"
)]

#[path = "../lambda/runtime.rs"]
#[expect(dead_code, reason = "the tests use the rest of the module")]
mod runtime;

use std::path::{Path, PathBuf};
use std::process::Command;

use orgs_local::{Host, HostOptions};
use orgs_runtime::Settings;
use reqwest::{Client, Method};
use runtime::{Lambda, Outcome, binary};
use serde_json::{Value, json};

/// The number of invocations before the count, and during it.
const WARM: u32 = 5;
const COUNTED: u32 = 20;

/// Returns the n-th event of a function.
type Event = fn(&Place, u32) -> Value;

/// The measured functions with their events.
const FUNCTIONS: [(&str, Event); 5] = [
    ("health", |place, _| place.event("GET", &[], None)),
    ("get_org", |place, _| place.event("GET", &[], None)),
    ("change_role", |place, n| {
        let role = if n.is_multiple_of(2) { "administrator" } else { "viewer" };
        place.event("PATCH", &[("user_id", "bob")], Some(&json!({"role": role})))
    }),
    ("record_usage", |place, n| {
        let now = place.host.now().to_rfc3339();
        let event = |i: u32| json!({"id": format!("{n}-{i}"), "timestamp": now, "kind": "chat", "credits": "0.25", "resource_id": format!("agent-{}", i % 5), "user_id": "bob"});
        place.event("POST", &[], Some(&json!({"events": (0..50).map(event).collect::<Vec<_>>()})))
    }),
    ("check_access", |place, _| {
        let actions = [
            "get_org",
            "update_org",
            "list_members",
            "invite_member",
            "create_resource",
            "get_budget",
        ];
        let checks: Vec<Value> =
            (0..30).map(|i| json!({"action": actions[i % actions.len()]})).collect();
        place.event("POST", &[], Some(&json!({"checks": checks})))
    }),
];

/// A host with the data for the functions: Ann's organization, with Bob as a member.
struct Place {
    host: Host,
    org: String,
}

impl Place {
    async fn start() -> Self {
        let host = Host::start(HostOptions::new(Settings::read(|_| None).unwrap())).await.unwrap();
        let client = Client::new();
        let call = async |method: Method, path: &str, token: &str, body: Value| -> Value {
            let request = client
                .request(method, format!("{}{path}", host.url()))
                .bearer_auth(token)
                .header("content-type", "application/json");
            let answer = request.body(body.to_string()).send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.json().await.unwrap()
        };
        let token = async |who: Value| {
            call(Method::POST, "/local/token", "", who).await["access_token"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let ann = token(json!({"sub": "ann", "email": "ann@example.com", "email_verified": true, "name": "Ann"})).await;
        let operator = token(json!({"sub": "svc", "scope": "orgs:operate"})).await;
        let org = call(Method::POST, "/v1/orgs", &ann, json!({"name": "Acme"})).await["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let bob = json!({"user_id": "bob", "email": "bob@example.com", "role": "viewer"});
        call(Method::POST, &format!("/v1/orgs/{org}/members"), &operator, bob).await;
        Self { host, org }
    }

    /// Returns an HTTP API event from Ann, whose token also has the scope to record usage.
    fn event(&self, method: &str, more: &[(&str, &str)], body: Option<&Value>) -> Value {
        let mut parameters = json!({"org_id": self.org});
        for (name, value) in more {
            parameters[name] = json!(value);
        }
        json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "headers": {"content-type": "application/json"},
            "pathParameters": parameters,
            "requestContext": {
                "accountId": "1", "apiId": "a", "http": {"method": method, "path": "/", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "curl"},
                "authorizer": {"jwt": {"claims": {
                    "sub": "ann", "email": "ann@example.com", "email_verified": "true", "name": "Ann", "client_id": "meter", "scope": "usage:write",
                }, "scopes": null}},
                "requestId": "r", "routeKey": "$default", "stage": "$default", "timeEpoch": 0,
            },
            "body": body.map(ToString::to_string), "isBase64Encoded": false,
        })
    }

    /// Counts the instructions of a process that answers `count` events, from `first` on.
    async fn instructions(
        &self,
        binary: &Path,
        function: &str,
        event: Event,
        first: u32,
        count: u32,
    ) -> u64 {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(binary);
        let [core, usage] = self.host.tables().clone();
        let environment = [
            ("AWS_ENDPOINT_URL_DYNAMODB", self.host.dynamo_url().to_owned()),
            ("CORE_TABLE", core),
            ("USAGE_TABLE", usage),
            ("SERVICE_CLIENTS", "meter".to_owned()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ];
        let mut lambda = Lambda::spawn(command, function, &environment).await;
        for n in first..first + count {
            let Outcome::Response(answer) = lambda.invoke(&event(self, n)).await else {
                panic!("{}", lambda.logs())
            };
            assert_eq!(answer["statusCode"], 200, "{function}: {answer}");
        }
        assert!(
            Command::new("kill")
                .args(["-TERM", &lambda.pid().to_string()])
                .status()
                .unwrap()
                .success()
        );
        lambda.ended();
        let logs = lambda.logs();
        let count = logs
            .lines()
            .find_map(|line| line.split_once("Collected : "))
            .unwrap_or_else(|| panic!("{logs}"));
        count.1.trim().parse().unwrap()
    }
}

#[tokio::main]
async fn main() {
    let Some(binaries) = std::env::var_os("ORGS_TEST_BINARIES") else {
        println!("skipped: ORGS_TEST_BINARIES names no release binaries");
        return;
    };
    println!("| function | binary | instructions of a warm invocation |\n|---|---|---|");
    for (function, event) in FUNCTIONS {
        for directory in std::env::split_paths(&binaries).collect::<Vec<PathBuf>>() {
            let binary = binary(&directory, function);
            let place = Place::start().await;
            let few = place.instructions(&binary, function, event, 0, WARM).await;
            let many = place.instructions(&binary, function, event, WARM, WARM + COUNTED).await;
            println!(
                "| `{function}` | {} | {} |",
                binary.display(),
                (many - few) / u64::from(COUNTED)
            );
            place.host.stop().await;
        }
    }
}
