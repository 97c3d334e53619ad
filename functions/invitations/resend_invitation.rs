//! Mails an invitation once more: with a new link, which makes the old one dead, and a new time.

use orgs_http::domain::Role;
use orgs_http::domain::invitation::{self, InvitationView};
use orgs_http::policies::Ask;
use orgs_http::store::Limited;
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(resend_invitation, "Mails an invitation once more, with a new link", handle, answer: InvitationView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call
        .scene(call.org_id()?, Wants { invitation: call.invitation_id(), ..Wants::default() })
        .await?;
    let (org, me) = (scene.facts(), scene.me()?);
    scene.could(&Ask::ResendInvitation { org, role: Role::Viewer })?;
    call.no_body()?;
    let invitation = scene.invitation()?;
    let recipient = invitation.email.key();
    let permit = scene.permit(&Ask::ResendInvitation { org, role: invitation.role })?;
    let resend = invitation::resend(&scene.org, invitation, call.now)?;
    let reply = Reply::ok(&resend.after().view(call.now))?.version(resend.after().version);
    let limited = Limited {
        change: &resend,
        sender: &me.user_id,
        recipient,
        limits: &call.world.settings.limits,
    };
    scene.commit(&permit, &limited, reply).await
}
