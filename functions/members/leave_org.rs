//! Ends the caller's own membership, whatever the state of the organization; the last owner stays.

use orgs_runtime::domain::membership;
use orgs_runtime::policies::Ask;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(leave_org, "Ends the caller's own membership", handle);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let me = scene.caller_member()?;
    let permit = scene.authorize(&Ask::LeaveOrg {
        org: scene.facts(),
        member: &me.user_id,
        role: me.role,
    })?;
    ctx.no_body()?;
    let end = membership::end_membership(&scene.org, me, ctx.now)?;
    scene.commit(&permit, &end, Response::no_content()).await
}
