//! Changes a member's role. Ownership is the owners' to give and to take, and an organization
//! always keeps one owner.

use orgs_http::domain::member::MemberView;
use orgs_http::domain::{Role, membership};
use orgs_http::policies::Ask;
use orgs_http::{Call, Reply, Result, Wants};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(change_role, "Changes a member's role", handle, body: ChangeRole, answer: MemberView);

/// The new role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// What the member may do from now on.
    role: Role,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let user = call.user_id();
    let scene =
        call.scene(call.org_id()?, Wants { members: user.as_slice(), ..Wants::default() }).await?;
    let (org, me) = (scene.facts(), scene.me()?);
    scene.could(&Ask::ChangeRole {
        org,
        member: &me.user_id,
        role: Role::Administrator,
        to: Role::Viewer,
    })?;
    let ChangeRole { role } = call.body()?;
    let member = scene.member(user.as_ref())?;
    let permit = scene.permit(&Ask::ChangeRole {
        org,
        member: &member.user_id,
        role: member.role,
        to: role,
    })?;
    call.if_match(member.version)?;
    let Some(change) = membership::change_role(&scene.org, member, role, call.now)? else {
        return scene.unchanged(&permit, Reply::ok(&member.view())?.version(member.version)).await;
    };
    let reply = Reply::ok(&change.after().view())?.version(change.after().version);
    scene.commit(&permit, &change, reply).await
}
