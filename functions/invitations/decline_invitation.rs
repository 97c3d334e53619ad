//! Declines an invitation. The caller is its invitee, and names it with its link or with its ids.

use orgs_domain::invitation;
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    InvitationContext, InvitationReply, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::InvitationView;

/// The declaration.
pub const ACTION: Action =
    action!(decline_invitation, body: InvitationReply, returns: InvitationView)
        .summary("Decline an invitation")
        .description(
            "Declines an invitation to the caller's verified e-mail address, named with the token \
             of its link or with its ids. An expired invitation cannot be declined: the response \
             is 410 `invitation_expired`.",
        )
        .post("/v1/invitations/decline", Caller::Verified)
        .grants(&[Grant::ReadCore, Grant::CommitCore])
        .problems(&[
            ProblemCode::EmailNotVerified,
            ProblemCode::EmailMismatch,
            ProblemCode::InvitationNotFound,
            ProblemCode::InvitationExpired,
            ProblemCode::InvitationRevoked,
            ProblemCode::InvitationDeclined,
            ProblemCode::InvitationUsed,
        ])
        .event("Declined an invitation", Shape::Object("Invitation"), Shape::Object("Invitation"));

async fn decline_invitation(ctx: &RequestContext<'_>) -> Result<Response> {
    let person = ctx.person()?;
    let context =
        InvitationContext::load(ctx, &ctx.body::<InvitationReply>()?.credential()?).await?;
    invitation::ensure_open(&context.invitation, &person.user_id, context.mine.is_some(), ctx.now)?;
    let permit = context.authorize(ctx, ActionName::DeclineInvitation)?;
    let closure = invitation::decline(&context.invitation);
    let response = Response::ok(&InvitationView::of(closure.after(), ctx.now))?
        .version(closure.after().version);
    ctx.commit(&permit, None, &closure, response).await
}
