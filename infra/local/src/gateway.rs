//! Stands in for API Gateway's HTTP API, with the parts that functions and clients can observe:
//! routes, the JWT authorizer, and events in payload format 2.0.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use aws_lambda_events::apigw::{
    ApiGatewayRequestAuthorizer, ApiGatewayRequestAuthorizerJwtDescription, ApiGatewayV2httpRequest,
};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base64::Engine as _;
use lambda_http::request::LambdaRequest;
use orgs_domain::{Clock, Ids};
use orgs_runtime::{AppState, Function, UNAUTHORIZED};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use tokio::time::Instant;

use crate::cors;
use crate::dev_routes::Control;
use crate::identity::{Identity, Verified};
use crate::log;
use crate::respond::{json_response, message};
use orgs_runtime::action::{Action, Caller, Trigger};

/// The largest request body in bytes: API Gateway's limit of 10 MB.
const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A function with the method and path that call it.
#[derive(Debug)]
pub(crate) struct MountedRoute {
    method: &'static str,
    path: &'static str,
    caller: Caller,
    function: Function,
    app: Arc<AppState>,
}

impl MountedRoute {
    /// Returns the HTTP routes of a function: none if another trigger starts it, and several for a
    /// page.
    pub(crate) fn of(route: &Action, app: &Arc<AppState>) -> Vec<Self> {
        let mounted = |method, path, caller| Self {
            method,
            path,
            caller,
            function: route.function,
            app: Arc::clone(app),
        };
        match route.trigger {
            Trigger::Http { method, path, caller, .. } => vec![mounted(method, path, caller)],
            Trigger::Page { paths } => paths
                .iter()
                .flat_map(|path| {
                    ["GET", "HEAD"].map(|method| mounted(method, path, Caller::Anybody))
                })
                .collect(),
            Trigger::Stream(_) | Trigger::MailQueue | Trigger::Hourly | Trigger::MailFeedback => {
                Vec::new()
            }
        }
    }

    /// Returns the decoded path parameters if the path matches this route.
    fn parameters(&self, path: &str) -> Option<HashMap<String, String>> {
        let (mut template, mut path) = (self.path.split('/'), path.split('/'));
        let mut parameters = HashMap::new();
        loop {
            match (template.next(), path.next()) {
                (None, None) => return Some(parameters),
                (Some(wanted), Some(segment)) => {
                    match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                        Some(name) if !segment.is_empty() => {
                            parameters.insert(name.to_owned(), decode(segment).into_owned());
                        }
                        None if decode(segment) == wanted => {}
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

/// Decodes percent-encoding. Invalid UTF-8 becomes U+FFFD.
fn decode(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// The HTTP server in front of the functions.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) mounted: Vec<MountedRoute>,
    pub(crate) identity: Arc<Identity>,
    pub(crate) clock: Clock,
    pub(crate) ids: Arc<Ids>,
    /// The dev routes; `None` if the host listens beyond loopback.
    pub(crate) control: Option<Control>,
}

impl Gateway {
    /// Returns the router. Pages of `cors_origins` may call the API, and never the dev routes.
    pub(crate) fn router(self, cors_origins: Vec<HeaderValue>) -> Router {
        let gateway = Arc::new(self);
        let answer = move |request: Request| {
            let gateway = Arc::clone(&gateway);
            async move { gateway.answer(request).await }
        };
        let router = if cors_origins.is_empty() {
            Router::new()
        } else {
            let api = any(answer.clone()).layer(cors::layer(cors_origins));
            Router::new().route("/v1/{*path}", api)
        };
        router.fallback(answer).layer(DefaultBodyLimit::disable())
    }

    async fn answer(&self, request: Request) -> Response {
        let began = Instant::now();
        let (parts, body) = request.into_parts();
        let (response, code) = match axum::body::to_bytes(body, BODY_BYTES_MAX).await {
            Ok(body) => self.routed(&parts, &body).await,
            Err(_) => (message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"), None),
        };
        tracing::info!(
            target: log::REQUEST_TARGET,
            method = parts.method.as_str(),
            path = &*self.shown(parts.uri.path()),
            status = response.status().as_u16(),
            code,
            ms = began.elapsed().as_secs_f64() * 1000.0,
        );
        response
    }

    /// Returns the path for the log. The token at the end of an opt-out link is masked for every
    /// method, even if no route matches.
    fn shown<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let secrets =
            self.mounted.iter().filter_map(|mounted| mounted.path.strip_suffix("{token}"));
        let mut before = secrets.filter(|before| decode(path).starts_with(before));
        before.next().map_or(Cow::Borrowed(path), |before| Cow::Owned(format!("{before}{{token}}")))
    }

    /// Routes a request. Returns the response and, for a problem, its code.
    async fn routed(&self, parts: &Parts, body: &Bytes) -> (Response, Option<String>) {
        let path = parts.uri.path();
        if let Some(name) = path.strip_prefix("/local/") {
            let answer = match &self.control {
                Some(control) => control.answer(parts, name, body).await,
                None => None,
            };
            return (answer.unwrap_or_else(|| message(StatusCode::NOT_FOUND, "Not Found")), None);
        }
        let found = self
            .mounted
            .iter()
            .filter(|mounted| mounted.method == parts.method.as_str())
            .find_map(|mounted| Some((mounted, mounted.parameters(path)?)));
        let Some((mounted, parameters)) = found else {
            return (message(StatusCode::NOT_FOUND, "Not Found"), None);
        };
        let verified = if mounted.caller == Caller::Anybody {
            None
        } else {
            let authorization =
                parts.headers.get("authorization").and_then(|value| value.to_str().ok());
            match self.identity.check(authorization, self.clock.now()).await {
                Some(verified) => Some(verified),
                None => {
                    return (
                        json_response(StatusCode::UNAUTHORIZED, UNAUTHORIZED.to_owned()),
                        None,
                    );
                }
            }
        };
        let event = self.event(mounted, parts, parameters, body, verified.as_deref());
        let answer = mounted.function.answer(&mounted.app, event).await;
        let status = u16::try_from(answer.status_code)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
            .unwrap_or(StatusCode::BAD_GATEWAY);
        let code = answer.body.as_ref().filter(|_| !status.is_success()).and_then(code);
        let body = match answer.body {
            Some(lambda_http::Body::Text(text)) => Body::from(text),
            Some(lambda_http::Body::Binary(bytes)) => Body::from(bytes),
            _ => Body::empty(),
        };
        ((status, answer.headers, body).into_response(), code)
    }

    /// Builds the event that API Gateway would send to the function.
    fn event(
        &self,
        mounted: &MountedRoute,
        parts: &Parts,
        parameters: HashMap<String, String>,
        body: &Bytes,
        verified: Option<&Verified>,
    ) -> LambdaRequest {
        let (now, path) = (self.clock.now(), parts.uri.path());
        // As in API Gateway, a body that is not text is encoded as base64.
        let (text, is_base64) = match std::str::from_utf8(body) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (base64::engine::general_purpose::STANDARD.encode(body), true),
        };
        let headers = headers(&parts.headers);
        let route = Some(format!("{} {}", mounted.method, mounted.path));

        let mut event = ApiGatewayV2httpRequest::default();
        event.version = Some("2.0".to_owned());
        event.route_key.clone_from(&route);
        // API Gateway decodes the path here, but not in the request context.
        event.raw_path = Some(decode(path).into_owned());
        event.raw_query_string = Some(parts.uri.query().unwrap_or_default().to_owned());
        event.path_parameters = parameters;
        event.body = (!body.is_empty()).then_some(text);
        event.is_base64_encoded = is_base64;

        let context = &mut event.request_context;
        context.account_id = Some("000000000000".to_owned());
        context.apiid = Some("local".to_owned());
        context.domain_name = Some("localhost".to_owned());
        context.domain_prefix = Some("localhost".to_owned());
        context.stage = Some("$default".to_owned());
        context.request_id = Some(self.ids.generate().to_string());
        context.route_key = route;
        context.time = Some(now.format("%d/%b/%Y:%H:%M:%S +0000").to_string());
        context.time_epoch = now.timestamp_millis();
        context.http.method = parts.method.clone();
        context.http.path = Some(path.to_owned());
        context.http.protocol = Some("HTTP/1.1".to_owned());
        context.http.source_ip = Some("127.0.0.1".to_owned());
        context.http.user_agent =
            headers.get("user-agent").and_then(|value| value.to_str().ok()).map(str::to_owned);
        context.authorizer = verified.map(|verified| {
            let mut jwt = ApiGatewayRequestAuthorizerJwtDescription::default();
            jwt.claims.clone_from(&verified.claims);
            let mut authorizer = ApiGatewayRequestAuthorizer::default();
            authorizer.jwt = Some(jwt);
            authorizer
        });
        event.headers = headers;
        LambdaRequest::ApiGatewayV2(event)
    }
}

/// Returns the code of a problem response.
fn code(body: &lambda_http::Body) -> Option<String> {
    #[derive(Deserialize)]
    struct Problem {
        code: String,
    }
    let lambda_http::Body::Text(text) = body else { return None };
    serde_json::from_str::<Problem>(text).ok().map(|problem| problem.code)
}

/// Returns the headers as API Gateway sends them: values of a repeated header are joined with
/// commas. Characters beyond ASCII are removed, because headers in an event are text.
fn headers(headers: &HeaderMap) -> HeaderMap {
    let text = |value: &HeaderValue| {
        value.to_str().map_or_else(
            |_| String::from_utf8_lossy(value.as_bytes()).chars().filter(char::is_ascii).collect(),
            str::to_owned,
        )
    };
    let joined = headers.keys().filter_map(|name| {
        let joined = headers.get_all(name).iter().map(text).collect::<Vec<_>>().join(",");
        Some((name.clone(), HeaderValue::from_str(&joined).ok()?))
    });
    joined.collect()
}
