//! Shows the caller as their token does, with the account that pays for what is theirs.

use orgs_domain::{AccountId, EmailAddress};
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller};
use orgs_runtime::{RequestContext, Response, Result, action};
use serde::Serialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(get_me, returns: Me)
    .summary("Show the caller")
    .description(
        "The caller as the identity provider describes them, with their own billing account.",
    )
    .get("/v1/me", Caller::Person);

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me<'a> {
    /// The token's `sub`.
    #[schema(example = "auth0|65f0c1")]
    user_id: &'a str,
    /// The token's address, null without one that mail can be sent to.
    #[schema(example = "ann@example.com")]
    email: Option<&'a str>,
    /// Whether the identity provider has verified the address.
    email_verified: bool,
    /// The token's name, null without one.
    #[schema(example = "Ann")]
    name: Option<&'a str>,
    /// The caller's own billing account.
    #[schema(example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    account_id: String,
}

async fn get_me(ctx: &RequestContext<'_>) -> Result<Response> {
    let _me = ctx.authorize(ActionName::GetMe)?;
    let person = ctx.person()?;
    Response::ok(&Me {
        user_id: person.user_id.as_str(),
        email: person.email.as_ref().map(EmailAddress::as_entered),
        email_verified: person.email_verified,
        name: person.name.as_deref(),
        account_id: AccountId::of_user(&person.user_id).to_string(),
    })
}
