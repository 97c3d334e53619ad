//! Removes a member, whose next request is an outsider's. Only owners remove owners, and never the
//! last one.

use orgs_runtime::domain::{Role, membership};
use orgs_runtime::policies::Ask;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(remove_member, "Removes a member", handle);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let user = ctx.user_id();
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
        )
        .await?;
    let (org, me) = (scene.facts(), scene.caller_member()?);
    scene.require_capability(&Ask::RemoveMember {
        org,
        member: &me.user_id,
        role: Role::Viewer,
    })?;
    ctx.no_body()?;
    let member = scene.member(user.as_ref())?;
    let permit =
        scene.authorize(&Ask::RemoveMember { org, member: &member.user_id, role: member.role })?;
    let end = membership::end_membership(&scene.org, member, ctx.now)?;
    scene.commit(&permit, &end, Response::no_content()).await
}
