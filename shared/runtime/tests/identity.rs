//! Tests of the token samples in docs/guides/identity, as API Gateway's JWT authorizer passes them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::path::Path;

use orgs_runtime::{Caller, Settings};
use serde_json::Value;

fn page(provider: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/guides/identity")
        .join(format!("{provider}.md"));
    std::fs::read_to_string(&path).unwrap()
}

/// Returns the code block after a marker.
fn block<'a>(page: &'a str, marker: &str) -> &'a str {
    let after = page
        .split(&format!("<!-- {marker} -->\n```"))
        .nth(1)
        .unwrap_or_else(|| panic!("no {marker}"));
    after.split_once('\n').unwrap().1.split("\n```").next().unwrap()
}

/// Converts claims to API Gateway's format: all values are strings, and a list is `[a b]`.
fn claims(sample: &str) -> HashMap<String, String> {
    let sample: HashMap<String, Value> = serde_json::from_str(sample).unwrap();
    let written = |value: Value| match value {
        Value::String(text) => text,
        Value::Array(values) => format!(
            "[{}]",
            values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(" ")
        ),
        other => other.to_string(),
    };
    sample.into_iter().map(|(name, value)| (name, written(value))).collect()
}

#[test]
fn each_provider_s_tokens_are_understood_with_its_settings() {
    for (provider, ann, meter) in [
        ("cognito", "f3e4b8a2-5041-70a1-9c1d-0b1e2c3d4e5f", "7example98765432"),
        ("auth0", "auth0|65f0c0ffee", "meter0example@clients"),
        (
            "keycloak",
            "0c5a7d1e-6f0b-4e57-9d58-2f3a1c9b7e42",
            "7d1f3a52-90a4-4b5e-8f19-1f8a2f4f1d11",
        ),
    ] {
        let page = page(provider);
        let given: HashMap<&str, &str> =
            block(&page, "settings").lines().map(|line| line.split_once('=').unwrap()).collect();
        let settings =
            Settings::read(|name| given.get(name).map(|value| (*value).to_owned())).unwrap().claims;

        let caller =
            Caller::from_claims(&claims(block(&page, "sample: person")), &settings).unwrap();
        assert_eq!(caller.person.user_id.as_str(), ann, "{provider}");
        assert_eq!(
            caller.person.verified_email().unwrap().as_entered(),
            "ann@example.com",
            "{provider}"
        );
        assert_eq!(caller.person.name.as_deref(), Some("Ann"), "{provider}");
        assert!(caller.scopes.is_empty(), "{provider}: a person's scopes do not count");

        let program = claims(block(&page, "sample: service client"));
        let caller = Caller::from_claims(&program, &settings).unwrap();
        assert_eq!(
            (caller.person.user_id.as_str(), caller.scopes),
            (meter, vec!["usage:write".to_owned()]),
            "{provider}"
        );
        assert!(caller.person.verified_email().is_none(), "{provider}");

        let none = Settings::read(|name| {
            given.get(name).filter(|_| name != "SERVICE_CLIENTS").map(|value| (*value).to_owned())
        })
        .unwrap()
        .claims;
        assert!(
            Caller::from_claims(&program, &none).unwrap().scopes.is_empty(),
            "{provider}: the client is not a service client"
        );
    }
}
