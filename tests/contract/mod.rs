//! Checks the generated files, and sends malformed requests.

use std::path::Path;

use orgs_functions::registry::ACTIONS;
use orgs_runtime::action::Trigger;
use serde_json::{Value, json};

use crate::world::World;

#[test]
fn the_generated_files_match_the_route_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (path, text) in orgs_contract::files().unwrap() {
        let there = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        assert!(there == text, "{path} is not current: run `cargo run -- contract`");
    }
}

fn generated(name: &str) -> Value {
    let files = orgs_contract::files().unwrap();
    serde_json::from_str(&files.iter().find(|(path, _)| *path == name).unwrap().1).unwrap()
}

/// Panics if a reference of the document does not resolve.
fn assert_references_resolve(document: &Value) {
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap())
    {
        assert!(document.pointer(reference).is_some(), "{reference} does not resolve");
    }
}

#[test]
fn the_openapi_document_names_every_route_and_resolves_every_reference() {
    let document = generated("infra/openapi.json");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((
                method.to_uppercase(),
                path.clone(),
                operation["operationId"].as_str().unwrap().to_owned(),
            ));
        }
    }
    operations.sort();
    let mut routes: Vec<(String, String, String)> = ACTIONS
        .iter()
        .filter_map(|route| match route.trigger {
            Trigger::Http { method, path, .. } => {
                Some((method.to_owned(), path.to_owned(), route.name().to_owned()))
            }
            _ => None,
        })
        .collect();
    routes.sort();
    assert_eq!(operations, routes);
    assert_references_resolve(&document);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn the_event_schema_is_valid_and_rejects_invalid_events() {
    let schema = generated("infra/events.schema.json");
    jsonschema::meta::validate(&schema).unwrap();
    assert_references_resolve(&schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let docs = include_str!("../../docs/reference/events.md");
    let example: Value =
        serde_json::from_str(docs.split("```json\n").nth(1).unwrap().split("```").next().unwrap())
            .unwrap();
    validator.validate(&example).unwrap();
    for (pointer, other) in [
        ("/detail-type", json!("leave_org")),
        ("/detail/action", json!("leave_org")),
        ("/detail/before", Value::Null),
        ("/detail/after/role", json!("boss")),
        ("/detail/actor/user_id", json!(1)),
        ("/source", json!("aws.s3")),
    ] {
        let mut wrong = example.clone();
        *wrong.pointer_mut(pointer).unwrap() = other;
        assert!(!validator.is_valid(&wrong), "the schema accepts any value at {pointer}");
    }
}

/// No request crashes the process or causes a 5xx response.
#[tokio::test]
async fn malformed_requests_never_cause_a_5xx() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let odd_segments = [
        "",
        ".",
        "..",
        "%00",
        "%ff%fe",
        "%2f",
        "%2e%2e",
        "%25",
        "%C3%28",
        "a%20b",
        "%F0%9F%92%A9",
        "\u{7f}",
        "[",
        "{org_id}",
        &"x".repeat(3000),
    ];
    let odd_bodies = [
        "",
        "null",
        "0",
        "\"\"",
        "[]",
        "{}",
        "{\"a\":",
        "\u{0}",
        "{\"name\":1e999}",
        "{\"token\":\"\\u0000\"}",
        "[[[[[[[[[[",
        "{\"events\":[{\"credits\":1e999}]}",
        "\u{feff}{}",
    ];
    let odd_queries = [
        "%",
        "%ff",
        "=",
        "&&",
        "a=%00",
        "limit=99999999999999999999",
        "cursor=%00",
        "cursor=QUFB",
        "from=%00",
        "q=%F0%9F%92%A9",
        "q=%00",
        "limit[]=1",
        "role=%00",
    ];
    for route in ACTIONS {
        let Trigger::Http { method, path, .. } = route.trigger else { continue };
        let good = path.replace("{org_id}", &org).replace("{user_id}", "ann");
        let mut paths: Vec<String> = odd_segments
            .iter()
            .map(|odd| path.replace("{org_id}", odd).replace("{user_id}", odd))
            .collect();
        paths.extend(
            odd_segments.iter().map(|odd| path.replace("{org_id}", &org).replace("{user_id}", odd)),
        );
        paths.extend(odd_queries.iter().map(|query| format!("{good}?{query}")));
        for path in paths {
            let answer = ann.call(method, &path, Some(&json!({}))).await;
            assert!(answer.status < 500, "{method} {path}: {answer}");
        }
        for body in odd_bodies {
            // Skip requests that would end the membership that the others need.
            if matches!(route.name(), "leave_org" | "remove_member") {
                continue;
            }
            let request =
                ann.request(method, &good).header("content-type", "application/json").body(body);
            let answer = ann.send(request).await;
            assert!(answer.status < 500, "{method} {good} {body:?}: {answer}");
        }
        for (name, value) in [
            ("idempotency-key", &b"\xff\xfe"[..]),
            ("if-match", b"\xff"),
            ("content-type", b"\xff"),
            ("x-odd", b"\xc3\xa9"),
            ("accept", b"\xff"),
            ("x-forwarded-proto", b"a b"),
            ("cookie", b"a=\xff"),
        ] {
            let request = ann
                .request(method, &good)
                .header(name, reqwest::header::HeaderValue::from_bytes(value).unwrap());
            let answer = ann.send(request.header("content-length", "0")).await;
            assert!(answer.status < 500, "{method} {good} {name}: {answer}");
        }
    }
    assert_eq!(world.nobody().get("/v1/health").await.status, 200);
}
