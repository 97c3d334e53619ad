//! The files that the route table writes, for clients and for infrastructure as code. A test holds
//! them to it.

mod events;
mod openapi;

use orgs_runtime::domain::Role;
use orgs_runtime::store::tables::TABLES;
use serde_json::{Value, json};

use orgs_functions::registry::{Caller, MAIL_QUEUE, ROUTES, Route, Trigger};

/// Every file: its path from the root of the repository, and its text.
///
/// # Errors
/// When a type has no schema in JSON, which the tests rule out.
pub fn files() -> Result<[(&'static str, String); 4], serde_json::Error> {
    let routes: Vec<Value> = ROUTES.iter().map(route).collect();
    Ok([
        ("infra/events.schema.json", pretty(&events::schema()?)?),
        ("infra/openapi.json", pretty(&openapi::document()?)?),
        ("infra/routes.json", pretty(&json!({"functions": routes}))?),
        ("infra/tables.json", pretty(&json!({"tables": TABLES}))?),
    ])
}

fn pretty(value: &Value) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn route(route: &Route) -> Value {
    let grants: Vec<&str> = route.grants.iter().map(|grant| grant.word()).collect();
    let statements: Vec<Value> =
        route.grants.iter().map(|grant| json!({"grant": grant.word(), "actions": grant.iam_actions(), "table": grant.table()})).collect();
    let trigger = match route.trigger {
        Trigger::Http { method, path, caller, .. } => {
            json!({"http": {"method": method, "path": path, "authorizer": caller != Caller::Anybody, "least_role": describe_caller(caller)}})
        }
        Trigger::Stream(records) => json!({"stream": {
            "table": records.table(), "filter": records.pattern(), "batch_size": records.batch_size(),
            "gathered_seconds": records.batching_window_seconds(),
            "report_batch_item_failures": true, "bisect_batch_on_error": true, "maximum_retry_attempts": 360,
        }}),
        Trigger::MailQueue => json!({"mail_queue": {
            "source": MAIL_QUEUE.source, "batch_size": MAIL_QUEUE.batch_size, "concurrency": MAIL_QUEUE.concurrency,
            "visibility_seconds": MAIL_QUEUE.visibility_seconds, "receives": MAIL_QUEUE.receives,
        }}),
        Trigger::Page { paths } => json!({"page": {"methods": ["GET", "HEAD"], "paths": paths}}),
        Trigger::Hourly => json!({"schedule": {"expression": "rate(1 hour)"}}),
        Trigger::MailFeedback => {
            json!({"sns": {"topic": "mail_feedback", "events": ["BOUNCE", "COMPLAINT", "DELIVERY"]}})
        }
    };
    json!({"name": route.function.name, "description": route.summary, "trigger": trigger, "grants": grants, "statements": statements})
}

fn describe_caller(caller: Caller) -> String {
    let who = match caller {
        Caller::Anybody => "anybody",
        Caller::Person => "any user",
        Caller::Verified => "any verified user",
        Caller::Member(Role::Viewer) => "viewer",
        Caller::Member(Role::Administrator) => "administrator",
        Caller::Member(Role::Owner) => "owner",
        Caller::Service(scope) => scope,
        Caller::MemberOrService(role, scope) => {
            return format!("{}, or {scope}", describe_caller(Caller::Member(role)));
        }
    };
    who.to_owned()
}
