//! Measures the time from the start of a process to its first response, and its memory, compared
//! with an empty function. Prints a table in Markdown.
//!
//! The database is empty and responds at once, because its speed does not depend on the function.
//!
//! `ORGS_TEST_BINARIES=<directory> cargo bench --profile dev -p orgs-tests --bench startup`
//!
//! The directory contains the binary of all actions (`bootstrap`) and the binaries of the probes
//! (`empty/bootstrap`, `minimal/bootstrap`). To compare several directories, separate them as in
//! `PATH`. The bench starts each function from each directory in turn.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints its results and fails by panicking"
)]

#[path = "../lambda/runtime.rs"]
#[expect(dead_code, reason = "the tests use the rest of the module")]
mod runtime;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use runtime::{Lambda, Outcome, binary};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The number of starts of each function. The bench reports the median.
const RUNS: usize = 41;

/// The measured functions: the name, the method, and the status of the response.
const FUNCTIONS: [(&str, &str, u64); 9] = [
    ("empty", "GET", 200),
    ("minimal", "GET", 200),
    ("health", "GET", 200),
    ("console", "GET", 200),
    ("get_org", "GET", 404),
    ("create_org", "POST", 201),
    ("invite_member", "POST", 404),
    ("change_role", "PATCH", 404),
    ("record_usage", "POST", 404),
];

/// The measured functions that are not actions.
const PROBES: [&str; 2] = ["empty", "minimal"];

/// Returns the response of an empty DynamoDB to every call.
async fn nothing() -> Json<Value> {
    Json(json!({"Responses": {}, "UnprocessedKeys": {}, "Items": [], "Count": 0}))
}

fn event(method: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "headers": {"content-type": "application/json"},
        "pathParameters": {"org_id": "org_019ab3c0d5e07f10a2b3c4d5e6f70812", "user_id": "bob"},
        "requestContext": {
            "accountId": "1", "apiId": "a", "http": {"method": method, "path": "/", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "curl"},
            "authorizer": {"jwt": {"claims": {"sub": "ann", "email": "ann@example.com", "email_verified": "true", "name": "Ann"}, "scopes": null}},
            "requestId": "r", "routeKey": "$default", "stage": "$default", "timeEpoch": 0,
        },
        "body": "{\"name\":\"Acme\"}", "isBase64Encoded": false,
    })
}

/// The measurements of one function from one binary.
struct Seen {
    binary: PathBuf,
    function: &'static str,
    method: &'static str,
    status: u64,
    ready: Vec<Duration>,
    first: Vec<Duration>,
    second: Vec<Duration>,
    memory: f64,
}

impl Seen {
    /// Starts the function once and sends two requests.
    async fn start(&mut self, environment: &[(&str, String)]) {
        let started = Instant::now();
        let lambda = Lambda::start(&self.binary, self.function, environment).await;
        self.ready.push(lambda.ready().await);
        let mut since = started;
        for times in [&mut self.first, &mut self.second] {
            let Outcome::Response(answer) = lambda.invoke(&event(self.method)).await else {
                panic!("{}", lambda.logs())
            };
            assert_eq!(answer["statusCode"], self.status, "{answer}");
            times.push(since.elapsed());
            since = Instant::now();
        }
        self.memory = self.memory.max(memory(lambda.pid()));
    }
}

/// Returns the median in milliseconds.
fn middle(values: &mut [Duration]) -> f64 {
    values.sort();
    values[values.len() / 2].as_secs_f64() * 1000.0
}

/// Returns the peak memory of a process in MiB.
fn memory(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

#[tokio::main]
async fn main() {
    let Some(binaries) = std::env::var_os("ORGS_TEST_BINARIES") else {
        println!("skipped: ORGS_TEST_BINARIES names no release binaries");
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let environment =
        [("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{}", listener.local_addr().unwrap()))];
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    tokio::spawn(axum::serve(listener, Router::new().route("/", post(nothing))).into_future());
    let directories: Vec<PathBuf> = std::env::split_paths(&binaries).collect();
    let found = FUNCTIONS.into_iter().flat_map(|(function, method, status)| {
        let all = directories.iter().map(move |directory| binary(directory, function));
        let is_probe = PROBES.contains(&function);
        all.filter(move |binary| {
            binary.is_file() && (!is_probe || binary.ends_with(format!("{function}/bootstrap")))
        })
        .map(move |binary| Seen {
            binary,
            function,
            method,
            status,
            ready: Vec::new(),
            first: Vec::new(),
            second: Vec::new(),
            memory: 0.0,
        })
    });
    let mut found: Vec<Seen> = found.collect();
    // All functions start in turn, so that a slow second of the machine does not affect only one.
    for _ in 0..RUNS {
        for seen in &mut found {
            seen.start(&environment).await;
        }
    }
    println!(
        "| function | binary | first event | first response | second response | relative to the first response of `empty` | memory |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut empty = None;
    for seen in &mut found {
        let first = middle(&mut seen.first);
        let baseline = *empty.get_or_insert(first);
        println!(
            "| `{}` | {} | {:.2} ms | {first:.2} ms | {:.2} ms | {:.2} × | {:.1} MiB |",
            seen.function,
            seen.binary.display(),
            middle(&mut seen.ready),
            middle(&mut seen.second),
            first / baseline,
            seen.memory
        );
    }
}
