//! Revokes a pending invitation. Its link stops working, and its address can be invited again.

use orgs_domain::Role;
use orgs_domain::invitation;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::InvitationView;

/// The declaration.
pub const ACTION: Action = action!(revoke_invitation, returns: InvitationView)
    .summary("Revoke an invitation")
    .description(
        "Ends a pending invitation. Its link stops working, and its address can be invited again.",
    )
    .post(
        "/v1/orgs/{org_id}/invitations/{invitation_id}/revoke",
        Caller::Member(Role::Administrator),
    )
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OwnerGrant,
        ProblemCode::InvitationNotFound,
        ProblemCode::InvitationNotPending,
    ])
    .event("Revoked an invitation", Shape::Object("Invitation"), Shape::Object("Invitation"));

async fn revoke_invitation(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { invitation: ctx.invitation_id(), ..OrgContextQuery::default() },
    )
    .await?;
    org.require_capability(ActionName::RevokeInvitation)?;
    ctx.no_body()?;
    let invitation = org.invitation()?;
    let request = AuthzRequest::invitation(ActionName::RevokeInvitation, invitation.role);
    let permit = org.authorize(&request)?;
    let closure = invitation::revoke(invitation, ctx.now)?;
    let response = Response::ok(&InvitationView::of(closure.after(), ctx.now))?
        .version(closure.after().version);
    org.commit(&permit, &closure, response).await
}
