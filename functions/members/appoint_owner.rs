//! Makes a member an owner: the platform's operator does this when an organization's only owner is
//! gone.

use orgs_http::domain::member::MemberView;
use orgs_http::domain::{Role, UserId, membership};
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(appoint_owner, "Makes a member an owner, for the platform's operator", handle, body: AppointOwner, answer: MemberView);

/// Whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointOwner {
    /// A member's user id.
    #[schema(example = "auth0|65f0c1")]
    user_id: String,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let body = call.body::<AppointOwner>();
    let user = body.as_ref().ok().and_then(|body| UserId::parse(&body.user_id).ok());
    let scene = call
        .scene(
            org,
            Wants { members: user.as_slice(), service: Some("orgs:operate"), ..Wants::default() },
        )
        .await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::AppointOwner, scene.facts()))?;
    body?;
    let member = scene.member(user.as_ref())?;
    let Some(change) = membership::change_role(&scene.org, member, Role::Owner, call.now)? else {
        return scene.unchanged(&permit, Reply::ok(&member.view())?.version(member.version)).await;
    };
    let reply = Reply::ok(&change.after().view())?.version(change.after().version);
    scene.commit(&permit, &change, reply).await
}
