//! Ends invitation mails to an address, as whoever reads its mail asks: by the one click of RFC
//! 8058, which mail programs send for their reader, or from the page behind the link in the mail.
//! What is pending for the address shows that its mail failed.

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
        "The target of the `List-Unsubscribe` header (RFC 8058) and of the link in the mail. \
         Pending invitations of the address show that their mail failed.",
    )
    .post("/v1/mail/opt-out/{token}", Caller::Anybody)
    .grants(&[Grant::ReadCore, Grant::UpdateCore, Grant::ListCore])
    .problems(&[ProblemCode::OptOutNotFound]);

/// The form of RFC 8058. No body counts as the same click.
#[derive(Debug, ToSchema)]
pub struct OneClickForm {
    /// Always `One-Click`.
    #[schema(rename = "List-Unsubscribe", example = "One-Click")]
    _list_unsubscribe: String,
}

/// The address gets no more invitations.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutResponse {
    /// The address, as far as it is shown.
    #[schema(example = "b***@example.com")]
    email: String,
}

async fn opt_out(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(ActionName::OptOut)?;
    ctx.one_click()?;
    let unknown = || {
        Problem::new(
            ProblemCode::OptOutNotFound,
            "the link is not, or no longer, one of a mail of ours",
        )
    };
    let invitation = ctx.find_opt_out_invitation().await?.ok_or_else(unknown)?;
    ctx.app.store.block(&invitation.email.key(), Block::OptOut, ctx.now).await?;
    Response::ok(&OptOutResponse { email: invitation.email.masked() })
}
