//! Events of API Gateway: every event gets a response of the action, and never the response of an
//! internal error.
#![no_main]

use std::sync::LazyLock;

use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use lambda_http::request::LambdaRequest;
use libfuzzer_sys::fuzz_target;
use orgs_domain::{Clock, OrgName};
use orgs_runtime::{
    Action, AppState, Function, RequestContext, Response, Result, Settings, action,
};
use serde::Deserialize;
use tokio::runtime::{Builder, Runtime};

const ACTION: Action = action!(event);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(rename = "name")]
    _name: OrgName,
}

/// Reads every part of the request, as the actions do.
async fn event(ctx: &RequestContext<'_>) -> Result<Response> {
    drop((ctx.idempotency_key(), ctx.wants_csv()));
    ctx.if_match(7)?;
    ctx.page(&["MEM#"])?;
    if ctx.parameter("token").is_some() {
        ctx.one_click()?;
    } else if ctx.parameter("nothing").is_some() {
        ctx.no_body()?;
    } else {
        ctx.body::<Body>()?;
    }
    ctx.org_id()?;
    drop((ctx.user_id(), ctx.resource_id(), ctx.invitation_id()));
    Ok(Response::no_content())
}

static PLACE: LazyLock<(AppState, Runtime, Function)> = LazyLock::new(|| {
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .build();
    let app = AppState::new(
        &sdk,
        Settings::read(|_| None).expect("settings have defaults"),
        Clock::system(),
    );
    let runtime = Builder::new_current_thread().enable_time().build().expect("the runtime starts");
    (app, runtime, ACTION.function)
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(event) = serde_json::from_slice::<LambdaRequest>(bytes) else { return };
    let (app, runtime, function) = &*PLACE;
    let answer = runtime.block_on(function.answer(app, event));
    assert!([204, 400, 401, 404, 412, 413, 415, 422].contains(&answer.status_code), "{answer:?}");
    serde_json::to_string(&answer).expect("a response is JSON");
});
