//! Deletes an organization. For 30 days its members still see it and an owner can restore it; then
//! it is removed.

use orgs_http::domain::lifecycle;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(
    delete_org,
    "Deletes an organization, which can be restored for 30 days",
    handle
);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::DeleteOrg, scene.facts()))?;
    call.no_body()?;
    match lifecycle::delete(&scene.org, call.now) {
        Some(change) => scene.commit(&permit, &change, Reply::no_content()).await,
        None => scene.unchanged(&permit, Reply::no_content()).await,
    }
}
