//! Tests of how a function runs an action that fails.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use lambda_http::request::LambdaRequest;
use orgs_domain::{Clock, InvitationId, OrgId};
use orgs_runtime::{
    ActionError, AppState, Function, MailRequest, RequestContext, Response, Result, RetryableError,
    Settings,
};
use serde_json::{Value, json};

/// Returns an app state without a database and SES: nothing listens on its endpoint.
fn app() -> AppState {
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url("http://127.0.0.1:1")
        .build();
    AppState::new(&sdk, Settings::read(|_| None).unwrap(), Clock::system())
}

async fn answer(function: Function) -> (i64, Value, Option<String>) {
    let event = json!({"version": "2.0", "rawPath": "/", "headers": {}, "requestContext": {"requestId": "r-1", "http": {"method": "GET", "path": "/"}, "timeEpoch": 0}, "isBase64Encoded": false});
    let event: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let answer = function.answer(&app(), event).await;
    assert_eq!(answer.headers["x-request-id"], "r-1");
    let Some(lambda_http::Body::Text(body)) = answer.body else { panic!("no body") };
    let retry_after =
        answer.headers.get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    (answer.status_code, serde_json::from_str(&body).unwrap(), retry_after)
}

mod panics {
    use super::{RequestContext, Response, Result};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(panics);

    async fn panics(_ctx: &RequestContext<'_>) -> Result<Response> {
        panic!("a secret detail")
    }
}

mod loses {
    use super::{ActionError, AtomicU32, Ordering, RequestContext, Response, Result};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(loses);

    pub(super) static RUNS: AtomicU32 = AtomicU32::new(0);

    async fn loses(_ctx: &RequestContext<'_>) -> Result<Response> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        Err(ActionError::Retry("another change".to_owned()))
    }
}

mod breaks {
    use super::{ActionError, RequestContext, Response, Result};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(breaks);

    async fn breaks(_ctx: &RequestContext<'_>) -> Result<Response> {
        Err(ActionError::Internal("a secret detail".to_owned()))
    }
}

mod reads {
    use orgs_runtime::{OrgContext, OrgContextQuery};

    use super::{OrgId, RequestContext, Response, Result};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(reads);

    async fn reads(ctx: &RequestContext<'_>) -> Result<Response> {
        let org = OrgId::new(ctx.app.ids.generate());
        OrgContext::load(ctx, org, OrgContextQuery::default()).await?;
        Ok(Response::no_content())
    }
}

mod denies {
    use orgs_policies::ActionName;

    use super::{RequestContext, Response, Result};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(denies);

    async fn denies(ctx: &RequestContext<'_>) -> Result<Response> {
        let _permit = ctx.authorize(ActionName::CreateOrg)?;
        Ok(Response::no_content())
    }
}

mod mails {
    use super::{AppState, MailRequest, RetryableError};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(Mail mails);

    async fn mails(
        _app: &AppState,
        _request: MailRequest,
    ) -> std::result::Result<(), RetryableError> {
        Err(RetryableError("SES is unavailable".to_owned()))
    }
}

mod takes {
    use super::{AppState, MailRequest, RetryableError};

    pub(super) const ACTION: orgs_runtime::Action = orgs_runtime::action!(Mail takes);

    async fn takes(
        _app: &AppState,
        _request: MailRequest,
    ) -> std::result::Result<(), RetryableError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_is_one_answer_and_says_nothing_of_itself() {
    let (status, body, _) = answer(panics::ACTION.function).await;
    assert_eq!(
        (status, &body["code"], &body["request_id"]),
        (500, &json!("internal_error"), &json!("r-1"))
    );
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test]
async fn internal_text_never_reaches_a_client() {
    let (status, body, _) = answer(breaks::ACTION.function).await;
    assert_eq!((status, &body["code"]), (500, &json!("internal_error")));
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test]
async fn an_action_that_loses_each_time_gives_up_and_says_when_to_try_again() {
    let (status, body, retry_after) = answer(loses::ACTION.function).await;
    assert_eq!(
        (status, &body["code"], retry_after.as_deref()),
        (503, &json!("contention"), Some("1"))
    );
    assert_eq!(loses::RUNS.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn without_an_identity_an_action_that_needs_one_answers_as_the_gateway_does() {
    let (status, body, _) = answer(reads::ACTION.function).await;
    assert_eq!((status, body), (401, json!({"message": "Unauthorized"})));
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the fields of the log line `answered` for a request with these claims.
async fn answered(function: Function, claims: Value) -> Value {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let event = json!({"version": "2.0", "rawPath": "/", "headers": {}, "requestContext": {"requestId": "r-1", "authorizer": {"jwt": {"claims": claims, "scopes": null}}, "http": {"method": "GET", "path": "/"}, "timeEpoch": 0}, "isBase64Encoded": false});
    let event: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let guard = tracing::subscriber::set_default(subscriber);
    function.answer(&app(), event).await;
    drop(guard);
    let lines = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.find(|line| line["fields"]["message"] == "answered").unwrap()["fields"].take()
}

#[tokio::test]
async fn a_denial_is_explained_by_its_log_line() {
    let claims = json!({"sub": "auth0|1", "email": "ann@example.com"});
    assert_eq!(
        answered(denies::ACTION.function, claims).await,
        json!({
            "message": "answered", "status": 403, "code": "email_not_verified", "action": "denies",
            "policies": "guard.verified-address-creates", "actor": "auth0|1",
        })
    );
    let claims = json!({"sub": "auth0|1", "email": "ann@example.com", "email_verified": "true"});
    assert_eq!(
        answered(denies::ACTION.function, claims).await,
        json!({"message": "answered", "status": 204, "code": "ok"})
    );
}

#[tokio::test]
async fn behind_an_edge_only_requests_with_its_secret_are_taken() {
    // printf 'the edge' | sha256sum
    let hash = "fe8a8accad053b7044fd251f32ac474ceb9be6bc77b5c85f2464be9fbf0317da";
    let mut app = app();
    app.settings.origin_secrets = vec![hash.to_owned()];
    let ask = async |headers: Value| {
        let event = json!({"version": "2.0", "rawPath": "/", "headers": headers, "requestContext": {"requestId": "r-1", "http": {"method": "GET", "path": "/"}, "timeEpoch": 0}, "isBase64Encoded": false});
        let event: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
        let answer = reads::ACTION.function.answer(&app, event).await;
        assert!(answer.headers.contains_key("x-request-id"));
        let Some(lambda_http::Body::Text(body)) = answer.body else { panic!("no body") };
        (answer.status_code, body)
    };
    for headers in [
        json!({}),
        json!({"x-origin-secret": ""}),
        json!({"x-origin-secret": "another"}),
        json!({"x-origin-secret": hash}),
    ] {
        assert_eq!(ask(headers).await, (403, r#"{"message":"Forbidden"}"#.to_owned()));
    }
    assert_eq!(
        ask(json!({"x-origin-secret": "the edge"})).await.0,
        401,
        "the request reaches the action"
    );
}

#[tokio::test]
async fn an_event_of_something_else_is_an_answer_too() {
    let event = json!({"version": "2.0", "rawPath": "/", "headers": {}, "requestContext": {"http": {"method": "GET", "path": "/"}, "timeEpoch": 0}, "isBase64Encoded": false});
    let event: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    // The function handles messages of the mail queue, and gets an HTTP request.
    let answer = mails::ACTION.function.answer(&app(), event).await;
    assert_eq!(answer.status_code, 500);
    assert!(answer.headers.contains_key("x-request-id"));
}

#[tokio::test]
async fn of_a_batch_just_the_messages_that_failed_come_again() {
    let org = OrgId::parse("org_01980000000070008000000000000001").unwrap();
    let invitation = InvitationId::parse("inv_01980000000070008000000000000002").unwrap();
    let request = json!({
        "org_id": org, "audit_id": "aud_01980000000070008000000000000003", "at": "2026-01-01T00:00:00Z",
        "mail": {"invitation_id": invitation, "send_seq": 1},
    });
    let message = |id: &str, body: String| json!({"messageId": id, "body": body});
    let records = [message("1", request.to_string()), message("2", "poison".to_owned())];
    let event = || serde_json::from_value(json!({"Records": records})).unwrap();
    let failures = mails::ACTION.function.receive(&app(), event()).await;
    assert_eq!(
        serde_json::to_value(failures).unwrap(),
        json!({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]})
    );
    let failures = takes::ACTION.function.receive(&app(), event()).await;
    assert_eq!(
        serde_json::to_value(failures).unwrap(),
        json!({"batchItemFailures": [{"itemIdentifier": "2"}]})
    );
}
