//! Deletes a resource.

use orgs_http::domain::resource::{self, CostClass, ResourceKind};
use orgs_http::policies::{Ask, ResourceFacts};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(delete_resource, "Deletes a resource", handle);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let id = call.resource_id();
    let scene =
        call.scene(call.org_id()?, Wants { resources: id.as_slice(), ..Wants::default() }).await?;
    let org = scene.facts();
    let could = ResourceKind::ALL.iter().map(|kind| {
        scene.could(&Ask::DeleteResource {
            org,
            resource: ResourceFacts { kind: *kind, cost_class: CostClass::Standard },
        })
    });
    could.reduce(Result::or).unwrap_or(Ok(()))?;
    call.no_body()?;
    let resource = scene.resource(id.as_ref())?;
    let facts = ResourceFacts { kind: resource.kind, cost_class: resource.cost_class };
    let permit = scene.permit(&Ask::DeleteResource { org, resource: facts })?;
    scene.commit(&permit, &resource::delete(resource), Reply::no_content()).await
}
