//! A function that panics on every request.

use orgs_runtime::{RequestContext, Response, Result};

orgs_runtime::action!(panics, "Panics", handle);

#[expect(clippy::panic, reason = "the function exists to panic")]
async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    panic!("a detail of {}", ctx.request_id)
}

fn main() -> std::result::Result<(), orgs_runtime::RuntimeError> {
    orgs_runtime::serve(|_| Some((ACTION.function, None)))
}
