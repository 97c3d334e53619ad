//! An action with its name, and how it is run.

use std::borrow::Cow;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_http::http::{HeaderMap, HeaderValue};
use lambda_http::request::LambdaRequest;
use orgs_domain::text;
use orgs_store::ReadIsolation;
use tracing::Instrument;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::app_state::AppState;
use crate::event;
use crate::mail_queue::HandleMail;
use crate::metrics::Metric;
use crate::problem::{ActionError, Problem, Result};
use crate::request_context::RequestContext;
use crate::response::{Content, Response};
use crate::ses_feedback::Feedback;
use crate::stream::{HandleEvents, HandleSpending, Retry};

/// How often an action runs, when what it read is no longer so at its commit.
const RUNS: u32 = 5;
/// The refusals that come from how several items are to each other: they are told only of one
/// moment, so the action runs again on such a read.
const STATE: [u16; 2] = [409, 410];
/// For how long it may: a Lambda is stopped after ten seconds.
const DEADLINE: Duration = Duration::from_secs(8);

/// The part of an action that runs.
#[derive(Clone, Copy)]
pub struct Function {
    /// The action's name: of its file, Lambda handler, Cedar action, operation and span.
    pub name: &'static str,
    /// How it is called.
    pub kind: Kind,
}

/// An action: the function, and its part of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// The part that runs.
    pub function: Function,
    /// One line for the contract and for AWS.
    pub summary: &'static str,
    /// The types of its request and response.
    pub schemas: Schemas,
}

/// How an action is called.
#[derive(Clone, Copy)]
pub enum Kind {
    /// By a request.
    Http(for<'a> fn(&'a RequestContext<'a>) -> BoxFuture<'a, Result<Response>>),
    /// By the mail queue, with each request for a mail.
    Mail(HandleMail),
    /// By the stream of the table `core`, with a batch of changes. Returns the positions of the
    /// changes to retry.
    Events(HandleEvents),
    /// By the stream of the table `usage`: each month in which an organization used something.
    UsageMonth(HandleSpending),
    /// By a schedule.
    Schedule(for<'a> fn(&'a AppState) -> BoxFuture<'a, std::result::Result<(), Retry>>),
    /// By SNS: what SES reports of a mail.
    Feedback(for<'a> fn(&'a AppState, Feedback) -> BoxFuture<'a, std::result::Result<(), Retry>>),
}

/// The types of an action's body, query and answer, for the OpenAPI document.
#[derive(Debug, Clone, Copy)]
pub struct Schemas {
    /// The body.
    pub body: Option<SchemaRef>,
    /// The body, where it is a form, or none.
    pub form: Option<SchemaRef>,
    /// The query.
    pub query: Option<SchemaRef>,
    /// The answer's body.
    pub answer: Option<SchemaRef>,
}

impl Schemas {
    /// Of an action that takes and gives nothing in JSON.
    pub const NONE: Self = Self { body: None, form: None, query: None, answer: None };
}

/// A type's schema.
#[derive(Debug, Clone, Copy)]
pub struct SchemaRef {
    /// Its name.
    pub name: fn() -> Cow<'static, str>,
    /// Its schema.
    pub schema: fn() -> RefOr<Schema>,
    /// The schemas of the types in it.
    pub parts: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl SchemaRef {
    /// The schema of `T`.
    #[must_use]
    pub const fn of<T: ToSchema>() -> Self {
        Self { name: T::name, schema: T::schema, parts: T::schemas }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Declares an action as `ACTION`.
///
/// `action!(get_org, "Shows an organization", handle)` is an action for requests. `body:`, `form:`,
/// `query:` and `answer:` name its types for the OpenAPI document, in this order. A word before the
/// handler names another caller:
///
/// - `mail:` requests for a mail;
/// - `events:` every change;
/// - `spending:` monthly usage counters;
/// - `feedback:` reports of SES about mails;
/// - `schedule:` the hourly schedule.
#[macro_export]
macro_rules! action {
    ($name:ident, $summary:literal, mail: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Mail(|app, request| Box::pin($handle(app, request))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, events: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Events(|app, changes| Box::pin($handle(app, changes))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, spending: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::UsageMonth(|app, spending| Box::pin($handle(app, spending))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, feedback: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Feedback(|app, feedback| Box::pin($handle(app, feedback))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, schedule: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Schedule(|app| Box::pin($handle(app))), $crate::Schemas::NONE);
    };
    (
        $name:ident, $summary:literal, $handle:path
        $(, body: $body:ty)? $(, form: $form:ty)? $(, query: $query:ty)? $(, answer: $answer:ty)? $(,)?
    ) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Http(|ctx| Box::pin($handle(ctx))), $crate::Schemas {
            body: $crate::action!(@type $($body)?),
            form: $crate::action!(@type $($form)?),
            query: $crate::action!(@type $($query)?),
            answer: $crate::action!(@type $($answer)?),
        });
    };
    (@made $name:ident, $summary:literal, $kind:expr, $schemas:expr) => {
        /// The action.
        pub const ACTION: $crate::Action = $crate::Action {
            function: $crate::Function { name: stringify!($name), kind: $kind },
            summary: $summary,
            schemas: $schemas,
        };
    };
    (@type) => { None };
    (@type $type:ty) => { Some($crate::SchemaRef::of::<$type>()) };
}

impl Function {
    /// Runs because its time has come.
    ///
    /// # Errors
    /// When it is to run again.
    pub async fn run_schedule(&self, app: &AppState) -> std::result::Result<(), Retry> {
        let Kind::Schedule(handle) = self.kind else { return Ok(()) };
        handle(app).instrument(tracing::info_span!("schedule", function = self.name)).await
    }

    /// Answers an event of API Gateway (payload format 2.0). Never fails: what goes wrong is an
    /// answer too.
    pub async fn answer(&self, app: &AppState, event: LambdaRequest) -> ApiGatewayV2httpResponse {
        let (Kind::Http(handle), Some(incoming)) = (self.kind, event::incoming(event)) else {
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
        let ctx = RequestContext::new(app, incoming);
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
            let (response, request_id) = run(handle, ctx).await;
            tracing::info!(
                status = response.status,
                code = response.code.as_deref().unwrap_or("ok"),
                "answered"
            );
            measure(app, &response);
            event_response(response, &request_id)
        }
        .instrument(span)
        .await
    }
}

/// Returns true if the request has the header `x-origin-secret` with a known secret. The edge adds
/// it. Without configured secrets, every request passes.
fn came_through_the_edge(app: &AppState, headers: &HeaderMap) -> bool {
    let known = &app.settings.origin_secrets;
    let said =
        || headers.get("x-origin-secret").map(|secret| text::hex(&text::sha256(secret.as_bytes())));
    known.is_empty() || said().is_some_and(|hash| known.contains(&hash))
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
    };
    event_response(response, request_id)
}

/// Notes what a request came to.
fn measure(app: &AppState, response: &Response) {
    app.metrics.record(Metric::Requests, 1);
    match (response.status, response.code.as_deref()) {
        (403, Some(code)) | (404, Some(code @ "org_not_found")) => app.metrics.denied(code),
        (500, _) => app.metrics.record(Metric::InternalErrors, 1),
        _ => {}
    }
}

/// Runs an action until it has an answer; a panic in it is an answer as well.
async fn run(
    handle: for<'a> fn(&'a RequestContext<'a>) -> BoxFuture<'a, Result<Response>>,
    mut ctx: RequestContext<'_>,
) -> (Response, String) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    let mut lost = 0;
    loop {
        let outcome =
            AssertUnwindSafe(tokio::time::timeout_at(deadline, handle(&ctx))).catch_unwind().await;
        let error = match outcome {
            Ok(Ok(Ok(response))) => return (response, ctx.request_id),
            Ok(Ok(Err(ActionError::Retry(why)))) if lost + 1 < RUNS => {
                ctx.app.metrics.record(Metric::Conflicts, 1);
                tracing::info!(lost, why, "lost to another change, judging anew");
                // Others are at work on the same items; each later run waits a little longer for
                // them.
                tokio::time::sleep(Duration::from_millis(
                    u64::from(ctx.app.ids.generate().as_bytes()[15] % 16) << lost,
                ))
                .await;
                ctx.now = ctx.app.clock.now();
                ctx.isolation = ReadIsolation::Batch;
                lost += 1;
                continue;
            }
            Ok(Ok(Err(ActionError::Problem(problem))))
                if ctx.isolation == ReadIsolation::Batch && STATE.contains(&problem.status) =>
            {
                ctx.isolation = ReadIsolation::Snapshot;
                continue;
            }
            Ok(Ok(Err(error))) => error,
            Ok(Err(_)) => Problem::contention().into(),
            Err(_) => ActionError::Internal("the action panicked".to_owned()),
        };
        return (Response::from_error(error, &ctx.request_id), ctx.request_id);
    }
}

/// The answer in API Gateway's form.
fn event_response(response: Response, request_id: &str) -> ApiGatewayV2httpResponse {
    let mut headers = HeaderMap::new();
    let mut header = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    header("x-request-id", request_id);
    header("cache-control", "no-store");
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
