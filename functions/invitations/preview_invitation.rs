//! Shows whoever has the link what it is about, before they sign in. Whoever has the secret has the
//! mail.

use chrono::{DateTime, Utc};
use orgs_domain::Role;
use orgs_domain::invitation::Status;
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    InvitationContext, InvitationCredential, ProblemCode, RequestContext, Response, Result, action,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action =
    action!(preview_invitation, body: PreviewInvitation, returns: InvitationPreview)
        .summary("InvitationPreview an invitation")
        .description(
            "Shows the holder of the link what the invitation is about, before signing in.",
        )
        .post("/v1/invitations/preview", Caller::Anybody)
        .grants(&[Grant::ReadCore])
        .problems(&[ProblemCode::InvitationNotFound]);

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
pub struct InvitationPreview {
    /// To what.
    org: NameOnly,
    /// As what.
    role: Role,
    /// By whom.
    inviter: NameOnly,
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
pub struct NameOnly {
    /// The name.
    #[schema(example = "Acme")]
    name: String,
}

async fn preview_invitation(ctx: &RequestContext<'_>) -> Result<Response> {
    let _anybody = ctx.authorize_anonymous(ActionName::PreviewInvitation)?;
    let PreviewInvitation { token } = ctx.body()?;
    let InvitationContext { org, invitation, .. } =
        InvitationContext::load(ctx, &InvitationCredential::token(&token)?).await?;
    Response::ok(&InvitationPreview {
        org: NameOnly { name: org.name.as_str().to_owned() },
        role: invitation.role,
        inviter: NameOnly { name: invitation.invited_by.name.clone() },
        email: invitation.email.masked(),
        status: invitation.status(ctx.now),
        expires_at: invitation.expires_at,
    })
}
