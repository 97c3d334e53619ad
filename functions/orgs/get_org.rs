//! Shows an organization to its members.

use orgs_domain::Role;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{OrgContext, OrgContextQuery, RequestContext, Response, Result, action};
use orgs_views::OrgView;

/// The declaration.
pub const ACTION: Action = action!(get_org, returns: OrgView)
    .summary("Show an organization")
    .description("Returns the organization with the caller's role in it.")
    .get("/v1/orgs/{org_id}", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore]);

async fn get_org(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::GetOrg))?;
    Ok(Response::ok(&OrgView::of(&org.org, org.caller_member()?.role))?.version(org.org.version))
}
