//! Runs actions for HTTP requests, as API Gateway delivers them.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_http::http::{HeaderMap, HeaderValue};
use lambda_http::request::LambdaRequest;
use orgs_domain::{Role, text};
use orgs_store::ReadIsolation;
use tracing::Instrument;

use crate::action::{Function, Handler};
use crate::app_state::AppState;
use crate::event;
use crate::metrics::Metric;
use crate::problem::{ActionError, Problem, Result};
use crate::request_context::RequestContext;
use crate::response::{Content, Response};

/// The largest number of times that an action runs while conditions of its commits fail.
const ATTEMPTS_MAX: u32 = 5;
/// The statuses that depend on several items together. A batch read can mix two states of the
/// items, so the action runs again on a snapshot read before it responds with one of these.
const SNAPSHOT_STATUSES: [u16; 2] = [409, 410];
/// The longest time for all attempts of an action. Lambda stops a function after ten seconds.
const ATTEMPTS_DURATION_MAX: Duration = Duration::from_secs(8);

impl Function {
    /// Runs the action for an event of API Gateway (payload format 2.0), and returns the response.
    /// An error or a panic of the action becomes a response too.
    pub async fn answer(&self, app: &AppState, event: LambdaRequest) -> ApiGatewayV2httpResponse {
        let (Handler::Http(handle), Some(incoming)) = (self.handler, event::incoming(event)) else {
            let request_id = app.ids.generate().to_string();
            return event_response(
                Response::from_error(
                    ActionError::Internal("not an event of an HTTP API".to_owned()),
                    &request_id,
                ),
                &request_id,
            );
        };
        if !came_through_the_edge(app, incoming.request.headers()) {
            return forbidden(&app.ids.generate().to_string());
        }
        let mut ctx = RequestContext::new(app, incoming);
        let span = tracing::info_span!(
            "request",
            function = self.name,
            request_id = ctx.request_id,
            org_id = tracing::field::Empty
        );
        if let Ok(org) = ctx.org_id() {
            span.record("org_id", tracing::field::display(org));
        }
        async {
            let response = run(handle, &mut ctx).await;
            log_answered(self.name, &ctx, &response);
            measure(app, &response);
            event_response(response, &ctx.request_id)
        }
        .instrument(span)
        .await
    }
}

/// Returns true if the request has the header `x-origin-secret` with a known secret. The edge adds
/// it. Without configured secrets, every request passes.
fn came_through_the_edge(app: &AppState, headers: &HeaderMap) -> bool {
    let known = &app.settings.origin_secrets;
    let hash =
        || headers.get("x-origin-secret").map(|secret| text::hex(&text::sha256(secret.as_bytes())));
    known.is_empty() || hash().is_some_and(|hash| known.contains(&hash))
}

/// Returns the response to a request without the origin secret, in the form of API Gateway's own
/// 403.
fn forbidden(request_id: &str) -> ApiGatewayV2httpResponse {
    tracing::warn!("rejected a request without the origin secret");
    let response = Response {
        status: 403,
        content_type: "application/json",
        body: Some(Content::Text(r#"{"message":"Forbidden"}"#.to_owned())),
        etag: None,
        headers: Vec::new(),
        code: None,
        denial: None,
    };
    event_response(response, request_id)
}

/// Logs the response. The line of a denial has the decision and the caller, so that it explains the
/// 403 by itself.
fn log_answered(action: &str, ctx: &RequestContext<'_>, response: &Response) {
    let Some(denial) = &response.denial else {
        tracing::info!(status = response.status, code = response.code.unwrap_or("ok"), "answered");
        return;
    };
    tracing::info!(
        status = response.status,
        code = response.code.unwrap_or("ok"),
        action,
        policies = policy_ids(&denial.policies),
        required_role = denial.required_role.map(Role::as_str),
        actor = ctx.person().ok().map(|person| person.user_id.as_str()),
        "answered"
    );
}

/// Joins policy ids. An organization writes the ids of its own policies, so characters that are not
/// part of a plain id are replaced: an id cannot look like an address or like several ids.
fn policy_ids(policies: &[String]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let ids: Vec<String> = policies
        .iter()
        .map(|id| id.chars().map(|c| if is_plain(c) { c } else { '_' }).collect())
        .collect();
    ids.join(",")
}

/// Records the metrics of a response.
fn measure(app: &AppState, response: &Response) {
    app.metrics.record(Metric::Requests, 1);
    match (response.status, response.code) {
        (403, Some(code)) | (404, Some(code @ "org_not_found")) => app.metrics.denied(code),
        (500, _) => app.metrics.record(Metric::InternalErrors, 1),
        _ => {}
    }
}

/// Runs an action until it has a response. Retries if a condition of its commit failed. Turns a
/// panic into a response.
async fn run(
    handle: for<'a> fn(&'a RequestContext<'a>) -> BoxFuture<'a, Result<Response>>,
    ctx: &mut RequestContext<'_>,
) -> Response {
    let deadline = tokio::time::Instant::now() + ATTEMPTS_DURATION_MAX;
    let mut retries = 0;
    loop {
        let outcome =
            AssertUnwindSafe(tokio::time::timeout_at(deadline, handle(ctx))).catch_unwind().await;
        let error = match outcome {
            Ok(Ok(Ok(response))) => return response,
            Ok(Ok(Err(ActionError::Retry(why)))) if retries + 1 < ATTEMPTS_MAX => {
                ctx.app.metrics.record(Metric::Conflicts, 1);
                tracing::info!(retries, why, "transaction condition failed, retrying");
                // Other requests change the same items. A random delay, which doubles with each
                // retry, keeps them apart.
                tokio::time::sleep(Duration::from_millis(
                    u64::from(ctx.app.ids.generate().as_bytes()[15] % 16) << retries,
                ))
                .await;
                ctx.now = ctx.app.clock.now();
                ctx.isolation = ReadIsolation::Batch;
                retries += 1;
                continue;
            }
            Ok(Ok(Err(ActionError::Problem(problem))))
                if ctx.isolation == ReadIsolation::Batch
                    && SNAPSHOT_STATUSES.contains(&problem.code.status()) =>
            {
                ctx.isolation = ReadIsolation::Snapshot;
                continue;
            }
            Ok(Ok(Err(error))) => error,
            Ok(Err(_)) => Problem::contention().into(),
            Err(_) => ActionError::Internal("the action panicked".to_owned()),
        };
        return Response::from_error(error, &ctx.request_id);
    }
}

/// Returns the response in API Gateway's payload format 2.0.
fn event_response(response: Response, request_id: &str) -> ApiGatewayV2httpResponse {
    let mut headers = HeaderMap::new();
    let mut header = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    header("x-request-id", request_id);
    header("cache-control", "no-store");
    header("x-content-type-options", "nosniff");
    if !response.content_type.is_empty() {
        header("content-type", response.content_type);
    }
    if let Some(etag) = &response.etag {
        header("etag", etag);
    }
    for (name, value) in &response.headers {
        header(name, value);
    }
    let mut event = ApiGatewayV2httpResponse::default();
    event.status_code = i64::from(response.status);
    event.headers = headers;
    event.is_base64_encoded = matches!(response.body, Some(Content::Bytes(_)));
    event.body = response.body.map(|body| match body {
        Content::Text(text) => Body::Text(text),
        Content::Bytes(bytes) => Body::Binary(bytes.to_vec()),
    });
    event
}
