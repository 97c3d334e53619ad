//! Adds a member without a mail: for imports by the platform's operator, who vouches for the
//! address. A pending invitation of the same address counts as accepted, so that its link leads the
//! person in.

use orgs_http::domain::addition::{self, NewMember};
use orgs_http::domain::member::MemberView;
use orgs_http::domain::person::clean_name;
use orgs_http::domain::{EmailAddress, Role, UserId};
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(add_member, "Adds a member without a mail, for the platform's operator", handle, body: AddMember, answer: MemberView);

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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let body = call.body::<AddMember>();
    let (user, address) =
        body.as_ref().ok().map(|body| (body.user_id.clone(), body.email.key())).unzip();
    let wants = Wants {
        members: user.as_slice(),
        addresses: address.as_slice(),
        service: Some("orgs:operate"),
        ..Wants::default()
    };
    let scene = call.scene(org, wants).await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::AddMember, scene.facts()))?;
    let AddMember { user_id, email, name, role } = body?;
    let lock = scene.address(&email.key());
    let new = NewMember { user_id, email, name: name.as_deref().and_then(clean_name), role };
    let addition =
        addition::add(&scene.org, new, scene.member(user.as_ref()).ok(), lock, call.now)?;
    let reply = Reply::created(&addition.member().view())?.version(addition.member().version);
    scene.commit(&permit, &addition, reply).await
}
