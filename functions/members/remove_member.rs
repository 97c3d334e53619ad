//! Removes a member, who loses access with the next request. Only owners can remove an owner, and
//! nobody can remove the last one.

use orgs_domain::{Role, membership};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(remove_member)
    .summary("Remove a member")
    .description(
        "The person loses access with the next request. Only owners can remove an owner, and the \
         last owner cannot be removed.",
    )
    .delete("/v1/orgs/{org_id}/members/{user_id}", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OwnerProtected,
        ProblemCode::MemberNotFound,
        ProblemCode::LastOwner,
    ])
    .event("Removed a member", Shape::Object("Member"), Shape::FormerMember);

async fn remove_member(ctx: &RequestContext<'_>) -> Result<Response> {
    let user = ctx.user_id();
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    org.require_capability(ActionName::RemoveMember)?;
    ctx.no_body()?;
    let member = org.member(user.as_ref())?;
    let request = AuthzRequest::member(ActionName::RemoveMember, &member.user_id, member.role);
    let permit = org.authorize(&request)?;
    let end = membership::end_membership(&org.org, member, ctx.now)?;
    org.commit(&permit, &end, Response::no_content()).await
}
