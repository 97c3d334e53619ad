//! Shows a member to the other members.

use orgs_http::domain::member::MemberView;
use orgs_http::policies::Ask;
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::function!(handle, answer: MemberView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let user = call.user_id();
    let scene = call.scene(call.org_id()?, Wants { member: user.as_ref(), ..Wants::default() }).await?;
    let _viewer = scene.permit(&Ask::GetMember { org: scene.facts() })?;
    let member = scene.member()?;
    Ok(Reply::ok(&member.view())?.version(member.version))
}
