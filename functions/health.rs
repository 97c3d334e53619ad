//! Says that the service is up. It touches nothing, so it answers also when the database does not.

use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::{RequestContext, Response, Result};
use serde::Serialize;
use utoipa::ToSchema;

orgs_runtime::action!(health, "Says that the service is up, and which version it is", handle, answer: Health);

/// The service's state.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version that is deployed.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(&Ask::Alone(Alone::Health))?;
    Response::ok(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
