//! Deletes an organization. For 30 days, its members can still read it and an owner can restore it.
//! Then `purge_orgs` removes it.

use orgs_domain::Role;
use orgs_domain::org_update;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(delete_org)
    .summary("Delete an organization")
    .description(
        "Marks the organization as deleted. For 30 days, its members can still read it and an \
         owner can restore it. Then its data is removed, except the usage that its paying \
         accounts' reports add up.",
    )
    .delete("/v1/orgs/{org_id}", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission])
    .event("Deleted the organization", Shape::Object("Org"), Shape::Object("Org"));

async fn delete_org(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::DeleteOrg))?;
    ctx.no_body()?;
    match org_update::delete(&org.org, ctx.now) {
        Some(change) => org.commit(&permit, &change, Response::no_content()).await,
        None => org.respond_unchanged(&permit, Response::no_content()).await,
    }
}
