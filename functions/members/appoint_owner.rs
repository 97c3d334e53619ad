//! Makes a member an owner: the platform's operator does this when an organization's only owner is
//! gone.

use orgs_runtime::domain::member::MemberView;
use orgs_runtime::domain::{Role, UserId, membership};
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(appoint_owner, "Makes a member an owner, for the platform's operator", handle, body: AppointOwner, answer: MemberView);

/// Whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointOwner {
    /// A member's user id.
    #[schema(example = "auth0|65f0c1")]
    user_id: String,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let body = ctx.body::<AppointOwner>();
    let user = body.as_ref().ok().and_then(|body| UserId::parse(&body.user_id).ok());
    let scene = ctx
        .scene(
            org,
            OrgContextQuery {
                members: user.as_slice(),
                service: Some("orgs:operate"),
                ..OrgContextQuery::default()
            },
        )
        .await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::AppointOwner, scene.facts()))?;
    body?;
    let member = scene.member(user.as_ref())?;
    let Some(change) = membership::change_role(&scene.org, member, Role::Owner, ctx.now)? else {
        return scene
            .respond_unchanged(&permit, Response::ok(&member.view())?.version(member.version))
            .await;
    };
    let response = Response::ok(&change.after().view())?.version(change.after().version);
    scene.commit(&permit, &change, response).await
}
