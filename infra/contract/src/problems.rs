//! The problems in the OpenAPI document: the codes, and the error responses of each operation.

use std::collections::{BTreeMap, BTreeSet};

use orgs_policies::{ActionName, NEVER_RESTRICTED};
use orgs_runtime::ProblemCode;
use orgs_runtime::action::{Action, Caller};
use serde_json::{Value, json};

use crate::idempotency::takes_idempotency_key;

/// Returns the schema of all codes, each with its status, meaning and remedy.
pub(super) fn codes() -> Value {
    let rows = ProblemCode::ALL.iter().map(|code| {
        let (name, status) = (code.as_str(), code.status());
        format!("- `{name}` ({status}): {}. To fix: {}.", code.meaning(), code.remedy())
    });
    let rows: Vec<String> = rows.collect();
    let description = format!(
        "A stable error code. New codes may be added: treat an unknown one by its status.\n\n{}",
        rows.join("\n")
    );
    let codes: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({"type": "string", "description": description, "examples": codes})
}

/// Returns the response with a status: its codes, and its headers.
pub(super) fn response(status: u16, codes: &BTreeSet<ProblemCode>) -> Value {
    let meanings: Vec<String> =
        codes.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.meaning())).collect();
    let headers = match status {
        _ if codes.contains(&ProblemCode::BudgetHeld) || matches!(status, 429 | 503) => {
            json!({"Retry-After": {
                "description": "The seconds to wait before the next attempt.",
                "schema": {"type": "integer"},
            }})
        }
        _ => json!({}),
    };
    json!({
        "description": meanings.join("\n"),
        "headers": headers,
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
        }},
    })
}

/// Returns the problems of an operation by status: those that follow from its method, path, caller
/// and grants, and those that it declares.
pub(super) fn of(
    action: &Action,
    method: &str,
    path: &str,
    caller: Caller,
) -> BTreeMap<u16, BTreeSet<ProblemCode>> {
    let mut all = vec![ProblemCode::InternalError];
    if !action.grants.is_empty() {
        all.push(ProblemCode::Contention);
    }
    if method != "GET" {
        all.extend([ProblemCode::BodyTooLarge, ProblemCode::ValidationFailed]);
        if action.schemas.form.is_none() {
            all.extend([ProblemCode::MalformedJson, ProblemCode::UnsupportedMediaType]);
        }
        if takes_idempotency_key(action) && caller != Caller::Anybody {
            all.push(ProblemCode::IdempotencyKeyReused);
        }
    }
    if path.contains("{org_id}") {
        all.push(ProblemCode::OrgNotFound);
    }
    let is_member = matches!(caller, Caller::Member(_) | Caller::MemberOrService(..));
    let can_be_restricted =
        ActionName::named(action.name()).is_some_and(|action| !NEVER_RESTRICTED.contains(&action));
    if is_member && can_be_restricted {
        all.push(ProblemCode::OrgPolicy);
    }
    all.extend(action.problems);
    let mut problems: BTreeMap<u16, BTreeSet<ProblemCode>> = BTreeMap::new();
    for code in all {
        problems.entry(code.status()).or_default().insert(code);
    }
    problems
}
