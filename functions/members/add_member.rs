//! Adds a member without a mail, for imports by the operator, who must have verified the address. A
//! pending invitation of the same address counts as accepted, so that its link opens the
//! organization for the new member.

use orgs_domain::member_import::{self, NewMember};
use orgs_domain::person::clean_name;
use orgs_domain::{EmailAddress, Role, UserId};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::MemberView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(add_member, body: AddMember, returns: MemberView)
    .summary("Add a member without an invitation")
    .description(
        "Imports a member without a mail. The operator must have verified the e-mail address. A \
         pending invitation of the address counts as accepted.",
    )
    .post("/v1/orgs/{org_id}/members", Caller::Service("orgs:operate"))
    .created()
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::AlreadyMember,
        ProblemCode::SeatLimitReached,
    ])
    .event("Added a member", Shape::Nothing, Shape::Object("Member"));

/// The member to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// The person's `sub` at the identity provider: 1 to 255 printable ASCII characters.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "auth0|65f0c1")]
    user_id: UserId,
    /// The person's e-mail address, which you have verified: at most 254 octets.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The person's name, which is optional. The service treats it like the name in a token: it
    /// cuts the name after 100 characters, and stores no name that contains an `@`.
    #[schema(example = "Bob")]
    name: Option<String>,
    /// The role of the new member.
    role: Role,
}

async fn add_member(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<AddMember>();
    let (user, address) =
        body.as_ref().ok().map(|body| (body.user_id.clone(), body.email.key())).unzip();
    let query = OrgContextQuery {
        members: user.as_slice(),
        addresses: address.as_slice(),
        service: Some("orgs:operate"),
        ..OrgContextQuery::default()
    };
    let org = OrgContext::load(ctx, org_id, query).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::AddMember))?;
    let AddMember { user_id, email, name, role } = body?;
    let lock = org.address(&email.key());
    let new = NewMember { user_id, email, name: name.as_deref().and_then(clean_name), role };
    let import = member_import::add(&org.org, new, org.member(user.as_ref()).ok(), lock, ctx.now)?;
    let response =
        Response::created(&MemberView::of(import.member()))?.version(import.member().version);
    org.commit(&permit, &import, response).await
}
