//! Shows a member to the other members.

use orgs_runtime::domain::member::MemberView;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(get_member, "Shows a member", handle, answer: MemberView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let user = ctx.user_id();
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
        )
        .await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::GetMember, scene.facts()))?;
    let member = scene.member(user.as_ref())?;
    Ok(Response::ok(&member.view())?.version(member.version))
}
