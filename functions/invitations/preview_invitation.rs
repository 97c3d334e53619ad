//! Shows the holder of an invitation's link what the invitation is about, before they sign in. The
//! secret in the link is only in the mail, so its holder has read the mail.

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
        .summary("Preview an invitation")
        .description(
            "Shows the holder of the link what the invitation is about, before signing in.",
        )
        .post("/v1/invitations/preview", Caller::Anybody)
        .grants(&[Grant::ReadCore])
        .problems(&[ProblemCode::InvitationNotFound]);

/// The token of an invitation's link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewInvitation {
    /// The token: the part of the link after the `#`.
    #[schema(
        example = "inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    )]
    token: String,
}

/// The parts of an invitation that the holder of its link sees before signing in.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationPreview {
    /// The organization to join.
    org: NameOnly,
    /// The role that the invitation grants.
    role: Role,
    /// The member who created the invitation.
    inviter: NameOnly,
    /// The invited e-mail address, masked: its first character and its host.
    #[schema(example = "b***@example.com")]
    email: String,
    /// The status of the invitation. Only a `pending` invitation can be accepted.
    status: Status,
    /// The time at which the invitation expires.
    expires_at: DateTime<Utc>,
}

/// The name of an organization or of a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewName)]
pub struct NameOnly {
    /// The name. For a person without a name, it is the masked e-mail address.
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
