//! Adds a member without a mail: for imports by the platform's operator, who vouches for the
//! address. A pending invitation of the same address counts as accepted, so that its link leads the
//! person in.

use orgs_runtime::domain::member::MemberView;
use orgs_runtime::domain::member_import::{self, NewMember};
use orgs_runtime::domain::person::clean_name;
use orgs_runtime::domain::{EmailAddress, Role, UserId};
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(add_member, "Adds a member without a mail, for the platform's operator", handle, body: AddMember, answer: MemberView);

/// A new member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// The person's `sub` at the identity provider: 1 to 255 printable ASCII characters.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "auth0|65f0c1")]
    user_id: UserId,
    /// The person's address.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The person's name; cleaned as a token's is.
    #[schema(example = "Bob")]
    name: Option<String>,
    /// What the person may do.
    role: Role,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let body = ctx.body::<AddMember>();
    let (user, address) =
        body.as_ref().ok().map(|body| (body.user_id.clone(), body.email.key())).unzip();
    let wants = OrgContextQuery {
        members: user.as_slice(),
        addresses: address.as_slice(),
        service: Some("orgs:operate"),
        ..OrgContextQuery::default()
    };
    let scene = ctx.scene(org, wants).await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::AddMember, scene.facts()))?;
    let AddMember { user_id, email, name, role } = body?;
    let lock = scene.address(&email.key());
    let new = NewMember { user_id, email, name: name.as_deref().and_then(clean_name), role };
    let import =
        member_import::add(&scene.org, new, scene.member(user.as_ref()).ok(), lock, ctx.now)?;
    let response = Response::created(&import.member().view())?.version(import.member().version);
    scene.commit(&permit, &import, response).await
}
