//! Takes a pending invitation back: its link is dead, and its address can be invited again.

use orgs_runtime::domain::Role;
use orgs_runtime::domain::invitation::{self, InvitationView};
use orgs_runtime::policies::Ask;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(revoke_invitation, "Takes an invitation back", handle, answer: InvitationView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { invitation: ctx.invitation_id(), ..OrgContextQuery::default() },
        )
        .await?;
    let org = scene.facts();
    scene.require_capability(&Ask::RevokeInvitation { org, role: Role::Viewer })?;
    ctx.no_body()?;
    let invitation = scene.invitation()?;
    let permit = scene.authorize(&Ask::RevokeInvitation { org, role: invitation.role })?;
    let closure = invitation::revoke(invitation, ctx.now)?;
    let response = Response::ok(&closure.after().view(ctx.now))?.version(closure.after().version);
    scene.commit(&permit, &closure, response).await
}
