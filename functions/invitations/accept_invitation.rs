//! Accepts an invitation: the signed-in person with the invited, verified address becomes a member,
//! once.

use orgs_http::domain::invitation;
use orgs_http::domain::member::MemberView;
use orgs_http::domain::org::OrgView;
use orgs_http::domain::{Member, Org};
use orgs_http::policies::Ask;
use orgs_http::{Answer, Call, Reply, Result};
use serde::Serialize;
use utoipa::ToSchema;

orgs_http::action!(accept_invitation, "Accepts an invitation, which makes the caller a member", handle, body: Answer, answer: Accepted);

/// The new member and the organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// The organization, with the new member counted.
    org: OrgView,
    /// The new member.
    member: MemberView,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let person = call.person()?;
    let proof = call.body::<Answer>()?.proof()?;
    let offer = call.offer(&proof).await?;
    if let Some(member) = offer.member_by_it() {
        return accepted(&offer.org, member);
    }
    invitation::open_for(&offer.invitation, &person.user_id, offer.mine.is_some(), call.now)?;
    let (role, email) = (offer.invitation.role, offer.invitation.email.key());
    let permit = call.permit(&Ask::AcceptInvitation { org: offer.facts(), role, email: &email })?;
    let acceptance =
        invitation::accept(&offer.org, &offer.invitation, person, offer.mine.as_ref(), call.now)?;
    let reply = accepted(acceptance.org(), acceptance.member())?;
    call.commit(&permit, None, &acceptance, reply).await
}

fn accepted(org: &Org, member: &Member) -> Result<Reply> {
    Reply::ok(&Accepted { org: org.view(member.role), member: member.view() })
}
