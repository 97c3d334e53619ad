//! Shows an organization to its members.

use orgs_runtime::domain::org::OrgView;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(get_org, "Shows an organization", handle, answer: OrgView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::GetOrg, scene.facts()))?;
    Ok(Response::ok(&scene.org.view(scene.caller_member()?.role))?.version(scene.org.version))
}
