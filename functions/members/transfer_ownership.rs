//! Hands an owner's place to another member: the other becomes an owner and the caller an
//! administrator, in one commit. Where the caller pays for the organization, the organization pays
//! for itself from now on.

use orgs_runtime::domain::UserId;
use orgs_runtime::domain::member::MemberView;
use orgs_runtime::domain::ownership_transfer::transfer_ownership;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(transfer_ownership, "Hands an owner's place to another member", handle, body: TransferOwnership, answer: MemberView);

/// To whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOwnership {
    /// Another member's user id.
    #[schema(example = "auth0|65f0c1")]
    user_id: String,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let body = ctx.body::<TransferOwnership>();
    let user = body.as_ref().ok().and_then(|body| UserId::parse(&body.user_id).ok());
    let scene = ctx
        .scene(org, OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() })
        .await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::TransferOwnership, scene.facts()))?;
    body?;
    let transfer = transfer_ownership(
        &scene.org,
        scene.caller_member()?,
        scene.member(user.as_ref())?,
        ctx.now,
    )?;
    let response = Response::ok(&transfer.to_after().view())?.version(transfer.to_after().version);
    scene.commit(&permit, &transfer, response).await
}
