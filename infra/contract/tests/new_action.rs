//! `new-action` on a copy of the files that it changes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use orgs_contract::{NewActionError, new_action};
use tempfile::TempDir;

const FILES: [&str; 8] = [
    "functions/lib.rs",
    "functions/registry.rs",
    "policies/schema.cedarschema",
    "policies/matrix.txt",
    "tests/authz/expected.txt",
    "tests/costs.txt",
    "tests/members/mod.rs",
    "tests/scenarios.rs",
];

fn copy() -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copy = tempfile::tempdir().unwrap();
    for file in FILES {
        let path = copy.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(root.join(file), path).unwrap();
    }
    fs::create_dir_all(copy.path().join("functions/members")).unwrap();
    copy
}

#[test]
fn the_skeleton_has_a_handler_a_test_and_a_row_in_every_table() {
    let copy = copy();
    let changed = new_action(copy.path(), "members", "get_badge").unwrap();
    assert_eq!(changed.len(), FILES.len() + 2);
    for file in &changed {
        let text = fs::read_to_string(copy.path().join(file)).unwrap();
        assert!(text.contains("get_badge") || text.contains("get-badge"), "{file}");
    }
    let handler = fs::read_to_string(copy.path().join("functions/members/get_badge.rs")).unwrap();
    assert!(handler.contains("action!(get_badge, returns: OrgView)"));
    assert!(handler.contains("ActionName::GetBadge"));
}

#[test]
fn an_invalid_request_changes_no_file() {
    let copy = copy();
    let error = |noun: &str, action: &str| {
        new_action(copy.path(), noun, action).map(drop).unwrap_err().to_string()
    };
    let messages = [
        error("members", "GetBadge"),
        error("members", ""),
        error("planets", "get_badge"),
        error("members", "change_role"),
    ];
    assert_eq!(
        messages,
        [
            "`GetBadge` is not a name: use lower-case letters and underscores",
            "`` is not a name: use lower-case letters and underscores",
            "there is no noun `planets`: functions/lib.rs lists them",
            "the action `change_role` exists already",
        ]
    );
    fs::write(copy.path().join("tests/scenarios.rs"), "").unwrap();
    let result = new_action(copy.path(), "members", "get_badge");
    assert!(matches!(result, Err(NewActionError::NoPlace(_))), "{result:?}");
    fs::remove_file(copy.path().join("tests/costs.txt")).unwrap();
    let result = new_action(copy.path(), "members", "get_badge");
    assert!(matches!(result, Err(NewActionError::Io(..))), "{result:?}");
    assert!(!copy.path().join("functions/members/get_badge.rs").exists());
}
