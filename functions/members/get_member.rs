//! Shows a member of an organization to its members.

use orgs_domain::Role;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::MemberView;

/// The declaration.
pub const ACTION: Action = action!(get_member, returns: MemberView)
    .summary("Show a member")
    .description("Every member can see the other members.")
    .get("/v1/orgs/{org_id}/members/{user_id}", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore])
    .problems(&[ProblemCode::MemberNotFound]);

async fn get_member(ctx: &RequestContext<'_>) -> Result<Response> {
    let user = ctx.user_id();
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::GetMember))?;
    let member = org.member(user.as_ref())?;
    Ok(Response::ok(&MemberView::of(member))?.version(member.version))
}
