//! Changes a member's role. Ownership is the owners' to give and to take, and an organization
//! always keeps one owner.

use orgs_runtime::domain::member::MemberView;
use orgs_runtime::domain::{Role, membership};
use orgs_runtime::policies::Ask;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(change_role, "Changes a member's role", handle, body: ChangeRole, answer: MemberView);

/// The new role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// What the member may do from now on.
    role: Role,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let user = ctx.user_id();
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
        )
        .await?;
    let (org, me) = (scene.facts(), scene.caller_member()?);
    scene.require_capability(&Ask::ChangeRole {
        org,
        member: &me.user_id,
        role: Role::Administrator,
        to: Role::Viewer,
    })?;
    let ChangeRole { role } = ctx.body()?;
    let member = scene.member(user.as_ref())?;
    let permit = scene.authorize(&Ask::ChangeRole {
        org,
        member: &member.user_id,
        role: member.role,
        to: role,
    })?;
    ctx.if_match(member.version)?;
    let Some(change) = membership::change_role(&scene.org, member, role, ctx.now)? else {
        return scene
            .respond_unchanged(&permit, Response::ok(&member.view())?.version(member.version))
            .await;
    };
    let response = Response::ok(&change.after().view())?.version(change.after().version);
    scene.commit(&permit, &change, response).await
}
