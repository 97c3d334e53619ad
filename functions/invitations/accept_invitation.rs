//! Accepts an invitation: the signed-in person with the invited, verified address becomes a member,
//! once.

use orgs_runtime::domain::invitation;
use orgs_runtime::domain::member::MemberView;
use orgs_runtime::domain::org::OrgView;
use orgs_runtime::domain::{Member, Org};
use orgs_runtime::policies::Ask;
use orgs_runtime::{InvitationReply, RequestContext, Response, Result};
use serde::Serialize;
use utoipa::ToSchema;

orgs_runtime::action!(accept_invitation, "Accepts an invitation, which makes the caller a member", handle, body: InvitationReply, answer: Accepted);

/// The new member and the organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// The organization, with the new member counted.
    org: OrgView,
    /// The new member.
    member: MemberView,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let person = ctx.person()?;
    let credential = ctx.body::<InvitationReply>()?.credential()?;
    let offer = ctx.offer(&credential).await?;
    if let Some(member) = offer.membership_from_invitation() {
        return accepted(&offer.org, member);
    }
    invitation::ensure_open(&offer.invitation, &person.user_id, offer.mine.is_some(), ctx.now)?;
    let (role, email) = (offer.invitation.role, offer.invitation.email.key());
    let permit =
        ctx.authorize(&Ask::AcceptInvitation { org: offer.facts(), role, email: &email })?;
    let acceptance =
        invitation::accept(&offer.org, &offer.invitation, person, offer.mine.as_ref(), ctx.now)?;
    let response = accepted(acceptance.org(), acceptance.member())?;
    ctx.commit(&permit, None, &acceptance, response).await
}

fn accepted(org: &Org, member: &Member) -> Result<Response> {
    Response::ok(&Accepted { org: org.view(member.role), member: member.view() })
}
