//! Ends every membership of the caller, each in a commit of its own. Where an organization would
//! lose its last owner nothing is changed, and the answer names it.

use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::{RequestContext, Response, Result};

orgs_runtime::action!(forget_me, "Ends every membership of the caller", handle);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = ctx.authorize(&Ask::Alone(Alone::ForgetMe))?;
    ctx.no_body()?;
    ctx.forget(&permit, &ctx.person()?.user_id).await
}
