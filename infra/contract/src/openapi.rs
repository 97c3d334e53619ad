//! Generates the OpenAPI 3.1 document: `infra/openapi.json`.

use std::collections::BTreeMap;

use orgs_domain::usage::EventInput;
use orgs_functions::registry::ACTIONS;
use orgs_runtime::action::{Action, Caller, Trigger};
use orgs_runtime::{ProblemBody, SchemaRef};
use serde_json::{Map, Value, json};

use crate::idempotency::takes_idempotency_key;
use crate::problems;

/// The tags of operations: the folders of `functions/`, with their descriptions.
const TAGS: [(&str, &str); 11] = [
    ("orgs", "Organizations: team boundaries with members, a plan and settings."),
    ("members", "Members of an organization and their roles."),
    ("invitations", "Invitations by e-mail. An accepted invitation is a membership."),
    ("resources", "Agents, knowledge bases and sources that an organization's members share."),
    ("access", "Permission checks."),
    ("usage", "Usage events and reports, in credits."),
    ("budget", "Monthly budgets."),
    ("holds", "Credits of a budget that are reserved before a run."),
    ("billing", "The account that pays for an organization."),
    ("policies", "Policies in Cedar that an organization adds to the product's."),
    ("audit", "Records of every change."),
];
/// The tags of operations that are not about one organization.
const OTHER_TAGS: [(&str, &str); 2] =
    [("me", "The caller, and people who leave."), ("service", "The service itself.")];

const DESCRIPTION: &str = "\
An organization does not exist for callers who have no access to it: they get 404 `org_not_found`.

Errors are RFC 9457 problems (`application/problem+json`). `code` is stable; new codes may be added.

Operations with the header `Idempotency-Key` store their response. A repeated request gets the \
stored response of the first, with the header `Idempotency-Replayed: true`, for 24 hours. The other \
operations are safe to repeat.

Requests to operations without a body may have no body or `{}`.

Lists take `limit` and `cursor`. A filtered page can have fewer items than `limit`, or none, while \
`next_cursor` is set.";

/// Returns the OpenAPI document.
pub(super) fn document() -> Result<Value, serde_json::Error> {
    let mut schemas = BTreeMap::new();
    add(&mut schemas, SchemaRef::of::<ProblemBody<'static>>())?;
    add(&mut schemas, SchemaRef::of::<EventInput>())?;
    schemas.insert("ProblemCode".to_owned(), problems::codes());
    schemas.entry("Problem".to_owned()).and_modify(|problem| {
        problem["properties"]["code"] = json!({
            "$ref": "#/components/schemas/ProblemCode",
            "description": "The stable code.",
        });
    });
    let mut paths: Map<String, Value> = Map::new();
    let mut requested = BTreeMap::new();
    for action in ACTIONS {
        let Trigger::Http { method, path, caller } = action.trigger else { continue };
        for schema in [action.schemas.body, action.schemas.form].into_iter().flatten() {
            add(&mut requested, schema)?;
        }
        let operation = operation(action, method, path, caller, &mut schemas)?;
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method.to_lowercase()] = operation;
    }
    for (name, schema) in &mut schemas {
        if !requested.contains_key(name) {
            require_nullable(schema);
        }
    }
    let tags: Vec<Value> = TAGS
        .iter()
        .chain(&OTHER_TAGS)
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Organizations",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Teams, roles, invitations and usage for a product",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:9000", "description": "The local host: `cargo run`."}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token of your OpenID Connect identity provider.",
                },
            },
            "responses": {
                "Unauthorized": {
                    "description": "The token is missing, invalid or expired. The gateway sends this response.",
                    "content": {"application/json": {
                        "schema": {"type": "object", "properties": {"message": {
                            "type": "string",
                            "description": "Always `Unauthorized`.",
                        }}},
                        "example": {"message": "Unauthorized"},
                    }},
                },
            },
        },
    }))
}

/// Makes the fields of a response that can be null required: they are null and never absent. A field
/// that can be absent is declared with `nullable = false`. Types that requests use, too, stay as they
/// are.
fn require_nullable(schema: &mut Value) {
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        require_nullable(part);
    }
    let Some(fields) = schema["properties"].as_object() else { return };
    let is_null = |kind: &Value| kind == "null" || kind["type"] == "null";
    let nullable = fields.iter().filter(|(_, field)| {
        let kinds = [&field["type"], &field["oneOf"]].into_iter().filter_map(Value::as_array);
        kinds.flatten().any(is_null)
    });
    let nullable = nullable.map(|(name, _)| json!(name));
    let mut required = schema["required"].as_array().cloned().unwrap_or_default();
    let missing: Vec<Value> = nullable.filter(|name| !required.contains(name)).collect();
    required.extend(missing);
    schema["required"] = Value::Array(required);
}

/// Adds a type's schema and the schemas that it refers to. Returns a reference to it.
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

/// Returns an action's operation. Adds the schemas of its body and response to `schemas`.
fn operation(
    action: &Action,
    method: &str,
    path: &str,
    caller: Caller,
    schemas: &mut BTreeMap<String, Value>,
) -> Result<Value, serde_json::Error> {
    let mut responses = Map::new();
    responses.insert(action.success.to_string(), success(action, schemas)?);
    if action.is_repeatable {
        responses.insert("200".to_owned(), success(action, schemas)?);
    }
    if caller != Caller::Anybody {
        responses.insert("401".to_owned(), json!({"$ref": "#/components/responses/Unauthorized"}));
    }
    for (status, codes) in problems::of(action, method, path, caller) {
        responses.insert(status.to_string(), problems::response(status, &codes));
    }
    let callers = format!("Callers: {}.", caller.describe());
    let description = match action.description {
        "" => callers,
        description => format!("{description}\n\n{callers}"),
    };
    let mut operation = json!({
        "operationId": action.name(),
        "tags": [action.tag()],
        "summary": action.summary,
        "description": description,
        "parameters": parameters(action, method, path, schemas)?,
        "responses": responses,
        "security": if caller == Caller::Anybody { json!([]) } else { json!([{"token": []}]) },
    });
    if let Some(body) = action.schemas.body {
        let content = json!({"application/json": {"schema": add(schemas, body)?}});
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    if let Some(form) = action.schemas.form {
        let content = json!({"application/x-www-form-urlencoded": {"schema": add(schemas, form)?}});
        operation["requestBody"] = json!({"required": false, "content": content});
    }
    Ok(operation)
}

fn parameters(
    action: &Action,
    method: &str,
    path: &str,
    schemas: &mut BTreeMap<String, Value>,
) -> Result<Vec<Value>, serde_json::Error> {
    let mut parameters: Vec<Value> = path_parameters(path);
    let is_list = action.schemas.returns.is_some_and(|returns| (returns.name)().ends_with("List"));
    if is_list {
        parameters.push(json!({
            "name": "limit",
            "in": "query",
            "description": "The largest number of items on the page: 1 to 100, 50 by default.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        }));
        parameters.push(json!({
            "name": "cursor",
            "in": "query",
            "description": "`next_cursor` of the previous page. The first page has none.",
            "schema": {"type": "string", "minLength": 1},
        }));
    }
    if let Some(query) = action.schemas.query {
        let mut parts = Vec::new();
        (query.parts)(&mut parts);
        for (name, schema) in parts {
            schemas.insert(name, serde_json::to_value(schema)?);
        }
        let schema = serde_json::to_value((query.schema)())?;
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let optional = without_null(schema);
            // The text of an enum stands beside its `$ref`.
            let description = schema["description"].as_str().or(optional["description"].as_str());
            parameters.push(json!({
                "name": name,
                "in": "query",
                "description": description.unwrap_or_default(),
                "schema": optional,
            }));
        }
    }
    if takes_idempotency_key(action) {
        parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A unique value per intended change, such as a UUID: 1 to 255 printable \
                ASCII characters. Send the same key when you repeat the request.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }));
    }
    if matches!(method, "PATCH" | "PUT") {
        parameters.push(json!({
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` of the version that you read. If the object has another \
                version by now, the response is 412. Without it, the change applies to any version.",
            "schema": {"type": "string"},
            "example": "\"1\"",
        }));
    }
    Ok(parameters)
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let (description, example) = match name {
                "org_id" => ("The organization's id.", "org_019ab3c0d5e07f10a2b3c4d5e6f70812"),
                "user_id" => ("The person's `sub` at the identity provider.", "auth0|65f0c1"),
                "invitation_id" => ("The invitation's id.", "inv_019ab3c0d5e07f10a2b3c4d5e6f70813"),
                "account_id" => ("The account's id.", "acct_2bd806c97f0e00af1a1fc3328fa763a9"),
                "month" => ("The month, in UTC.", "2026-11"),
                "hold_id" => ("The hold's id.", "run-7f3a"),
                "resource_id" => ("The resource's id.", "res_019ab3c0d5e07f10a2b3c4d5e6f70814"),
                "token" => ("The token of the link in the mail.", "out1.…"),
                // A test looks for empty descriptions.
                _ => ("", ""),
            };
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": description,
                "schema": {"type": "string"},
                "example": example,
            })
        })
        .collect()
}

/// Removes null from a query parameter's schema, because an optional parameter is omitted instead.
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

fn success(
    action: &Action,
    schemas: &mut BTreeMap<String, Value>,
) -> Result<Value, serde_json::Error> {
    let mut headers = json!({"x-request-id": {
        "description": "The id of the request, as in the logs and the audit record.",
        "schema": {"type": "string"},
    }});
    if takes_idempotency_key(action) {
        headers["Idempotency-Replayed"] = json!({
            "description": "`true` if this is the stored response of an earlier request with the \
                same `Idempotency-Key`. Absent otherwise.",
            "schema": {"type": "string"},
        });
    }
    let Some(returns) = action.schemas.returns else {
        let description = "The request succeeded. The response has no body.";
        return Ok(json!({"description": description, "headers": headers}));
    };
    let schema = add(schemas, returns)?;
    let name = (returns.name)();
    let description = schemas[&*name]["description"].as_str().unwrap_or_default();
    let description = description.split("\n\n").next().unwrap_or_default().to_owned();
    if !schemas[&*name]["properties"]["version"].is_null() {
        headers["ETag"] = json!({
            "description": "The object's `version` in quotes, for `If-Match`.",
            "schema": {"type": "string"},
            "example": "\"1\"",
        });
    }
    let mut response = json!({
        "description": description,
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    });
    if let Some(example) = action.csv {
        response["content"]["text/csv"] = json!({"schema": {"type": "string"}, "example": example});
    }
    Ok(response)
}
