//! Lists the invitations that are pending for the caller's own, verified address.

use orgs_runtime::domain::invitation::InvitationView;
use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::store::keys::USER_MEMBERSHIPS;
use orgs_runtime::{ListOf, Problem, RequestContext, Response, Result};
use serde::Serialize;
use utoipa::ToSchema;

orgs_runtime::action!(list_my_invitations, "Lists the invitations that the caller can accept", handle, answer: ListOf<MyInvitation>);

/// An invitation with its organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyInvitation {
    #[serde(flatten)]
    invitation: InvitationView,
    /// To what.
    org: OrgName,
}

/// An organization, as far as an invitee sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgName {
    /// Its id.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    id: String,
    /// Its name.
    #[schema(example = "Acme")]
    name: String,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let _verified = ctx.authorize(&Ask::Alone(Alone::ListMyInvitations))?;
    let page = ctx.page(&[USER_MEMBERSHIPS])?;
    let email = ctx
        .person()?
        .verified_email()
        .ok_or_else(|| Problem::new(403, "email_not_verified", "the address is not verified"))?;
    let mine = ctx.app.store.invitations_for(&email.key(), ctx.now, &page).await?;
    Response::page(&mine, |(org, invitation)| MyInvitation {
        invitation: invitation.view(ctx.now),
        org: OrgName { id: org.id.to_string(), name: org.name.as_str().to_owned() },
    })
}
