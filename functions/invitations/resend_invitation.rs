//! Mails an invitation once more: with a new link, which makes the old one dead, and a new time.

use orgs_runtime::domain::Role;
use orgs_runtime::domain::invitation::{self, InvitationView};
use orgs_runtime::policies::Ask;
use orgs_runtime::store::RateLimited;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(resend_invitation, "Mails an invitation once more, with a new link", handle, answer: InvitationView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { invitation: ctx.invitation_id(), ..OrgContextQuery::default() },
        )
        .await?;
    let (org, me) = (scene.facts(), scene.caller_member()?);
    scene.require_capability(&Ask::ResendInvitation { org, role: Role::Viewer })?;
    ctx.no_body()?;
    let invitation = scene.invitation()?;
    let recipient = invitation.email.key();
    let permit = scene.authorize(&Ask::ResendInvitation { org, role: invitation.role })?;
    let resend = invitation::resend(&scene.org, invitation, ctx.now)?;
    let response = Response::ok(&resend.after().view(ctx.now))?.version(resend.after().version);
    let limited = RateLimited {
        change: &resend,
        sender: &me.user_id,
        recipient,
        limits: &ctx.app.settings.limits,
    };
    scene.commit(&permit, &limited, response).await
}
