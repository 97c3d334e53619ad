//! Deletes a resource.

use orgs_runtime::domain::resource::{self, CostClass, ResourceKind};
use orgs_runtime::policies::{Ask, ResourceFacts};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(delete_resource, "Deletes a resource", handle);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let id = ctx.resource_id();
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { resources: id.as_slice(), ..OrgContextQuery::default() },
        )
        .await?;
    let org = scene.facts();
    let require_capability = ResourceKind::ALL.iter().map(|kind| {
        scene.require_capability(&Ask::DeleteResource {
            org,
            resource: ResourceFacts { kind: *kind, cost_class: CostClass::Standard },
        })
    });
    require_capability.reduce(Result::or).unwrap_or(Ok(()))?;
    ctx.no_body()?;
    let resource = scene.resource(id.as_ref())?;
    let facts = ResourceFacts { kind: resource.kind, cost_class: resource.cost_class };
    let permit = scene.authorize(&Ask::DeleteResource { org, resource: facts })?;
    scene.commit(&permit, &resource::delete(resource), Response::no_content()).await
}
