//! Shows a resource to the members of its organization.

use orgs_domain::Resource;
use orgs_domain::Role;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(get_resource, returns: Resource)
    .summary("Show a resource")
    .description("Every member can see the resources of the organization.")
    .get("/v1/orgs/{org_id}/resources/{resource_id}", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore])
    .problems(&[ProblemCode::ResourceNotFound]);

async fn get_resource(ctx: &RequestContext<'_>) -> Result<Response> {
    let id = ctx.resource_id();
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { resources: id.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::GetResource))?;
    let resource = org.resource(id.as_ref())?;
    Ok(Response::ok(resource)?.version(resource.version))
}
