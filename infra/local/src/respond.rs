//! Responses of the host itself.

use axum::response::{IntoResponse, Response};
use lambda_http::http::StatusCode;
use serde_json::json;

/// Returns a JSON response in API Gateway's error format: `{"message": ...}`.
pub(crate) fn message(status: StatusCode, message: &str) -> Response {
    json_response(status, json!({"message": message}).to_string())
}

/// Returns a plain text response with status 200.
pub(crate) fn text_response(body: &str) -> Response {
    ([("content-type", "text/plain; charset=utf-8")], body.to_owned()).into_response()
}

/// Returns a JSON response.
pub(crate) fn json_response(status: StatusCode, body: String) -> Response {
    (status, [("content-type", "application/json")], body).into_response()
}
