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
use orgs_store::Reading;
use tracing::Instrument;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::call::Call;
use crate::event;
use crate::feedback::Feedback;
use crate::mail_queue::HandleMail;
use crate::metrics::Metric;
use crate::problem::{Problem, Result, Stop};
use crate::reply::{Content, Reply};
use crate::stream::{HandleEvents, HandleSpending, Retry};
use crate::world::World;

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
    Http(for<'a> fn(&'a Call<'a>) -> BoxFuture<'a, Result<Reply>>),
    /// By the mail queue, with each request for a mail.
    Mail(HandleMail),
    /// By the stream of the table `core`, with a batch of changes. Returns the positions of the
    /// changes to retry.
    Events(HandleEvents),
    /// By the stream of the table `usage`: each month in which an organization used something.
    Spending(HandleSpending),
    /// By a schedule.
    Schedule(for<'a> fn(&'a World) -> BoxFuture<'a, std::result::Result<(), Retry>>),
    /// By SNS: what SES reports of a mail.
    Feedback(for<'a> fn(&'a World, Feedback) -> BoxFuture<'a, std::result::Result<(), Retry>>),
}

/// The types of an action's body, query and answer, for the OpenAPI document.
#[derive(Debug, Clone, Copy)]
pub struct Schemas {
    /// The body.
    pub body: Option<TypeOf>,
    /// The body, where it is a form, or none.
    pub form: Option<TypeOf>,
    /// The query.
    pub query: Option<TypeOf>,
    /// The answer's body.
    pub answer: Option<TypeOf>,
}

impl Schemas {
    /// Of an action that takes and gives nothing in JSON.
    pub const NONE: Self = Self { body: None, form: None, query: None, answer: None };
}

/// A type's schema.
#[derive(Debug, Clone, Copy)]
pub struct TypeOf {
    /// Its name.
    pub name: fn() -> Cow<'static, str>,
    /// Its schema.
    pub schema: fn() -> RefOr<Schema>,
    /// The schemas of the types in it.
    pub parts: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl TypeOf {
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
        $crate::action!(@made $name, $summary, $crate::Kind::Mail(|world, request| Box::pin($handle(world, request))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, events: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Events(|world, changes| Box::pin($handle(world, changes))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, spending: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Spending(|world, spending| Box::pin($handle(world, spending))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, feedback: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Feedback(|world, feedback| Box::pin($handle(world, feedback))), $crate::Schemas::NONE);
    };
    ($name:ident, $summary:literal, schedule: $handle:path) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Schedule(|world| Box::pin($handle(world))), $crate::Schemas::NONE);
    };
    (
        $name:ident, $summary:literal, $handle:path
        $(, body: $body:ty)? $(, form: $form:ty)? $(, query: $query:ty)? $(, answer: $answer:ty)? $(,)?
    ) => {
        $crate::action!(@made $name, $summary, $crate::Kind::Http(|call| Box::pin($handle(call))), $crate::Schemas {
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
    (@type $type:ty) => { Some($crate::TypeOf::of::<$type>()) };
}

impl Function {
    /// Runs because its time has come.
    ///
    /// # Errors
    /// When it is to run again.
    pub async fn tick(&self, world: &World) -> std::result::Result<(), Retry> {
        let Kind::Schedule(handle) = self.kind else { return Ok(()) };
        handle(world).instrument(tracing::info_span!("schedule", function = self.name)).await
    }

    /// Answers an event of API Gateway (payload format 2.0). Never fails: what goes wrong is an
    /// answer too.
    pub async fn answer(&self, world: &World, event: LambdaRequest) -> ApiGatewayV2httpResponse {
        let (Kind::Http(handle), Some(incoming)) = (self.kind, event::incoming(event)) else {
            let request_id = world.ids.fresh().to_string();
            return response(
                Reply::stopped(
                    Stop::Internal("not an event of an HTTP API".to_owned()),
                    &request_id,
                ),
                &request_id,
            );
        };
        if !came_through_the_edge(world, incoming.request.headers()) {
            return forbidden(&world.ids.fresh().to_string());
        }
        let call = Call::new(world, incoming);
        let span = tracing::info_span!(
            "request",
            function = self.name,
            request_id = call.request_id,
            org_id = tracing::field::Empty
        );
        if let Ok(org) = call.org_id() {
            span.record("org_id", tracing::field::display(org));
        }
        async {
            let (reply, request_id) = run(handle, call).await;
            tracing::info!(
                status = reply.status,
                code = reply.code.as_deref().unwrap_or("ok"),
                "answered"
            );
            measure(world, &reply);
            response(reply, &request_id)
        }
        .instrument(span)
        .await
    }
}

/// Returns true if the request has the header `x-origin-secret` with a known secret. The edge adds
/// it. Without configured secrets, every request passes.
fn came_through_the_edge(world: &World, headers: &HeaderMap) -> bool {
    let known = &world.settings.origin_secrets;
    let said =
        || headers.get("x-origin-secret").map(|secret| text::hex(&text::sha256(secret.as_bytes())));
    known.is_empty() || said().is_some_and(|hash| known.contains(&hash))
}

/// Returns the response to a request without the origin secret, in the form of API Gateway's own
/// 403.
fn forbidden(request_id: &str) -> ApiGatewayV2httpResponse {
    tracing::warn!("rejected a request without the origin secret");
    let reply = Reply {
        status: 403,
        content_type: "application/json",
        body: Some(Content::Text(r#"{"message":"Forbidden"}"#.to_owned())),
        etag: None,
        headers: Vec::new(),
        code: None,
    };
    response(reply, request_id)
}

/// Notes what a request came to.
fn measure(world: &World, reply: &Reply) {
    world.metrics.note(Metric::Requests, 1);
    match (reply.status, reply.code.as_deref()) {
        (403, Some(code)) | (404, Some(code @ "org_not_found")) => world.metrics.denied(code),
        (500, _) => world.metrics.note(Metric::InternalErrors, 1),
        _ => {}
    }
}

/// Runs an action until it has an answer; a panic in it is an answer as well.
async fn run(
    handle: for<'a> fn(&'a Call<'a>) -> BoxFuture<'a, Result<Reply>>,
    mut call: Call<'_>,
) -> (Reply, String) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    let mut lost = 0;
    loop {
        let outcome =
            AssertUnwindSafe(tokio::time::timeout_at(deadline, handle(&call))).catch_unwind().await;
        let stop = match outcome {
            Ok(Ok(Ok(reply))) => return (reply, call.request_id),
            Ok(Ok(Err(Stop::Again(why)))) if lost + 1 < RUNS => {
                call.world.metrics.note(Metric::Conflicts, 1);
                tracing::info!(lost, why, "lost to another change, judging anew");
                // Others are at work on the same items; each later run waits a little longer for
                // them.
                tokio::time::sleep(Duration::from_millis(
                    u64::from(call.world.ids.fresh().as_bytes()[15] % 16) << lost,
                ))
                .await;
                call.now = call.world.clock.now();
                call.reading = Reading::Quick;
                lost += 1;
                continue;
            }
            Ok(Ok(Err(Stop::Problem(problem))))
                if call.reading == Reading::Quick && STATE.contains(&problem.status) =>
            {
                call.reading = Reading::OneMoment;
                continue;
            }
            Ok(Ok(Err(stop))) => stop,
            Ok(Err(_)) => Problem::contention().into(),
            Err(_) => Stop::Internal("the action panicked".to_owned()),
        };
        return (Reply::stopped(stop, &call.request_id), call.request_id);
    }
}

/// The answer in API Gateway's form.
fn response(reply: Reply, request_id: &str) -> ApiGatewayV2httpResponse {
    let mut headers = HeaderMap::new();
    let mut header = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    header("x-request-id", request_id);
    header("cache-control", "no-store");
    if !reply.content_type.is_empty() {
        header("content-type", reply.content_type);
    }
    if let Some(etag) = &reply.etag {
        header("etag", etag);
    }
    for (name, value) in &reply.headers {
        header(name, value);
    }
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(reply.status);
    response.headers = headers;
    response.is_base64_encoded = matches!(reply.body, Some(Content::Bytes(_)));
    response.body = reply.body.map(|body| match body {
        Content::Text(text) => Body::Text(text),
        Content::Bytes(bytes) => Body::Binary(bytes.to_vec()),
    });
    response
}
