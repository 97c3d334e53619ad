//! Shows a resource to the organization's members.

use orgs_http::domain::Resource;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(get_resource, "Shows a resource", handle, answer: Resource);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let id = call.resource_id();
    let scene =
        call.scene(call.org_id()?, Wants { resources: id.as_slice(), ..Wants::default() }).await?;
    let _viewer = scene.permit(&Ask::OfOrg(OfOrg::GetResource, scene.facts()))?;
    let resource = scene.resource(id.as_ref())?;
    Ok(Reply::ok(resource)?.version(resource.version))
}
