//! The OpenAPI 3.1 document.

use std::collections::{BTreeMap, BTreeSet};

use orgs_runtime::domain::usage::EventInput;
use orgs_runtime::policies::NEVER_RESTRICTED;
use orgs_runtime::{ProblemBody, SchemaRef};
use serde_json::{Map, Value, json};

use super::describe_caller;
use orgs_functions::registry::{Caller, ROUTES, Route, Trigger};

/// The document.
pub(super) fn document() -> Result<Value, serde_json::Error> {
    let mut schemas = BTreeMap::new();
    let problem = SchemaRef::of::<ProblemBody<'static>>();
    add(&mut schemas, problem)?;
    add(&mut schemas, SchemaRef::of::<EventInput>())?;
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let Trigger::Http { method, path, caller, success } = route.trigger else { continue };
        let operation = operation(route, path, caller, success, &mut schemas)?;
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method.to_lowercase()] = operation;
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Organizations",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Teams, roles, invitations and usage for a product",
            "description": "Whoever has no access to an organization is answered that it does not exist (404 `org_not_found`). \
                Errors are RFC 9457 problems; `code` is stable. Every POST, PATCH, PUT and DELETE takes an `Idempotency-Key`: a \
                repeated request gets the first answer, with `Idempotency-Replayed: true`, for 24 hours. Requests on routes \
                without input may carry no body or `{}`. Lists take `limit` and `cursor`; a filtered page may be short while \
                `next_cursor` is set.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:9000", "description": "cargo run"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "responses": {
                "Unauthorized": {
                    "description": "No identity, or a bad one: answered by the gateway",
                    "content": {"application/json": {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}, "example": {"message": "Unauthorized"}}},
                },
            },
        },
    }))
}

/// What is answered as CSV too, where the request's `Accept` names it.
const CSV: [&str; 2] = ["query_usage", "query_account_usage"];

pub(super) fn add(
    schemas: &mut BTreeMap<String, Value>,
    of: SchemaRef,
) -> Result<Value, serde_json::Error> {
    let mut parts = Vec::new();
    (of.parts)(&mut parts);
    for (name, schema) in parts {
        schemas.insert(name, serde_json::to_value(schema)?);
    }
    let name = (of.name)().into_owned();
    schemas.insert(name.clone(), serde_json::to_value((of.schema)())?);
    Ok(json!({"$ref": format!("#/components/schemas/{name}")}))
}

fn operation(
    route: &Route,
    path: &str,
    caller: Caller,
    success: u16,
    schemas: &mut BTreeMap<String, Value>,
) -> Result<Value, serde_json::Error> {
    let function = route.function;
    let mut parameters: Vec<Value> = path_parameters(path);
    let lists =
        matches!(route.schemas.answer, Some(answer) if (answer.name)().starts_with("ListOf"));
    if lists {
        parameters.push(json!({"name": "limit", "in": "query", "description": "How many at most", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}}));
        parameters.push(
            json!({"name": "cursor", "in": "query", "description": "`next_cursor` of the page before", "schema": {"type": "string", "minLength": 1}}),
        );
    }
    if let Some(query) = route.schemas.query {
        let mut parts = Vec::new();
        (query.parts)(&mut parts);
        for (name, schema) in parts {
            schemas.insert(name, serde_json::to_value(schema)?);
        }
        let schema = serde_json::to_value((query.schema)())?;
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let description = schema["description"].as_str().unwrap_or_default();
            parameters.push(json!({"name": name, "in": "query", "description": description, "schema": without_null(schema)}));
        }
    }
    if path.starts_with("/v1/") && !matches!(route.trigger, Trigger::Http { method: "GET", .. }) {
        parameters.push(json!({"name": "Idempotency-Key", "in": "header", "description": "1 to 255 printable ASCII characters", "schema": {"type": "string", "minLength": 1, "maxLength": 255}}));
    }
    if matches!(route.trigger, Trigger::Http { method: "PATCH" | "PUT", .. }) {
        parameters.push(json!({"name": "If-Match", "in": "header", "description": "The version that is to be changed", "schema": {"type": "string"}, "example": "\"1\""}));
    }
    let mut responses = Map::new();
    let mut done = answer(route.schemas.answer, schemas)?;
    if CSV.contains(&function.name) {
        done["content"]["text/csv"] = json!({"schema": {"type": "string"}, "example": "start,end,group,credits,events\n2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50\n"});
    }
    responses.insert(success.to_string(), done);
    if caller != Caller::Anybody {
        responses.insert("401".to_owned(), json!({"$ref": "#/components/responses/Unauthorized"}));
    }
    for (status, codes) in problems(route, caller) {
        let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        responses.insert(
            status.to_string(),
            json!({
                "description": codes.join(", "),
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }),
        );
    }
    let mut operation = json!({
        "operationId": function.name,
        "summary": route.summary,
        "description": format!("Who may: {}.", describe_caller(caller)),
        "parameters": parameters,
        "responses": responses,
        "security": if caller == Caller::Anybody { json!([]) } else { json!([{"token": []}]) },
    });
    if let Some(body) = route.schemas.body {
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": add(schemas, body)?}}});
    }
    if let Some(form) = route.schemas.form {
        let content = json!({"application/x-www-form-urlencoded": {"schema": add(schemas, form)?}});
        operation["requestBody"] = json!({"required": false, "content": content});
    }
    Ok(operation)
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect()
}

/// A query has no null: an optional parameter is left out.
fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [one] = types.as_slice() {
            schema["type"] = one.clone();
        }
    }
    if let Some(Value::Array(any)) = schema.get_mut("oneOf") {
        any.retain(|one| one["type"] != "null");
        if let [one] = any.as_slice() {
            return one.clone();
        }
    }
    schema
}

fn answer(
    of: Option<SchemaRef>,
    schemas: &mut BTreeMap<String, Value>,
) -> Result<Value, serde_json::Error> {
    let Some(of) = of else {
        return Ok(json!({"description": "Done; no body", "headers": request_id()}));
    };
    Ok(json!({
        "description": "Done",
        "headers": request_id(),
        "content": {"application/json": {"schema": add(schemas, of)?}},
    }))
}

fn request_id() -> Value {
    json!({"x-request-id": {"description": "The id of the request, as in the logs and the audit record", "schema": {"type": "string"}}})
}

/// The problems that a route answers with, by status: those of its kind, and its own.
fn problems(route: &Route, caller: Caller) -> BTreeMap<u16, BTreeSet<&'static str>> {
    let mut problems: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    let mut all: Vec<(u16, &str)> = vec![(500, "internal_error")];
    if !route.grants.is_empty() {
        all.push((503, "contention"));
    }
    let Trigger::Http { method, path, .. } = route.trigger else { return problems };
    if method != "GET" {
        all.extend([(413, "body_too_large"), (422, "validation_failed")]);
        if route.schemas.form.is_none() {
            all.extend([(400, "malformed_json"), (415, "unsupported_media_type")]);
        }
        if !matches!(route.function.name, "record_usage" | "invite_members")
            && caller != Caller::Anybody
        {
            all.push((422, "idempotency_key_reused"));
        }
    }
    if path.contains("{org_id}") {
        all.push((404, "org_not_found"));
    }
    if matches!(caller, Caller::Member(_) | Caller::MemberOrService(..))
        && !NEVER_RESTRICTED.contains(&route.function.name)
    {
        all.push((403, "org_policy"));
    }
    all.extend(own(route.function.name));
    for (status, code) in all {
        problems.entry(status).or_default().insert(code);
    }
    problems
}

/// The problems that are a route's own.
fn own(function: &str) -> &'static [(u16, &'static str)] {
    match function {
        "opt_out" => &[(404, "opt_out_not_found")],
        "create_org" => &[(403, "email_not_verified"), (409, "org_limit_reached")],
        "list_orgs" | "list_members" | "list_resources" => &[(422, "validation_failed")],
        "list_invitations" | "list_audit" => {
            &[(403, "missing_permission"), (422, "validation_failed")]
        }
        "query_usage" | "query_account_usage" => {
            &[(422, "validation_failed"), (422, "report_too_large")]
        }
        "set_billing" => {
            &[(403, "missing_permission"), (403, "plan_restricted"), (412, "version_mismatch")]
        }
        "record_usage" | "void_usage" | "delete_org" | "restore_org" | "get_policies"
        | "get_billing" | "check_access" => &[(403, "missing_permission")],
        "forget_user" => &[(403, "missing_permission"), (409, "last_owner")],
        "add_member" => &[
            (403, "missing_permission"),
            (403, "org_not_active"),
            (409, "already_member"),
            (409, "seat_limit_reached"),
        ],
        "appoint_owner" | "transfer_ownership" => {
            &[(403, "missing_permission"), (403, "org_not_active"), (404, "member_not_found")]
        }
        "update_org" | "set_policies" | "set_budget" => {
            &[(403, "missing_permission"), (403, "org_not_active"), (412, "version_mismatch")]
        }
        "set_plan" => &[(403, "missing_permission"), (412, "version_mismatch")],
        "get_resource" => &[(404, "resource_not_found")],
        "create_resource" => {
            &[(403, "missing_permission"), (403, "high_cost_restricted"), (403, "org_not_active")]
        }
        "update_resource" => &[
            (403, "missing_permission"),
            (403, "high_cost_restricted"),
            (403, "org_not_active"),
            (404, "resource_not_found"),
            (412, "version_mismatch"),
        ],
        "delete_resource" => {
            &[(403, "missing_permission"), (403, "org_not_active"), (404, "resource_not_found")]
        }
        "change_role" => &[
            (403, "missing_permission"),
            (403, "owner_protected"),
            (403, "owner_grant"),
            (403, "org_not_active"),
            (404, "member_not_found"),
            (409, "last_owner"),
            (412, "version_mismatch"),
        ],
        "remove_member" => &[
            (403, "missing_permission"),
            (403, "owner_protected"),
            (404, "member_not_found"),
            (409, "last_owner"),
        ],
        "leave_org" | "forget_me" => &[(409, "last_owner")],
        "get_member" => &[(404, "member_not_found")],
        "resend_invitation" => &[
            (403, "missing_permission"),
            (403, "owner_grant"),
            (403, "org_not_active"),
            (404, "invitation_not_found"),
            (409, "invitation_not_pending"),
            (409, "already_invited"),
            (409, "already_member"),
            (409, "address_blocked"),
            (429, "rate_limited"),
        ],
        "revoke_invitation" => &[
            (403, "missing_permission"),
            (403, "owner_grant"),
            (404, "invitation_not_found"),
            (409, "invitation_not_pending"),
        ],
        "list_my_invitations" => &[(403, "email_not_verified"), (422, "validation_failed")],
        "decline_invitation" => &[
            (403, "email_not_verified"),
            (403, "email_mismatch"),
            (404, "invitation_not_found"),
            (410, "invitation_expired"),
            (410, "invitation_revoked"),
            (410, "invitation_declined"),
            (410, "invitation_used"),
        ],
        "invite_member" => &[
            (403, "missing_permission"),
            (403, "owner_grant"),
            (403, "org_not_active"),
            (409, "already_member"),
            (409, "already_invited"),
            (409, "address_blocked"),
            (429, "rate_limited"),
        ],
        "invite_members" => &[(403, "missing_permission"), (403, "org_not_active")],
        "preview_invitation" => &[(404, "invitation_not_found")],
        "accept_invitation" => &[
            (403, "email_not_verified"),
            (403, "email_mismatch"),
            (403, "org_not_active"),
            (404, "invitation_not_found"),
            (409, "already_member"),
            (409, "seat_limit_reached"),
            (410, "invitation_expired"),
            (410, "invitation_revoked"),
            (410, "invitation_declined"),
            (410, "invitation_used"),
        ],
        _ => &[],
    }
}
