//! Parses bodies and queries. The problem of an invalid input points at the invalid field.

use std::collections::{BTreeMap, BTreeSet};

use lambda_http::http::HeaderMap;
use lambda_http::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::problem_code::ProblemCode;

/// The body of a route without input: no body, or `{}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoInput {}

/// Deserializes an optional field that must not be null. Use it with `#[serde(default,
/// deserialize_with = "non_null")]`.
///
/// # Errors
/// The errors of `T`, also for null.
pub fn non_null<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The number of items on a page of a list: 1 to 100, 50 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub u16);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("must be 1 to 100"))
    }
}

/// Parses a JSON object of at most `bytes_max` bytes. If the body is not `required`, no body means
/// an empty object.
pub(crate) fn body<T: DeserializeOwned>(
    headers: &HeaderMap,
    bytes: &[u8],
    bytes_max: usize,
    required: bool,
) -> Result<T, Box<Problem>> {
    if bytes.len() > bytes_max {
        return Err(Problem::new(
            ProblemCode::BodyTooLarge,
            format!("the body has more than {} KiB", bytes_max / 1024),
        )
        .into());
    }
    let value = if bytes.is_empty() && !required {
        Value::Object(Map::new())
    } else {
        if !is_json(headers) {
            return Err(Problem::new(
                ProblemCode::UnsupportedMediaType,
                "the `Content-Type` must be `application/json`",
            )
            .into());
        }
        match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => parse_leniently(bytes).ok_or_else(|| {
                Problem::new(ProblemCode::MalformedJson, malformed(bytes, &error))
            })?,
        }
    };
    // Serde would also read a struct from an array of its fields.
    if !value.is_object() {
        return Err(Problem::invalid("", "wrong_type", "must be an object").into());
    }
    typed(value)
}

/// Parses a JSON object with parts that [`Value`] cannot represent: a number such as `1e999`, half
/// of a surrogate pair, or deep nesting.
///
/// These parts become a value that no field accepts. The problem then points at the part instead of
/// the whole body.
fn parse_leniently(bytes: &[u8]) -> Option<Value> {
    let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(bytes).ok()?;
    let unusable = || Value::Array(vec![Value::Array(Vec::new())]);
    let part = |raw: &RawValue| serde_json::from_str(raw.get()).unwrap_or_else(|_| unusable());
    let field = |raw: &RawValue| match serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()) {
        Ok(items) => items.iter().map(|item| part(item)).collect(),
        Err(_) => part(raw),
    };
    Some(Value::Object(fields.into_iter().map(|(name, raw)| (name, field(&raw))).collect()))
}

/// Accepts the form that a mail client sends for one-click unsubscribe (RFC 8058):
/// `List-Unsubscribe=One-Click`, in either encoding of a form. Also accepts `{}`.
pub(crate) fn one_click(
    headers: &HeaderMap,
    bytes: &[u8],
    bytes_max: usize,
) -> Result<(), Box<Problem>> {
    if bytes.len() > bytes_max {
        return Err(Problem::new(
            ProblemCode::BodyTooLarge,
            format!("the body has more than {} KiB", bytes_max / 1024),
        )
        .into());
    }
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let clicked = if content_type.starts_with("multipart/form-data") {
        // The field has one known name and value, so a search suffices instead of a parser.
        let text = String::from_utf8_lossy(bytes);
        text.contains("name=\"List-Unsubscribe\"") && text.contains("\r\n\r\nOne-Click\r\n")
    } else {
        form_urlencoded::parse(bytes)
            .any(|(name, value)| name == "List-Unsubscribe" && value == "One-Click")
    };
    if clicked || bytes.trim_ascii() == b"{}" {
        return Ok(());
    }
    Err(Problem::invalid(
        "/List-Unsubscribe",
        "missing_field",
        "the body must be the form `List-Unsubscribe=One-Click` of RFC 8058",
    )
    .into())
}

/// Returns true if the body is JSON. A missing `Content-Type` means JSON.
fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_none_or(|value| {
        let essence = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
    })
}

fn malformed(bytes: &[u8], error: &serde_json::Error) -> String {
    if bytes.is_empty() {
        "a JSON body is required".to_owned()
    } else {
        format!("the body is not JSON in UTF-8 (line {}, column {})", error.line(), error.column())
    }
}

/// Parses a query, which can have each parameter once.
pub(crate) fn query<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Box<Problem>> {
    let mut parameters = Map::new();
    let mut repeated = BTreeSet::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if parameters.insert(name.clone().into_owned(), Value::String(value.into_owned())).is_some()
        {
            repeated.insert(name.into_owned());
        }
    }
    if let Some(name) = repeated.first() {
        return Err(
            Problem::invalid(pointer([name.as_str()]), "duplicate", "must be given once").into()
        );
    }
    typed(Value::Object(parameters))
}

/// Deserializes a value. The problem points at the invalid field.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Box<Problem>> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().iter().map(|segment| match segment {
            serde_path_to_error::Segment::Seq { index } => index.to_string(),
            serde_path_to_error::Segment::Map { key } => key.clone(),
            serde_path_to_error::Segment::Enum { variant } => variant.clone(),
            serde_path_to_error::Segment::Unknown => String::new(),
        });
        let mut path: Vec<String> = path.collect();
        let detail = error.inner().to_string();
        let code = if let Some(field) = detail.strip_prefix("missing field `") {
            path.push(field.trim_end_matches('`').to_owned());
            return Problem::invalid(
                pointer(path.iter().map(String::as_str)),
                "missing_field",
                "is required",
            )
            .into();
        } else if detail.starts_with("unknown field") {
            "unknown_field"
        } else if detail.starts_with("invalid type") {
            "wrong_type"
        } else {
            "invalid_value"
        };
        Problem::invalid(pointer(path.iter().map(String::as_str)), code, detail).into()
    })
}

/// Returns the JSON Pointer (RFC 6901) of a path.
fn pointer<'a>(path: impl IntoIterator<Item = &'a str>) -> String {
    path.into_iter()
        .flat_map(|part| ["/".to_owned(), part.replace('~', "~0").replace('/', "~1")])
        .collect()
}

#[cfg(test)]
mod tests {
    use orgs_domain::{OrgName, Role};
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Input {
        name: OrgName,
        #[serde(default)]
        role: Option<Role>,
        #[serde(default)]
        items: Vec<u8>,
    }

    fn problem(value: &Value) -> (u16, String, String) {
        let problem =
            body::<Input>(&HeaderMap::new(), value.to_string().as_bytes(), 1024, true).unwrap_err();
        let field = problem.errors.first().cloned();
        (
            problem.code.status(),
            field.as_ref().map(|field| field.pointer.clone()).unwrap_or_default(),
            field.map_or_else(|| problem.code.as_str().to_owned(), |field| field.code),
        )
    }

    #[test]
    fn a_problem_points_at_its_field() {
        let want = |pointer: &str, code: &str| (422, pointer.to_owned(), code.to_owned());
        assert_eq!(problem(&json!({})), want("/name", "missing_field"));
        assert_eq!(problem(&json!({"name": ""})), want("/name", "invalid_value"));
        assert_eq!(problem(&json!({"name": 1})), want("/name", "wrong_type"));
        assert_eq!(problem(&json!({"name": null})), want("/name", "wrong_type"));
        assert_eq!(problem(&json!({"name": "a", "role": "boss"})), want("/role", "invalid_value"));
        assert_eq!(
            problem(&json!({"name": "a", "items": [1, "x"]})),
            want("/items/1", "wrong_type")
        );
        assert_eq!(problem(&json!({"name": "a", "a/b~c": 1})), want("/a~1b~0c", "unknown_field"));
        assert_eq!(problem(&json!(["Acme"])), want("", "wrong_type"));
        assert_eq!(problem(&json!("text")), want("", "wrong_type"));
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let code = |bytes: &[u8], required| {
            body::<NoInput>(&HeaderMap::new(), bytes, 8, required)
                .err()
                .map(|problem| problem.code.as_str())
        };
        assert_eq!(code(b"", true), Some("malformed_json"));
        assert_eq!(code(b"", false), None);
        assert_eq!(code(b"{}", false), None);
        assert_eq!(code(b"{", false), Some("malformed_json"));
        assert_eq!(code(b"\"\xff\"", false), Some("malformed_json"));
        assert_eq!(code(b"123456789", true), Some("body_too_large"));
        assert_eq!(code("[".repeat(9).as_bytes(), true), Some("body_too_large"));
    }

    #[test]
    fn a_part_that_cannot_be_held_is_wrong_where_it_stands() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        for odd in ["1e999", "\"\\ud800\"", deep.as_str()] {
            let field = |text: String| {
                let problem =
                    body::<Input>(&HeaderMap::new(), text.as_bytes(), 1024, true).unwrap_err();
                (
                    problem.code.status(),
                    problem.errors.first().map(|field| field.pointer.clone()).unwrap_or_default(),
                )
            };
            assert_eq!(field(format!("{{\"name\":{odd}}}")), (422, "/name".to_owned()), "{odd}");
            assert_eq!(
                field(format!("{{\"name\":\"a\",\"items\":[1,{odd}]}}")),
                (422, "/items/1".to_owned()),
                "{odd}"
            );
        }
    }

    #[test]
    fn json_nested_too_deeply_is_malformed() {
        let deep = "[".repeat(100_000);
        assert_eq!(
            body::<NoInput>(&HeaderMap::new(), deep.as_bytes(), 1 << 20, true)
                .err()
                .map(|problem| problem.code.as_str()),
            Some("malformed_json")
        );
    }

    #[test]
    fn another_content_type_is_refused() {
        let code = |content_type: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
            body::<NoInput>(&headers, b"{}", 8, true).err().map(|problem| problem.code.status())
        };
        assert_eq!(code("application/json"), None);
        assert_eq!(code("Application/JSON; charset=utf-8"), None);
        for other in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
            assert_eq!(code(other), Some(415), "{other}");
        }
    }

    #[test]
    fn one_click_comes_in_either_encoding_of_a_form() {
        let read = |content_type: &str, body: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
            one_click(&headers, body.as_bytes(), 1024).map_err(|problem| problem.code.status())
        };
        let part = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        assert_eq!(read("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"), Ok(()));
        assert_eq!(read("multipart/form-data; boundary=x", part), Ok(()));
        assert_eq!(read("application/json", "{}"), Ok(()));
        assert_eq!(read("application/x-www-form-urlencoded", "List-Unsubscribe=No"), Err(422));
        assert_eq!(
            read("multipart/form-data; boundary=x", &part.replace("One-Click", "No")),
            Err(422)
        );
        assert_eq!(read("application/json", r#"{"a":1}"#), Err(422));
        assert_eq!(read("text/plain", &"x".repeat(1025)), Err(413));
    }

    #[test]
    fn a_query_is_parsed_like_a_body() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Query {
            #[serde(default)]
            limit: Limit,
        }
        let limit = |text: &str| {
            query::<Query>(Some(text))
                .map(|query| query.limit.0)
                .map_err(|problem| problem.errors[0].code.clone())
        };
        assert_eq!(limit(""), Ok(50));
        assert_eq!(limit("limit=100"), Ok(100));
        for bad in ["limit=0", "limit=101", "limit=", "limit=x", "limit=-1", "limit=1e1"] {
            assert_eq!(limit(bad), Err("invalid_value".to_owned()), "{bad}");
        }
        assert_eq!(limit("limit=1&limit=2"), Err("duplicate".to_owned()));
        assert_eq!(limit("other=1"), Err("unknown_field".to_owned()));
    }
}
