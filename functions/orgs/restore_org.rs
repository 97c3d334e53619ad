//! Restores a deleted organization, within 30 days. A suspension stays: that is another fact.

use orgs_runtime::domain::org::OrgView;
use orgs_runtime::domain::org_update;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(restore_org, "Restores a deleted organization", handle, answer: OrgView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::RestoreOrg, scene.facts()))?;
    ctx.no_body()?;
    let role = scene.caller_member()?.role;
    let Some(change) = org_update::restore(&scene.org, ctx.now) else {
        return scene
            .respond_unchanged(
                &permit,
                Response::ok(&scene.org.view(role))?.version(scene.org.version),
            )
            .await;
    };
    let response = Response::ok(&change.after().view(role))?.version(change.after().version);
    scene.commit(&permit, &change, response).await
}
