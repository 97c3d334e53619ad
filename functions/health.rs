//! Says that the service is up. It touches nothing, so it answers also when the database does not.

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

async fn health(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(ActionName::Health)?;
    Response::ok(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
