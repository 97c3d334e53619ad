//! Ends invitation mails to an address, as whoever reads its mail asks: by the one click of RFC
//! 8058, which mail programs send for their reader, or from the page behind the link in the mail.
//! What is pending for the address shows that its mail failed.

use orgs_http::domain::invitation::Block;
use orgs_http::policies::{Alone, Ask};
use orgs_http::{Call, Problem, Reply, Result};
use serde::Serialize;
use utoipa::ToSchema;

orgs_http::action!(opt_out, "Ends invitation mails to an address, as its owner", handle, form: OneClick, answer: OptedOut);

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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let _anybody = call.permit_anybody(&Ask::Alone(Alone::OptOut))?;
    call.one_click()?;
    let unknown = || {
        Problem::new(
            404,
            "opt_out_not_found",
            "the link is not, or no longer, one of a mail of ours",
        )
    };
    let invitation = call.opting_out().await?.ok_or_else(unknown)?;
    call.world.store.block(&invitation.email.key(), Block::OptOut, call.now).await?;
    Reply::ok(&OptedOut { email: invitation.email.masked() })
}
