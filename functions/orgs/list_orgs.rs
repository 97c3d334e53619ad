//! Lists the organizations that the caller is a member of, each with the caller's role.

use orgs_runtime::domain::org::OrgView;
use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::store::keys::USER_MEMBERSHIPS;
use orgs_runtime::{ListOf, RequestContext, Response, Result};

orgs_runtime::action!(list_orgs, "Lists the organizations that the caller is a member of", handle, answer: ListOf<OrgView>);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let _mine = ctx.authorize(&Ask::Alone(Alone::ListOrgs))?;
    let page = ctx.page(&[USER_MEMBERSHIPS])?;
    let orgs = ctx.app.store.orgs_of(&ctx.person()?.user_id, ctx.now, &page).await?;
    Response::page(&orgs, |(org, role)| org.view(*role))
}
