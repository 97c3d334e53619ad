//! Changes a member's role. Only owners can make or demote an owner, and an organization always
//! keeps one owner.

use orgs_domain::{Role, membership};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::MemberView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(change_role, body: ChangeRole, returns: MemberView)
    .summary("Change a member's role")
    .description("Only owners can make or demote an owner. An organization always keeps one owner.")
    .patch("/v1/orgs/{org_id}/members/{user_id}", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OwnerProtected,
        ProblemCode::OwnerGrant,
        ProblemCode::OrgNotActive,
        ProblemCode::MemberNotFound,
        ProblemCode::LastOwner,
        ProblemCode::VersionMismatch,
    ])
    .event("Changed a role", Shape::Object("Member"), Shape::Member);

/// The new role of the member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// The new role. It applies from the member's next request on.
    role: Role,
}

async fn change_role(ctx: &RequestContext<'_>) -> Result<Response> {
    let user = ctx.user_id();
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    org.require_capability(ActionName::ChangeRole)?;
    let ChangeRole { role } = ctx.body()?;
    let member = org.member(user.as_ref())?;
    let permit = org.authorize(&AuthzRequest::change_role(member, role))?;
    ctx.if_match(member.version)?;
    let Some(change) = membership::change_role(&org.org, member, role, ctx.now)? else {
        return org
            .respond_unchanged(
                &permit,
                Response::ok(&MemberView::of(member))?.version(member.version),
            )
            .await;
    };
    let response = Response::ok(&MemberView::of(change.after()))?.version(change.after().version);
    org.commit(&permit, &change, response).await
}
