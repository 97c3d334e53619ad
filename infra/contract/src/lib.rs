//! Generates files from the declarations of actions, for clients, documents and infrastructure as
//! code: `cargo run -- contract`. A test compares them.

mod event_schema;
mod idempotency;
mod new_action;
mod openapi;
mod problems;

use orgs_functions::registry::ACTIONS;
use orgs_runtime::action::{Action, Caller, MAIL_QUEUE, Trigger};
use orgs_store::tables::TABLES;
use serde_json::{Value, json};

pub use self::new_action::{NewActionError, new_action};

/// Returns every generated file: its path from the root of the repository, and its text.
///
/// # Errors
/// An error of `serde_json` if a schema cannot be converted to JSON. The tests rule that out.
pub fn files() -> Result<[(&'static str, String); 5], serde_json::Error> {
    let functions: Vec<Value> = ACTIONS.iter().map(function).collect();
    Ok([
        ("clients/typescript/react/src/texts/audit-actions.ts", audit_actions()?),
        ("infra/events.schema.json", pretty(&event_schema::schema()?)?),
        ("infra/openapi.json", pretty(&openapi::document()?)?),
        ("infra/routes.json", pretty(&json!({"functions": functions}))?),
        ("infra/tables.json", pretty(&json!({"tables": TABLES}))?),
    ])
}

/// Returns the labels of the audit log as a TypeScript module.
fn audit_actions() -> Result<String, serde_json::Error> {
    let mut module = vec![
        "// Written by `cargo run -- contract` from the declarations of the actions.".to_owned(),
        String::new(),
        "export const auditActions = {".to_owned(),
    ];
    for action in ACTIONS {
        if let Some(event) = &action.event {
            let label = serde_json::to_string(event.summary)?;
            module.push(format!("  {}: {label},", action.name()));
        }
    }
    module.push("};".to_owned());
    Ok(module.join("\n") + "\n")
}

fn pretty(value: &Value) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Returns a function's entry in `infra/routes.json`, from which Terraform creates its resources.
fn function(action: &Action) -> Value {
    let grants: Vec<&str> = action.grants.iter().map(|grant| grant.word()).collect();
    let statements: Vec<Value> = action
        .grants
        .iter()
        .map(|grant| {
            json!({
                "grant": grant.word(),
                "actions": grant.iam_actions(),
                "table": grant.table(),
            })
        })
        .collect();
    json!({
        "name": action.name(),
        "description": action.summary,
        "trigger": trigger(action.trigger),
        "grants": grants,
        "statements": statements,
    })
}

/// Returns the trigger of a function, as Terraform reads it.
fn trigger(trigger: Trigger) -> Value {
    match trigger {
        Trigger::Http { method, path, caller } => json!({"http": {
            "method": method,
            "path": path,
            "authorizer": caller != Caller::Anybody,
            "callers": caller.describe(),
        }}),
        Trigger::Stream(records) => json!({"stream": {
            "table": records.table(),
            "filter": records.pattern(),
            "batch_size": records.batch_size(),
            "batching_window_seconds": records.batching_window_seconds(),
            "report_batch_item_failures": true,
            "bisect_batch_on_error": true,
            "maximum_retry_attempts": 360,
        }}),
        Trigger::MailQueue => json!({"mail_queue": {
            "source": MAIL_QUEUE.source,
            "batch_size": MAIL_QUEUE.batch_size,
            "concurrency": MAIL_QUEUE.concurrency,
            "visibility_seconds": MAIL_QUEUE.visibility_seconds,
            "receives": MAIL_QUEUE.receives,
        }}),
        Trigger::Page { paths } => json!({"page": {"methods": ["GET", "HEAD"], "paths": paths}}),
        Trigger::Hourly => json!({"schedule": {"expression": "rate(1 hour)"}}),
        Trigger::MailFeedback => json!({"sns": {
            "topic": "mail_feedback",
            "events": ["BOUNCE", "COMPLAINT", "DELIVERY"],
        }}),
    }
}
