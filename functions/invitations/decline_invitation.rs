//! Declines an invitation: as its invitee, by its link or by its ids.

use orgs_http::domain::invitation::{self, InvitationView};
use orgs_http::policies::Ask;
use orgs_http::{Answer, Call, Reply, Result};

orgs_http::action!(decline_invitation, "Declines an invitation", handle, body: Answer, answer: InvitationView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let person = call.person()?;
    let offer = call.offer(&call.body::<Answer>()?.proof()?).await?;
    invitation::open_for(&offer.invitation, &person.user_id, offer.mine.is_some(), call.now)?;
    let (role, email) = (offer.invitation.role, offer.invitation.email.key());
    let permit =
        call.permit(&Ask::DeclineInvitation { org: offer.facts(), role, email: &email })?;
    let ending = invitation::decline(&offer.invitation);
    let reply = Reply::ok(&ending.after().view(call.now))?.version(ending.after().version);
    call.commit(&permit, None, &ending, reply).await
}
