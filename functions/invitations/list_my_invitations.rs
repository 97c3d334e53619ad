//! Lists the pending invitations to the caller's verified e-mail address.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{ActionError, ListOf, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::keys::USER_MEMBERSHIPS;
use orgs_views::InvitationView;
use serde::Serialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(list_my_invitations, returns: ListOf<MyInvitation>)
    .summary("List the caller's pending invitations")
    .description(
        "Returns the invitations to the caller's verified e-mail address that the caller can \
         accept, each with its organization.",
    )
    .get("/v1/invitations", Caller::Verified)
    .grants(&[Grant::ListCore, Grant::ReadCore])
    .problems(&[ProblemCode::EmailNotVerified, ProblemCode::ValidationFailed]);

/// A pending invitation to the caller, with its organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyInvitation {
    #[serde(flatten)]
    invitation: InvitationView,
    /// The organization to join.
    org: InvitationOrg,
}

/// The organization of an invitation, as its invitee sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationOrg {
    /// The id of the organization: `org_` and 32 hex digits.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    id: String,
    /// The name of the organization.
    #[schema(example = "Acme")]
    name: String,
}

async fn list_my_invitations(ctx: &RequestContext<'_>) -> Result<Response> {
    let _verified = ctx.authorize(ActionName::ListMyInvitations)?;
    let page = ctx.page(&[USER_MEMBERSHIPS])?;
    let email = ctx
        .person()?
        .verified_email() // The policies have denied callers without a verified address.
        .ok_or_else(|| {
            ActionError::Internal("a caller without a verified address was authorized".to_owned())
        })?;
    let mine = ctx.app.store.invitations_for(&email.key(), ctx.now, &page).await?;
    Response::page(&mine, |(org, invitation)| MyInvitation {
        invitation: InvitationView::of(invitation, ctx.now),
        org: InvitationOrg { id: org.id.to_string(), name: org.name.as_str().to_owned() },
    })
}
