//! From a process's start to its first answer, and its memory, beside a function that does nothing: a table in Markdown.
//!
//! `ORGS_TEST_BINARIES=<directory of <function>/bootstrap> cargo bench -p orgs-tests --bench startup`

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends where something is not as it says"
)]

#[path = "../lambda/runtime.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod runtime;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use orgs_local::{Data, Dynamo, Faults, Host, HostOptions, MailFaults};
use runtime::{Lambda, Outcome};
use serde_json::{Value, json};

/// How often each is started; the middle one counts.
const RUNS: usize = 21;

/// What is measured: the function, the method and what its answer is.
const FUNCTIONS: [(&str, &str, u64); 8] = [
    ("empty", "GET", 200),
    ("health", "GET", 200),
    ("console", "GET", 200),
    ("get_org", "GET", 404),
    ("create_org", "POST", 201),
    ("invite_member", "POST", 404),
    ("change_role", "PATCH", 404),
    ("record_usage", "POST", 404),
];

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

fn middle(mut values: Vec<Duration>) -> f64 {
    values.sort();
    values[values.len() / 2].as_secs_f64() * 1000.0
}

/// The most memory that a process had, in MiB.
fn memory(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

#[tokio::main]
async fn main() {
    #[expect(clippy::disallowed_methods, reason = "the benchmark's own setting")]
    let Ok(binaries) = std::env::var("ORGS_TEST_BINARIES").map(PathBuf::from) else {
        println!("skipped: ORGS_TEST_BINARIES names no release binaries");
        return;
    };
    let options = HostOptions {
        addr: "127.0.0.1:0".parse().unwrap(),
        data: Data::Memory,
        frozen: false,
        settings: orgs_http::Settings::read(|name| (name == "ORGS_PER_CREATOR").then(|| "1000".to_owned())).unwrap(),
        dynamo: Dynamo::Embedded,
        faults: Faults::None,
        mail_faults: MailFaults::None,
        refused_events: 0,
        repeats_records: false,
    };
    let host = Host::start(options).await.unwrap();
    let [core, usage] = host.tables().clone();
    let environment = [
        ("CORE_TABLE", core),
        ("USAGE_TABLE", usage),
        ("AWS_ENDPOINT_URL_DYNAMODB", host.dynamo_url().to_owned()),
        ("ORGS_PER_CREATOR", "1000".to_owned()),
    ];
    println!("| function | asks for its first event | first answer | second answer | of `empty`'s first answer | memory |");
    println!("|---|---|---|---|---|---|");
    let mut empty = None;
    for (function, method, status) in FUNCTIONS {
        let (mut ready, mut first, mut second, mut most) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
        for _ in 0..RUNS {
            let started = Instant::now();
            let lambda = Lambda::start(&binaries.join(function).join("bootstrap"), &environment).await;
            ready.push(lambda.ready().await);
            let mut since = started;
            for times in [&mut first, &mut second] {
                let Outcome::Response(answer) = lambda.invoke(&event(method)).await else { panic!("{}", lambda.logs()) };
                assert_eq!(answer["statusCode"], status, "{answer}");
                times.push(since.elapsed());
                since = Instant::now();
            }
            most = most.max(memory(lambda.pid()));
        }
        let first = middle(first);
        let least = *empty.get_or_insert(first);
        println!(
            "| `{function}` | {:.1} ms | {first:.1} ms | {:.1} ms | {:.1} × | {most:.1} MiB |",
            middle(ready),
            middle(second),
            first / least
        );
    }
    host.stop().await;
}
