//! Ends the caller's own membership, even if the organization is suspended or deleted. The last
//! owner cannot leave.

use orgs_domain::Role;
use orgs_domain::membership;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(leave_org)
    .summary("Leave an organization")
    .description(
        "Ends the caller's membership, even if the organization is suspended or deleted. The last \
         owner cannot leave.",
    )
    .post("/v1/orgs/{org_id}/leave", Caller::Member(Role::Viewer))
    .no_content()
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::LastOwner])
    .event("Left the organization", Shape::Object("Member"), Shape::FormerMember);

async fn leave_org(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let me = org.caller_member()?;
    let permit =
        org.authorize(&AuthzRequest::member(ActionName::LeaveOrg, &me.user_id, me.role))?;
    ctx.no_body()?;
    let end = membership::end_membership(&org.org, me, ctx.now)?;
    org.commit(&permit, &end, Response::no_content()).await
}
