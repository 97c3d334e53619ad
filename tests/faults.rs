//! Runs the whole suite again: under faults that no emulator produces, and on another DynamoDB.
//!
//! Each test runs this test binary once more with an environment variable. [`crate::world`] reads
//! it and starts its hosts accordingly.

use std::process::Command;

use crate::world::{skipped, suite};

/// Runs all other tests with this environment variable.
fn whole_suite(setting: &str, value: &str) {
    if suite("ORGS_TEST_FAULTS").is_some() {
        return;
    }
    let tests = std::env::current_exe().unwrap();
    let run = Command::new(tests)
        .args(["--skip", "faults::", "--skip", "architecture::"])
        .env(setting, value)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "with {setting}={value}:\n{printed}\n{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(!printed.contains("running 0 tests"), "{printed}");
}

#[test]
fn the_suite_passes_when_every_first_transaction_meets_a_conflict() {
    whole_suite("ORGS_TEST_FAULTS", "conflict-first");
}

#[test]
fn the_suite_passes_when_the_response_to_every_first_write_is_lost() {
    whole_suite("ORGS_TEST_FAULTS", "answer-lost-first");
}

#[test]
fn the_suite_passes_on_the_configured_dynamodb() {
    if suite("ORGS_TEST_DYNAMODB").is_none() {
        skipped(
            "the suite on AWS's DynamoDB Local: tests/dynamodb-local.sh starts it (it needs Java and npm)",
        );
    }
}
