//! Validates every published event against `infra/events.schema.json`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::scenarios;
use crate::world::suite;

#[tokio::test]
async fn every_published_event_matches_the_schema() {
    if suite("ORGS_TEST_FAULTS").is_some() {
        return;
    }
    let files = orgs_contract::files().unwrap();
    let schema: Value = serde_json::from_str(
        &files.iter().find(|(path, _)| *path == "infra/events.schema.json").unwrap().1,
    )
    .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut seen = BTreeSet::new();
    for event in scenarios::done().await.iter().flat_map(|done| &done.events) {
        if let Err(error) = validator.validate(event) {
            panic!("{event}: {error}");
        }
        seen.insert(event["detail-type"].as_str().unwrap());
    }
    let described: BTreeSet<&str> = schema["$defs"]
        .as_object()
        .unwrap()
        .keys()
        .filter_map(|name| name.strip_prefix("event."))
        .collect();
    assert_eq!(seen, described);
}
