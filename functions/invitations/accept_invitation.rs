//! Accepts an invitation: a signed-in person with the invited, verified address becomes a member.

use orgs_domain::invitation;
use orgs_domain::{Member, Org};
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    InvitationContext, InvitationReply, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::{MemberView, OrgView};
use serde::Serialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action =
    action!(accept_invitation, body: InvitationReply, returns: AcceptInvitationResponse)
        .summary("Accept an invitation")
        .description(
            "Makes the caller a member. The caller's verified e-mail address must be the invited \
             one. The plan's seat limit is checked now. If the caller is already a member through \
             this invitation, the response is 200 with the current organization and membership.",
        )
        .post("/v1/invitations/accept", Caller::Verified)
        .grants(&[Grant::ReadCore, Grant::CommitCore])
        .problems(&[
            ProblemCode::EmailNotVerified,
            ProblemCode::EmailMismatch,
            ProblemCode::OrgNotActive,
            ProblemCode::InvitationNotFound,
            ProblemCode::AlreadyMember,
            ProblemCode::SeatLimitReached,
            ProblemCode::InvitationExpired,
            ProblemCode::InvitationRevoked,
            ProblemCode::InvitationDeclined,
            ProblemCode::InvitationUsed,
        ])
        .event(
            "Accepted an invitation",
            Shape::Object("Invitation"),
            Shape::Several(&[("invitation", "Invitation"), ("member", "Member")]),
        );

/// The organization and the caller's membership in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptInvitationResponse {
    /// The organization. Its `member_count` includes the new member.
    org: OrgView,
    /// The membership of the caller.
    member: MemberView,
}

async fn accept_invitation(ctx: &RequestContext<'_>) -> Result<Response> {
    let person = ctx.person()?;
    let credential = ctx.body::<InvitationReply>()?.credential()?;
    let context = InvitationContext::load(ctx, &credential).await?;
    if let Some(member) = context.membership_from_invitation() {
        return accepted(&context.org, member);
    }
    invitation::ensure_open(&context.invitation, &person.user_id, context.mine.is_some(), ctx.now)?;
    let permit = context.authorize(ctx, ActionName::AcceptInvitation)?;
    let acceptance = invitation::accept(
        &context.org,
        &context.invitation,
        person,
        context.mine.as_ref(),
        ctx.now,
    )?;
    let response = accepted(acceptance.org(), acceptance.member())?;
    ctx.commit(&permit, None, &acceptance, response).await
}

fn accepted(org: &Org, member: &Member) -> Result<Response> {
    Response::ok(&AcceptInvitationResponse {
        org: OrgView::of(org, member.role),
        member: MemberView::of(member),
    })
}
