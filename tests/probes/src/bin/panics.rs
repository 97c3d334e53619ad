//! A function that panics at every request.

use orgs_http::{Call, Reply, Result};

orgs_http::action!(panics, "Panics", handle);

#[expect(clippy::panic, reason = "what it is for")]
async fn handle(call: &Call<'_>) -> Result<Reply> {
    panic!("a detail of {}", call.request_id)
}

fn main() -> std::result::Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(|_| Some((ACTION.function, None)))
}
