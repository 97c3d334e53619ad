//! CORS as API Gateway is configured for it in `infra/terraform/organizations/api.tf`.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::CorsLayer;

/// Parses an origin, such as `http://localhost:5173`.
///
/// # Errors
/// A text that says what an origin looks like.
pub fn origin(text: &str) -> Result<HeaderValue, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let value = HeaderValue::from_str(text).ok();
    value
        .filter(|_| host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*'])))
        .ok_or_else(|| {
            "an origin is like http://localhost:5173, without a path and without a wildcard"
                .to_owned()
        })
}

/// Returns the layer that answers preflight requests and adds the headers of CORS.
pub(crate) fn layer(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::DELETE, Method::GET, Method::PATCH, Method::POST, Method::PUT])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            header::IF_MATCH,
        ])
        .expose_headers([
            header::ETAG,
            HeaderName::from_static("idempotency-replayed"),
            header::LINK,
            header::RETRY_AFTER,
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(Duration::from_hours(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
        for good in ["http://localhost:5173", "https://app.example.com"] {
            assert_eq!(origin(good).unwrap(), good);
        }
        for bad in
            ["", "*", "localhost", "http://", "https://*.example.com", "https://a.com/", "ftp://a"]
        {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
