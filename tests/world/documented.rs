//! Checks that `infra/openapi.json` documents every response of every test.

use std::sync::LazyLock;

use serde_json::Value;

use super::Answer;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let files = orgs_contract::files().unwrap();
    serde_json::from_str(
        &files.into_iter().find(|(path, _)| *path == "infra/openapi.json").unwrap().1,
    )
    .unwrap()
});

pub(super) fn check(method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else { return };
    let what = format!("{method} {path}: {answer}");
    if answer.status == 401 {
        assert_eq!(answer.text, r#"{"message":"Unauthorized"}"#, "{what}");
        return;
    }
    assert!(answer.headers.contains_key("x-request-id"), "{what} has no x-request-id");
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{what} is not in the OpenAPI document");
    if answer.status < 400 {
        properties(&response["content"]["application/json"]["schema"], &answer.body, &what);
        return;
    }
    assert_eq!(
        answer.headers.get("content-type").map(String::as_str),
        Some("application/problem+json"),
        "{what}"
    );
    let code = answer.code().unwrap_or_default();
    assert!(
        response["description"].as_str().unwrap_or_default().contains(&format!("`{code}`")),
        "{what}: the OpenAPI document does not name the code"
    );
    assert_eq!(answer.body["status"], answer.status, "{what}");
    assert_eq!(answer.body["request_id"], answer.headers["x-request-id"], "{what}");
    for field in ["type", "title", "detail"] {
        assert!(
            answer.body[field].as_str().is_some_and(|text| !text.is_empty()),
            "{what} has no {field}"
        );
    }
    properties(&response["content"]["application/problem+json"]["schema"], &answer.body, &what);
}

/// Returns the operation of a path.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let matches = |template: &str| {
        let (template, path): (Vec<&str>, Vec<&str>) =
            (template.split('/').collect(), path.split('/').collect());
        template.len() == path.len()
            && template
                .iter()
                .zip(&path)
                .all(|(wanted, got)| (wanted.starts_with('{') && !got.is_empty()) || wanted == got)
    };
    let paths = DOCUMENT["paths"].as_object()?;
    paths
        .iter()
        .filter(|(template, _)| matches(template))
        .find_map(|(_, item)| item.get(method.to_lowercase()))
}

/// Panics if an object misses a required field of its schema, or has an unknown field.
fn properties(schema: &Value, body: &Value, what: &str) {
    let schema = resolved(schema);
    // A type that includes another one has a schema with parts.
    if let (Some(parts), Some(object)) = (schema["allOf"].as_array(), body.as_object()) {
        let mut rest = object.clone();
        for part in parts {
            let names = fields(part);
            let own = object
                .iter()
                .filter(|(name, _)| names.contains(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            properties(part, &Value::Object(own), what);
            rest.retain(|name, _| !names.contains(&name));
        }
        assert!(rest.is_empty(), "{what}: {rest:?} is in no part of the schema");
        return;
    }
    if let (Some(properties_of), Some(object)) =
        (schema["properties"].as_object(), body.as_object())
    {
        for required in
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
        {
            assert!(object.contains_key(required), "{what}: {required} is missing in {body}");
        }
        for (name, value) in object {
            let schema = properties_of
                .get(name)
                .unwrap_or_else(|| panic!("{what}: {name} is not in the schema"));
            properties(schema, value, what);
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), body.as_array()) {
        for value in values {
            properties(items, value, what);
        }
    }
}

fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(name) => {
            &DOCUMENT["components"]["schemas"][name.rsplit('/').next().unwrap_or_default()]
        }
        None => schema,
    }
}

/// Returns the names of a schema's fields.
fn fields(schema: &Value) -> Vec<&String> {
    resolved(schema)["properties"].as_object().into_iter().flat_map(serde_json::Map::keys).collect()
}
