//! Shows an organization to its members.

use orgs_http::domain::org::OrgView;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(get_org, "Shows an organization", handle, answer: OrgView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let _viewer = scene.permit(&Ask::OfOrg(OfOrg::GetOrg, scene.facts()))?;
    Ok(Reply::ok(&scene.org.view(scene.me()?.role))?.version(scene.org.version))
}
