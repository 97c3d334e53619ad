//! Takes a pending invitation back: its link is dead, and its address can be invited again.

use orgs_http::domain::Role;
use orgs_http::domain::invitation::{self, InvitationView};
use orgs_http::policies::Ask;
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(revoke_invitation, "Takes an invitation back", handle, answer: InvitationView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call
        .scene(call.org_id()?, Wants { invitation: call.invitation_id(), ..Wants::default() })
        .await?;
    let org = scene.facts();
    scene.could(&Ask::RevokeInvitation { org, role: Role::Viewer })?;
    call.no_body()?;
    let invitation = scene.invitation()?;
    let permit = scene.permit(&Ask::RevokeInvitation { org, role: invitation.role })?;
    let ending = invitation::revoke(invitation, call.now)?;
    let reply = Reply::ok(&ending.after().view(call.now))?.version(ending.after().version);
    scene.commit(&permit, &ending, reply).await
}
