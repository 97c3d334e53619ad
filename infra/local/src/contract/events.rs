//! The JSON Schema of the events.

use std::collections::BTreeMap;

use orgs_runtime::SchemaRef;
use orgs_runtime::domain::audit::AuditRecord;
use orgs_runtime::domain::budget::BudgetSettings;
use serde_json::{Map, Value, json};

use super::openapi;

/// How what was changed looks, before or after.
#[derive(Clone, Copy)]
enum Shape {
    /// It was not, or is no more.
    Nothing,
    /// An object as the API shows it.
    Object(&'static str),
    /// It may not have been.
    Maybe(&'static str),
    /// A member, with what became of the billing where the payer is no owner any more.
    Member,
    /// A member who is gone: only what became of the billing, where it was theirs.
    Gone,
    /// Several objects: each one's name and what it is.
    Several(&'static [(&'static str, &'static str)]),
    /// The owner and the former owner after a transfer, with the billing mode where it changed.
    Transferred,
}

/// Each action that changes something, with how it was and how it is.
const EVENTS: [(&str, Shape, Shape); 25] = [
    ("create_org", Shape::Nothing, Shape::Object("Org")),
    ("update_org", Shape::Object("Org"), Shape::Object("Org")),
    ("delete_org", Shape::Object("Org"), Shape::Object("Org")),
    ("restore_org", Shape::Object("Org"), Shape::Object("Org")),
    ("set_plan", Shape::Object("Org"), Shape::Object("Org")),
    (
        "transfer_ownership",
        Shape::Several(&[("owner", "Member"), ("member", "Member")]),
        Shape::Transferred,
    ),
    ("change_role", Shape::Object("Member"), Shape::Member),
    ("remove_member", Shape::Object("Member"), Shape::Gone),
    ("leave_org", Shape::Object("Member"), Shape::Gone),
    ("forget_me", Shape::Object("Member"), Shape::Gone),
    ("forget_user", Shape::Object("Member"), Shape::Gone),
    ("add_member", Shape::Nothing, Shape::Object("Member")),
    ("appoint_owner", Shape::Object("Member"), Shape::Member),
    ("invite_member", Shape::Nothing, Shape::Object("Invitation")),
    ("invite_members", Shape::Nothing, Shape::Object("Invitation")),
    ("resend_invitation", Shape::Object("Invitation"), Shape::Object("Invitation")),
    ("revoke_invitation", Shape::Object("Invitation"), Shape::Object("Invitation")),
    ("decline_invitation", Shape::Object("Invitation"), Shape::Object("Invitation")),
    (
        "accept_invitation",
        Shape::Object("Invitation"),
        Shape::Several(&[("invitation", "Invitation"), ("member", "Member")]),
    ),
    ("create_resource", Shape::Nothing, Shape::Object("Resource")),
    ("update_resource", Shape::Object("Resource"), Shape::Object("Resource")),
    ("delete_resource", Shape::Object("Resource"), Shape::Nothing),
    ("set_policies", Shape::Maybe("OrgPolicies"), Shape::Object("OrgPolicies")),
    ("set_budget", Shape::Maybe("BudgetTerms"), Shape::Object("BudgetTerms")),
    ("set_billing", Shape::Object("Billing"), Shape::Object("Billing")),
];

/// A schema of the document, which the OpenAPI document has too.
fn of(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

impl Shape {
    fn schema(self) -> Value {
        let billing = json!({"enum": ["independent"], "description": "Present when the payer stopped being an owner"});
        match self {
            Self::Nothing => json!({"type": "null"}),
            Self::Object(name) => of(name),
            Self::Maybe(name) => json!({"oneOf": [{"type": "null"}, of(name)]}),
            Self::Member => {
                json!({"allOf": [of("Member")], "properties": {"billing_mode": billing}})
            }
            Self::Gone => {
                json!({"type": ["object", "null"], "required": ["billing_mode"], "properties": {"billing_mode": billing}})
            }
            Self::Several(parts) => {
                let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
                let properties: Map<String, Value> =
                    parts.iter().map(|(name, what)| ((*name).to_owned(), of(what))).collect();
                json!({"type": "object", "required": names, "properties": properties})
            }
            Self::Transferred => {
                let mut schema =
                    Self::Several(&[("owner", "Member"), ("former_owner", "Member")]).schema();
                schema["properties"]["billing_mode"] = billing;
                schema
            }
        }
    }
}

/// The JSON Schema, with a definition for each `detail-type`. Fields may be added to it.
pub(super) fn schema() -> Result<Value, serde_json::Error> {
    let mut schemas = BTreeMap::new();
    openapi::add(&mut schemas, SchemaRef::of::<AuditRecord>())?;
    openapi::add(&mut schemas, SchemaRef::of::<BudgetSettings>())?;
    for route in orgs_functions::registry::ROUTES {
        if let Some(part) = route.schemas.answer {
            openapi::add(&mut schemas, part)?;
        }
    }
    let mut definitions = Map::new();
    let mut wanted = vec!["AuditRecord".to_owned()];
    for (action, before, after) in EVENTS {
        let (before, after) = (before.schema(), after.schema());
        wanted.extend(referred(&before).chain(referred(&after)));
        definitions.insert(
            format!("event.{action}"),
            json!({"properties": {
                "detail-type": {"const": action},
                "detail": {"allOf": [of("AuditRecord")], "properties": {"action": {"const": action}, "before": before, "after": after}},
            }}),
        );
    }
    let events: Vec<Value> =
        EVENTS.iter().map(|(action, ..)| of(&format!("event.{action}"))).collect();
    // What these refer to, and nothing else of the API.
    while let Some(name) = wanted.pop() {
        if let Some(schema) = schemas.remove(&name) {
            let schema: Value = serde_json::from_str(
                &schema.to_string().replace("#/components/schemas/", "#/$defs/"),
            )?;
            wanted.extend(referred(&schema));
            definitions.insert(name, schema);
        }
    }
    definitions.sort_keys();
    Ok(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An event of Organizations",
        "description": "As it is on the bus of EventBridge, less what EventBridge adds. Fields may be added.",
        "type": "object",
        "required": ["source", "detail-type", "time", "resources", "detail"],
        "properties": {
            "source": {"const": orgs_runtime::events::SOURCE},
            "time": {"type": "string", "format": "date-time"},
            "resources": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1, "description": "The organization's id"},
        },
        "oneOf": events,
        "$defs": definitions,
    }))
}

/// The definitions that a schema refers to.
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
