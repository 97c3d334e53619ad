//! Accepts an invitation: the signed-in person with the invited, verified address becomes a member, once.

use orgs_http::domain::invitation;
use orgs_http::domain::member::MemberView;
use orgs_http::domain::org::OrgView;
use orgs_http::domain::{InvitationId, Member, Org, OrgId};
use orgs_http::policies::Ask;
use orgs_http::{Call, Problem, Proof, Reply, Result, invitation_not_found};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

orgs_http::function!(handle, body: AcceptInvitation, answer: Accepted);

/// Which invitation: by the `token` of its link, or by `org_id` and `invitation_id` together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// What stands behind the `#` in the link.
    #[schema(
        example = "inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    )]
    token: Option<String>,
    /// The organization.
    org_id: Option<String>,
    /// The invitation.
    invitation_id: Option<String>,
}

/// The new member and the organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// The organization, with the new member counted.
    org: OrgView,
    /// The new member.
    member: MemberView,
}

impl AcceptInvitation {
    fn proof(self) -> Result<Proof> {
        match (self.token, self.org_id, self.invitation_id) {
            (Some(token), None, None) => Proof::token(&token),
            (None, Some(org), Some(invitation)) => match (OrgId::parse(&org), InvitationId::parse(&invitation)) {
                (Ok(org), Ok(invitation)) => Ok(Proof::Address(org, invitation)),
                _ => Err(invitation_not_found().into()),
            },
            _ => Err(Problem::invalid("/token", "missing_field", "either `token`, or `org_id` and `invitation_id`, is required").into()),
        }
    }
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let person = call.person()?;
    let offer = call.offer(&call.body::<AcceptInvitation>()?.proof()?).await?;
    if let Some(member) = offer.member_by_it() {
        return accepted(&offer.org, member);
    }
    invitation::open_for(&offer.invitation, &person.user_id, call.now)?;
    let (role, email) = (offer.invitation.role, offer.invitation.email.key());
    let permit = call.permit(&Ask::AcceptInvitation { org: offer.facts(), role, email: &email })?;
    let acceptance = invitation::accept(&offer.org, &offer.invitation, person, offer.mine.as_ref(), call.now)?;
    let reply = accepted(acceptance.org(), acceptance.member())?;
    call.commit(&permit, None, &acceptance, reply).await
}

fn accepted(org: &Org, member: &Member) -> Result<Reply> {
    Reply::ok(&Accepted { org: org.view(member.role), member: member.view() })
}
