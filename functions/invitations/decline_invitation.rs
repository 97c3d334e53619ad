//! Declines an invitation: as its invitee, by its link or by its ids.

use orgs_runtime::domain::invitation::{self, InvitationView};
use orgs_runtime::policies::Ask;
use orgs_runtime::{InvitationReply, RequestContext, Response, Result};

orgs_runtime::action!(decline_invitation, "Declines an invitation", handle, body: InvitationReply, answer: InvitationView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let person = ctx.person()?;
    let offer = ctx.offer(&ctx.body::<InvitationReply>()?.credential()?).await?;
    invitation::ensure_open(&offer.invitation, &person.user_id, offer.mine.is_some(), ctx.now)?;
    let (role, email) = (offer.invitation.role, offer.invitation.email.key());
    let permit =
        ctx.authorize(&Ask::DeclineInvitation { org: offer.facts(), role, email: &email })?;
    let closure = invitation::decline(&offer.invitation);
    let response = Response::ok(&closure.after().view(ctx.now))?.version(closure.after().version);
    ctx.commit(&permit, None, &closure, response).await
}
