//! Removes a member, whose next request is an outsider's. Only owners remove owners, and never the
//! last one.

use orgs_http::domain::{Role, membership};
use orgs_http::policies::Ask;
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(remove_member, "Removes a member", handle);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let user = call.user_id();
    let scene =
        call.scene(call.org_id()?, Wants { members: user.as_slice(), ..Wants::default() }).await?;
    let (org, me) = (scene.facts(), scene.me()?);
    scene.could(&Ask::RemoveMember { org, member: &me.user_id, role: Role::Viewer })?;
    call.no_body()?;
    let member = scene.member(user.as_ref())?;
    let permit =
        scene.permit(&Ask::RemoveMember { org, member: &member.user_id, role: member.role })?;
    let departure = membership::depart(&scene.org, member, call.now)?;
    scene.commit(&permit, &departure, Reply::no_content()).await
}
