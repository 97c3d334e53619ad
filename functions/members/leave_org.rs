//! Ends the caller's own membership, whatever the state of the organization; the last owner stays.

use orgs_http::domain::membership;
use orgs_http::policies::Ask;
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(leave_org, "Ends the caller's own membership", handle);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let me = scene.me()?;
    let permit =
        scene.permit(&Ask::LeaveOrg { org: scene.facts(), member: &me.user_id, role: me.role })?;
    call.no_body()?;
    let departure = membership::depart(&scene.org, me, call.now)?;
    scene.commit(&permit, &departure, Reply::no_content()).await
}
