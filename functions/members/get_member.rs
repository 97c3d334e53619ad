//! Shows a member to the other members.

use orgs_http::domain::member::MemberView;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(get_member, "Shows a member", handle, answer: MemberView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let user = call.user_id();
    let scene =
        call.scene(call.org_id()?, Wants { members: user.as_slice(), ..Wants::default() }).await?;
    let _viewer = scene.permit(&Ask::OfOrg(OfOrg::GetMember, scene.facts()))?;
    let member = scene.member(user.as_ref())?;
    Ok(Reply::ok(&member.view())?.version(member.version))
}
