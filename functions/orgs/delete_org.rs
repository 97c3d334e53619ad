//! Deletes an organization. For 30 days its members still see it and an owner can restore it; then
//! it is removed.

use orgs_runtime::domain::org_update;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(
    delete_org,
    "Deletes an organization, which can be restored for 30 days",
    handle
);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::DeleteOrg, scene.facts()))?;
    ctx.no_body()?;
    match org_update::delete(&scene.org, ctx.now) {
        Some(change) => scene.commit(&permit, &change, Response::no_content()).await,
        None => scene.respond_unchanged(&permit, Response::no_content()).await,
    }
}
