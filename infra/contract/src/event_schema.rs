//! Generates the JSON Schema of the events: `infra/events.schema.json`.

use std::collections::BTreeMap;

use orgs_domain::audit::AuditRecord;
use orgs_domain::budget_alert::BudgetAlert;
use orgs_functions::registry::ACTIONS;
use orgs_runtime::SchemaRef;
use orgs_runtime::action::{EventShape, Shape};
use orgs_views::{BudgetSettings, VoidedUsage};
use serde_json::{Map, Value, json};

use crate::openapi;

/// Returns a reference to a definition. Definitions have the names of the OpenAPI document's
/// schemas.
fn of(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// Returns the schema of an object before or after a change.
fn shape_schema(shape: Shape) -> Value {
    let billing = json!({
        "enum": ["independent"],
        "description": "Present when the payer stopped being an owner",
    });
    match shape {
        Shape::Nothing => json!({"type": "null"}),
        Shape::Object(name) => of(name),
        Shape::Maybe(name) => json!({"oneOf": [{"type": "null"}, of(name)]}),
        Shape::Member => {
            json!({"allOf": [of("Member")], "properties": {"billing_mode": billing}})
        }
        Shape::FormerMember => json!({
            "type": ["object", "null"],
            "required": ["billing_mode"],
            "properties": {"billing_mode": billing},
        }),
        Shape::Several(parts) => {
            let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            let properties: Map<String, Value> =
                parts.iter().map(|(name, schema)| ((*name).to_owned(), of(schema))).collect();
            json!({"type": "object", "required": names, "properties": properties})
        }
        Shape::Transfer => {
            let owners = Shape::Several(&[("owner", "Member"), ("former_owner", "Member")]);
            let mut schema = shape_schema(owners);
            schema["properties"]["billing_mode"] = billing;
            schema
        }
    }
}

/// Returns the JSON Schema, with a definition for each `detail-type`. Later versions can add fields.
pub(super) fn schema() -> Result<Value, serde_json::Error> {
    let mut schemas = BTreeMap::new();
    openapi::add(&mut schemas, SchemaRef::of::<AuditRecord>())?;
    openapi::add(&mut schemas, SchemaRef::of::<BudgetSettings>())?;
    openapi::add(&mut schemas, SchemaRef::of::<VoidedUsage>())?;
    openapi::add(&mut schemas, SchemaRef::of::<BudgetAlert>())?;
    for action in ACTIONS {
        if let Some(part) = action.schemas.returns {
            openapi::add(&mut schemas, part)?;
        }
    }
    let mut definitions = Map::new();
    let mut referenced = vec!["AuditRecord".to_owned()];
    let events = ACTIONS.iter().filter_map(|action| Some((action.name(), action.event?)));
    for (action, EventShape { summary, before, after }) in events.clone() {
        let (before, after) = (shape_schema(before), shape_schema(after));
        referenced.extend(referred(&before).chain(referred(&after)));
        definitions.insert(
            format!("event.{action}"),
            json!({
                "description": summary,
                "properties": {
                    "detail-type": {"const": action},
                    "detail": {
                        "allOf": [of("AuditRecord")],
                        "properties": {"action": {"const": action}, "before": before, "after": after},
                    },
                },
            }),
        );
    }
    let events: Vec<Value> = events.map(|(action, _)| of(&format!("event.{action}"))).collect();
    // Add the schemas that the events refer to, and no other schema of the API.
    while let Some(name) = referenced.pop() {
        if let Some(schema) = schemas.remove(&name) {
            let schema: Value = serde_json::from_str(
                &schema.to_string().replace("#/components/schemas/", "#/$defs/"),
            )?;
            referenced.extend(referred(&schema));
            definitions.insert(name, schema);
        }
    }
    definitions.sort_keys();
    Ok(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An event of Organizations",
        "description": "An event as it is on the EventBridge bus, without the fields that EventBridge adds. Fields may be added.",
        "type": "object",
        "required": ["source", "detail-type", "time", "resources", "detail"],
        "properties": {
            "source": {"const": orgs_events::SOURCE},
            "time": {"type": "string", "format": "date-time"},
            "resources": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1, "description": "The organization's id"},
        },
        "oneOf": events,
        "$defs": definitions,
    }))
}

/// Returns the names of the definitions that a schema refers to.
fn referred(schema: &Value) -> impl Iterator<Item = String> + use<> {
    let text = schema.to_string();
    let names: Vec<String> = text
        .split("\"#/$defs/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    names.into_iter()
}
