//! Ends invitation mails to an address, as whoever reads its mail asks: by the one click of RFC
//! 8058, which mail programs send for their reader, or from the page behind the link in the mail.
//! What is pending for the address shows that its mail failed.

use orgs_runtime::domain::invitation::Block;
use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::{Problem, RequestContext, Response, Result};
use serde::Serialize;
use utoipa::ToSchema;

orgs_runtime::action!(opt_out, "Ends invitation mails to an address, as its owner", handle, form: OneClick, answer: OptedOut);

/// The form of RFC 8058. No body counts as the same click.
#[derive(Debug, ToSchema)]
pub struct OneClick {
    /// Always `One-Click`.
    #[schema(rename = "List-Unsubscribe", example = "One-Click")]
    _list_unsubscribe: String,
}

/// The address gets no more invitations.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptedOut {
    /// The address, as far as it is shown.
    #[schema(example = "b***@example.com")]
    email: String,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(&Ask::Alone(Alone::OptOut))?;
    ctx.one_click()?;
    let unknown = || {
        Problem::new(
            404,
            "opt_out_not_found",
            "the link is not, or no longer, one of a mail of ours",
        )
    };
    let invitation = ctx.find_opt_out_invitation().await?.ok_or_else(unknown)?;
    ctx.app.store.block(&invitation.email.key(), Block::OptOut, ctx.now).await?;
    Response::ok(&OptedOut { email: invitation.email.masked() })
}
