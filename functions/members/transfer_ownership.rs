//! Hands an owner's place to another member: the other becomes an owner and the caller an
//! administrator, in one commit. Where the caller pays for the organization, the organization pays
//! for itself from now on.

use orgs_http::domain::UserId;
use orgs_http::domain::handover::hand_over;
use orgs_http::domain::member::MemberView;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(transfer_ownership, "Hands an owner's place to another member", handle, body: TransferOwnership, answer: MemberView);

/// To whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOwnership {
    /// Another member's user id.
    #[schema(example = "auth0|65f0c1")]
    user_id: String,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let body = call.body::<TransferOwnership>();
    let user = body.as_ref().ok().and_then(|body| UserId::parse(&body.user_id).ok());
    let scene = call.scene(org, Wants { members: user.as_slice(), ..Wants::default() }).await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::TransferOwnership, scene.facts()))?;
    body?;
    let handover = hand_over(&scene.org, scene.me()?, scene.member(user.as_ref())?, call.now)?;
    let reply = Reply::ok(&handover.took().view())?.version(handover.took().version);
    scene.commit(&permit, &handover, reply).await
}
