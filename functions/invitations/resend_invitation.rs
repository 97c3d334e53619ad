//! Resends the mail of an invitation with a new link, which replaces the old one, and starts the
//! validity period again.

use orgs_domain::Role;
use orgs_domain::invitation;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_store::RateLimited;
use orgs_views::InvitationView;

/// The declaration.
pub const ACTION: Action = action!(resend_invitation, returns: InvitationView)
    .summary("Resend an invitation")
    .description(
        "Mails a new link, which replaces the old one, and starts the validity period again. An \
         expired invitation is pending again.",
    )
    .post(
        "/v1/orgs/{org_id}/invitations/{invitation_id}/resend",
        Caller::Member(Role::Administrator),
    )
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OwnerGrant,
        ProblemCode::OrgNotActive,
        ProblemCode::InvitationNotFound,
        ProblemCode::InvitationNotPending,
        ProblemCode::AlreadyInvited,
        ProblemCode::AlreadyMember,
        ProblemCode::AddressBlocked,
        ProblemCode::RateLimited,
    ])
    .event("Resent an invitation", Shape::Object("Invitation"), Shape::Object("Invitation"));

async fn resend_invitation(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { invitation: ctx.invitation_id(), ..OrgContextQuery::default() },
    )
    .await?;
    let me = org.caller_member()?;
    org.require_capability(ActionName::ResendInvitation)?;
    ctx.no_body()?;
    let invitation = org.invitation()?;
    let recipient = invitation.email.key();
    let request = AuthzRequest::invitation(ActionName::ResendInvitation, invitation.role);
    let permit = org.authorize(&request)?;
    let resend = invitation::resend(&org.org, invitation, ctx.now)?;
    let response =
        Response::ok(&InvitationView::of(resend.after(), ctx.now))?.version(resend.after().version);
    let limited = RateLimited {
        change: &resend,
        sender: &me.user_id,
        recipient,
        limits: &ctx.app.settings.limits,
    };
    org.commit(&permit, &limited, response).await
}
