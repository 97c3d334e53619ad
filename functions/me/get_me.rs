//! Shows the caller as the token describes them, with the id of their own billing account.

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
        "Returns the caller as the identity provider's token describes them, with the id of \
         their own billing account.",
    )
    .get("/v1/me", Caller::Person);

/// The caller, as the token describes them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me<'a> {
    /// The user id: the `sub` of the token, 1 to 255 printable ASCII characters.
    #[schema(example = "auth0|65f0c1")]
    user_id: &'a str,
    /// The e-mail address in the token; null if the token has no valid one.
    #[schema(example = "ann@example.com")]
    email: Option<&'a str>,
    /// True if the identity provider has verified the e-mail address.
    email_verified: bool,
    /// The name in the token, at most 100 characters; null if the token has no name.
    #[schema(example = "Ann")]
    name: Option<&'a str>,
    /// The id of the caller's own billing account: `acct_` and 32 hex digits.
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
