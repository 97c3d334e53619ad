//! Restores a deleted organization, within 30 days. A suspension stays: that is another fact.

use orgs_http::domain::lifecycle;
use orgs_http::domain::org::OrgView;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(restore_org, "Restores a deleted organization", handle, answer: OrgView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::RestoreOrg, scene.facts()))?;
    call.no_body()?;
    let role = scene.me()?.role;
    let Some(change) = lifecycle::restore(&scene.org, call.now) else {
        return scene
            .unchanged(&permit, Reply::ok(&scene.org.view(role))?.version(scene.org.version))
            .await;
    };
    let reply = Reply::ok(&change.after().view(role))?.version(change.after().version);
    scene.commit(&permit, &change, reply).await
}
