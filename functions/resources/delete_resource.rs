//! Deletes a resource of an organization. Usage that was recorded for it stays.

use orgs_domain::Role;
use orgs_domain::resource;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(delete_resource)
    .summary("Delete a resource")
    .description("Usage that was recorded for the resource stays in reports.")
    .delete("/v1/orgs/{org_id}/resources/{resource_id}", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::ResourceNotFound,
    ])
    .event("Deleted a resource", Shape::Object("Resource"), Shape::Nothing);

async fn delete_resource(ctx: &RequestContext<'_>) -> Result<Response> {
    let id = ctx.resource_id();
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { resources: id.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    org.require_capability(ActionName::DeleteResource)?;
    ctx.no_body()?;
    let resource = org.resource(id.as_ref())?;
    let permit = org.authorize(&AuthzRequest::delete_resource(resource.into()))?;
    org.commit(&permit, &resource::delete(resource), Response::no_content()).await
}
