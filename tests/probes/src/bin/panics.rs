//! A function that panics on every request.

use orgs_runtime::{Action, RequestContext, Response, Result, action};

const ACTION: Action = action!(panics);

#[expect(clippy::panic, reason = "the function exists to panic")]
async fn panics(ctx: &RequestContext<'_>) -> Result<Response> {
    panic!("a detail of {}", ctx.request_id)
}

fn main() -> std::result::Result<(), orgs_runtime::RuntimeError> {
    orgs_runtime::serve(|_| Some((ACTION.function, None)))
}
