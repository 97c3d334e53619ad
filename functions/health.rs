//! Reports that the service is up. It reads nothing, so it also responds if the database is down.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller};
use orgs_runtime::{RequestContext, Response, Result, action};
use serde::Serialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(health, returns: Health)
    .summary("Check that the service is up")
    .description("Reads nothing, so it also responds if the database is down.")
    .get("/v1/health", Caller::Anybody);

/// The status and the version of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// The status of the service: always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version of the service that is deployed.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

async fn health(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(ActionName::Health)?;
    Response::ok(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
