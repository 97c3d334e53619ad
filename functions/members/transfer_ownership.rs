//! Transfers ownership: another member becomes an owner and the caller an administrator, in one
//! transaction. If the caller's account pays for the organization, the organization's own account
//! pays from now on.

use orgs_domain::Role;
use orgs_domain::UserId;
use orgs_domain::ownership_transfer;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::MemberView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(transfer_ownership, body: TransferOwnership, returns: MemberView)
    .summary("Transfer ownership")
    .description(
        "Makes another member an owner and the caller an administrator, in one transaction, and \
         returns the new owner. If the caller's account pays for the organization, the billing \
         mode becomes `independent`.",
    )
    .post("/v1/orgs/{org_id}/transfer", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::MemberNotFound,
    ])
    .event(
        "Transferred ownership",
        Shape::Several(&[("owner", "Member"), ("member", "Member")]),
        Shape::Transfer,
    );

/// The member who becomes an owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOwnership {
    /// The user id of the member. It must not be the caller's own.
    #[schema(example = "auth0|65f0c1")]
    user_id: String,
}

async fn transfer_ownership(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<TransferOwnership>();
    let user = body.as_ref().ok().and_then(|body| UserId::parse(&body.user_id).ok());
    let org = OrgContext::load(
        ctx,
        org_id,
        OrgContextQuery { members: user.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::TransferOwnership))?;
    body?;
    let transfer = ownership_transfer::transfer_ownership(
        &org.org,
        org.caller_member()?,
        org.member(user.as_ref())?,
        ctx.now,
    )?;
    let response =
        Response::ok(&MemberView::of(transfer.to_after()))?.version(transfer.to_after().version);
    org.commit(&permit, &transfer, response).await
}
