//! From API Gateway's event to a request, without the places where an odd one could bring the
//! process down.

use base64::Engine as _;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::request::LambdaRequest;
use lambda_http::{Body, Request};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a URI's query cannot hold as it is.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS
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

/// A request with the parts that the event alone has.
pub(crate) struct Incoming {
    pub(crate) request: Request,
    pub(crate) path: String,
}

/// Turns an event into a request through `lambda_http`, which unwraps the URI that it puts together
/// from the path, the query and the host. API Gateway decodes the path, so it can hold anything;
/// the query and the host are the caller's. Nothing here reads the URI's path or host, so they are
/// taken out first, and the query is encoded.
pub(crate) fn incoming(event: LambdaRequest) -> Option<Incoming> {
    let LambdaRequest::ApiGatewayV2(mut event) = event else { return None };
    let path = event.raw_path.replace("/".to_owned()).unwrap_or_default();
    event.headers.remove("host");
    event.request_context.domain_name = None;
    event.request_context.stage = None;
    event.raw_query_string =
        event.raw_query_string.map(|query| utf8_percent_encode(&query, NOT_IN_QUERY).to_string());
    keep_body_readable(&mut event);
    Some(Incoming { request: LambdaRequest::ApiGatewayV2(event).into(), path })
}

/// A body that says it is base64 and is not would be unwrapped too; it then stands for itself.
fn keep_body_readable(event: &mut ApiGatewayV2httpRequest) {
    let readable = event
        .body
        .as_deref()
        .is_none_or(|body| base64::engine::general_purpose::STANDARD.decode(body).is_ok());
    event.is_base64_encoded &= readable;
}

/// A body's bytes.
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
