//! Shows a resource to the organization's members.

use orgs_runtime::domain::Resource;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(get_resource, "Shows a resource", handle, answer: Resource);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let id = ctx.resource_id();
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { resources: id.as_slice(), ..OrgContextQuery::default() },
        )
        .await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::GetResource, scene.facts()))?;
    let resource = scene.resource(id.as_ref())?;
    Ok(Response::ok(resource)?.version(resource.version))
}
