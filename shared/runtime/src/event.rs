//! Converts API Gateway's event to a request. An invalid event must not make `lambda_http` panic.

use base64::Engine as _;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::request::LambdaRequest;
use lambda_http::{Body, Request};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The characters that must be percent-encoded in a URI's query.
const QUERY_RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A request, and the path of its event.
pub(crate) struct Incoming {
    pub(crate) request: Request,
    pub(crate) path: String,
}

/// Converts an event to a request with `lambda_http`, which builds a URI from the path, the query
/// and the host, and panics if the URI is invalid. API Gateway decodes the path, so it can contain
/// any character, and the caller controls the query and the host. No action uses the path or the
/// host of the URI, so this function removes the host, keeps the path apart, and encodes the query.
pub(crate) fn incoming(event: LambdaRequest) -> Option<Incoming> {
    let LambdaRequest::ApiGatewayV2(mut event) = event else { return None };
    let path = event.raw_path.replace("/".to_owned()).unwrap_or_default();
    event.headers.remove("host");
    event.request_context.domain_name = None;
    event.request_context.stage = None;
    event.raw_query_string =
        event.raw_query_string.map(|query| utf8_percent_encode(&query, QUERY_RESERVED).to_string());
    keep_body_readable(&mut event);
    Some(Incoming { request: LambdaRequest::ApiGatewayV2(event).into(), path })
}

/// Marks a body as text if the event says that it is base64 but it is not, because `lambda_http`
/// would panic.
fn keep_body_readable(event: &mut ApiGatewayV2httpRequest) {
    let readable = event
        .body
        .as_deref()
        .is_none_or(|body| base64::engine::general_purpose::STANDARD.decode(body).is_ok());
    event.is_base64_encoded &= readable;
}

/// Returns the bytes of a body.
pub(crate) fn bytes(body: &Body) -> &[u8] {
    match body {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, query: &str, host: &str, body: &str) -> Incoming {
        let event = serde_json::json!({
            "version": "2.0", "routeKey": "GET /x", "rawPath": path, "rawQueryString": query, "headers": {"host": host}, "body": body,
            "isBase64Encoded": true, "requestContext": {"stage": "a b", "domainName": "x y", "http": {"method": "GET", "path": path}, "timeEpoch": 0},
        });
        incoming(serde_json::from_value(event).unwrap()).unwrap()
    }

    #[test]
    fn odd_events_are_requests_all_the_same() {
        for odd in ["/", "", "no slash", "/a b", "/é\u{0}", "//", "/%", "/\\..\\", "http://x y/"] {
            assert_eq!(read(odd, "", "x", "").path, odd);
        }
        for odd in ["a b", "%", "%ff", "é=ü", "\"<>`{}|\\^", "a=#b", "&&&==", "\u{0}"] {
            read("/", odd, "x", "");
        }
        for odd in ["a b", "[", "x:99999999", "@", ""] {
            read("/", "", odd, "not base64!");
        }
        assert_eq!(bytes(read("/", "", "x", "not base64!").request.body()), b"not base64!");
        assert_eq!(bytes(read("/", "", "x", "aGk=").request.body()), b"hi");
    }

    #[test]
    fn a_query_keeps_its_meaning() {
        let read = read("/", "q=a%20b&from=2026-01-01T00:00:00%2B02:00", "x", "");
        assert_eq!(read.request.uri().query(), Some("q=a%20b&from=2026-01-01T00:00:00%2B02:00"));
    }
}
