//! Lists the organizations that the caller is a member of, each with the caller's role.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{ListOf, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::keys::USER_MEMBERSHIPS;
use orgs_views::OrgView;

/// The declaration.
pub const ACTION: Action = action!(list_orgs, returns: ListOf<OrgView>)
    .summary("List the caller's organizations")
    .description("Returns each organization with the caller's role in it.")
    .get("/v1/orgs", Caller::Person)
    .grants(&[Grant::ListCore, Grant::ReadCore])
    .problems(&[ProblemCode::ValidationFailed]);

async fn list_orgs(ctx: &RequestContext<'_>) -> Result<Response> {
    let _mine = ctx.authorize(ActionName::ListOrgs)?;
    let page = ctx.page(&[USER_MEMBERSHIPS])?;
    let orgs = ctx.app.store.orgs_of(&ctx.person()?.user_id, ctx.now, &page).await?;
    Response::page(&orgs, |(org, role)| OrgView::of(org, *role))
}
