//! Shows an invitation to the administrators of its organization.

use orgs_domain::Role;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::InvitationView;

/// The declaration.
pub const ACTION: Action = action!(get_invitation, returns: InvitationView)
    .summary("Show an invitation")
    .description("Returns the invitation with its status and the delivery of its last mail.")
    .get("/v1/orgs/{org_id}/invitations/{invitation_id}", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::InvitationNotFound]);

async fn get_invitation(ctx: &RequestContext<'_>) -> Result<Response> {
    let query = OrgContextQuery { invitation: ctx.invitation_id(), ..OrgContextQuery::default() };
    let org = OrgContext::load(ctx, ctx.org_id()?, query).await?;
    let _administrator = org.authorize(&AuthzRequest::new(ActionName::GetInvitation))?;
    let invitation = org.invitation()?;
    Ok(Response::ok(&InvitationView::of(invitation, ctx.now))?.version(invitation.version))
}
