//! Makes a member an owner. The operator uses this if the only owner of an organization is no
//! longer available.

use orgs_domain::{Role, UserId, membership};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::MemberView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(appoint_owner, body: AppointOwner, returns: MemberView)
    .summary("Make a member an owner")
    .description("Use this if the only owner of an organization is no longer available.")
    .post("/v1/orgs/{org_id}/owners", Caller::Service("orgs:operate"))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::MemberNotFound])
    .event("Appointed an owner", Shape::Object("Member"), Shape::Object("Member"));

/// The member who becomes an owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointOwner {
    /// The user id of the member.
    #[schema(example = "auth0|65f0c1")]
    user_id: String,
}

async fn appoint_owner(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<AppointOwner>();
    let user = body.as_ref().ok().and_then(|body| UserId::parse(&body.user_id).ok());
    let org = OrgContext::load(
        ctx,
        org_id,
        OrgContextQuery {
            members: user.as_slice(),
            service: Some("orgs:operate"),
            ..OrgContextQuery::default()
        },
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::AppointOwner))?;
    body?;
    let member = org.member(user.as_ref())?;
    let Some(change) = membership::change_role(&org.org, member, Role::Owner, ctx.now)? else {
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
