//! Shows whoever has the link what it is about, before they sign in. Whoever has the secret has the
//! mail.

use chrono::{DateTime, Utc};
use orgs_runtime::domain::Role;
use orgs_runtime::domain::invitation::Status;
use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::{InvitationContext, InvitationCredential, RequestContext, Response, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

orgs_runtime::action!(preview_invitation, "Shows whoever has an invitation's link what it is about", handle, body: PreviewInvitation, answer: Preview);

/// The link's token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewInvitation {
    /// What stands behind the `#` in the link.
    #[schema(
        example = "inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    )]
    token: String,
}

/// What an invitation is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// To what.
    org: Named,
    /// As what.
    role: Role,
    /// By whom.
    inviter: Named,
    /// Whom, as far as it is shown.
    #[schema(example = "b***@example.com")]
    email: String,
    /// Whether it can still be accepted.
    status: Status,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// Something with a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// The name.
    #[schema(example = "Acme")]
    name: String,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(&Ask::Alone(Alone::PreviewInvitation))?;
    let PreviewInvitation { token } = ctx.body()?;
    let InvitationContext { org, invitation, .. } =
        ctx.offer(&InvitationCredential::token(&token)?).await?;
    Response::ok(&Preview {
        org: Named { name: org.name.as_str().to_owned() },
        role: invitation.role,
        inviter: Named { name: invitation.invited_by.name.clone() },
        email: invitation.email.masked(),
        status: invitation.status(ctx.now),
        expires_at: invitation.expires_at,
    })
}
