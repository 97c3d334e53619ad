//! Ends every membership of a person whom the identity provider deleted, as `forget_me` does for
//! the caller. Whoever is not known has none, so it is safe to repeat.

use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::{RequestContext, Response, Result};

orgs_runtime::action!(
    forget_user,
    "Ends every membership of a person, for the platform's operator",
    handle
);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = ctx.authorize_service("orgs:operate", &Ask::Alone(Alone::ForgetUser))?;
    ctx.no_body()?;
    match ctx.user_id() {
        Some(user) => ctx.forget(&permit, &user).await,
        None => ctx.respond_unchanged(&permit, None, Response::no_content()).await,
    }
}
