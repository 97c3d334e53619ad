//! Runs `tests/browser/`, the tests of the pages in a real browser. They need Node, their packages
//! (`npm ci`) and Chromium.

use std::path::Path;
use std::process::Command;

use crate::world::{skipped, suite};

/// Returns what is missing on this machine, and how to install it.
fn missing(folder: &Path) -> Option<&'static str> {
    let runs = |program: &str| {
        Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    if !runs("node") {
        Some("Node is not installed")
    } else if !runs("chromium") {
        Some("Chromium is not installed")
    } else if !folder.join("node_modules").exists() {
        Some("its packages are not installed: (cd tests/browser && npm ci)")
    } else if !folder.join("../../clients/typescript/react/dist").exists() {
        Some("the components are not built: (cd clients/typescript && npm ci && npm run build)")
    } else if !folder.join("../../clients/examples/acme/node_modules").exists() {
        Some("the sample's packages are not installed: (cd clients/examples/acme && npm ci)")
    } else {
        None
    }
}

#[test]
fn the_pages_work_in_a_browser() {
    if suite("ORGS_TEST_FAULTS").is_some() {
        // Faults of the database do not change the pages.
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    if let Some(what) = missing(&folder) {
        assert!(suite("ORGS_TEST_BROWSER").as_deref() != Some("required"), "{what}");
        skipped(&format!("the pages in a browser: {what}"));
        return;
    }
    // The host is built beside this test.
    let host = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("local");
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(
            ["page", "console", "console-trouble", "components", "acme"]
                .map(|name| folder.join(format!("{name}.test.mjs"))),
        )
        .env("ORGS_LOCAL", host)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
