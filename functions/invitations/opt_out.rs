//! Stops invitation mails to an address, at the request of a recipient: with the one click of RFC
//! 8058, which mail clients send, or from the page that the link in the mail opens. Pending
//! invitations of the address show the delivery `failed`.

use orgs_domain::invitation::Block;
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};
use serde::Serialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(opt_out, form: OneClickForm, returns: OptOutResponse)
    .summary("Stop invitation mails to an address")
    .description(
        "Blocks the address for invitations from all organizations. Mail clients send this request \
         for the header `List-Unsubscribe` (RFC 8058), and so does the page that the opt-out link \
         in the mail opens. Pending invitations of the address show the delivery `failed`.",
    )
    .post("/v1/mail/opt-out/{token}", Caller::Anybody)
    .grants(&[Grant::ReadCore, Grant::UpdateCore, Grant::ListCore])
    .problems(&[ProblemCode::OptOutNotFound]);

/// The form of a one-click unsubscribe (RFC 8058). A request without a body has the same effect.
#[derive(Debug, ToSchema)]
#[schema(as = OptOutForm)]
pub struct OneClickForm {
    /// The only allowed value: `One-Click`.
    #[schema(rename = "List-Unsubscribe", example = "One-Click")]
    _list_unsubscribe: String,
}

/// The address that opted out. The service sends no invitation mails to it from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutResponse {
    /// The e-mail address, masked: its first character and its host.
    #[schema(example = "b***@example.com")]
    email: String,
}

async fn opt_out(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(ActionName::OptOut)?;
    ctx.one_click()?;
    let unknown = || {
        Problem::new(
            ProblemCode::OptOutNotFound,
            "the opt-out link is invalid or has expired; open the link in a newer mail",
        )
    };
    let invitation = ctx.find_opt_out_invitation().await?.ok_or_else(unknown)?;
    ctx.app.store.block(&invitation.email.key(), Block::OptOut, ctx.now).await?;
    Response::ok(&OptOutResponse { email: invitation.email.masked() })
}
