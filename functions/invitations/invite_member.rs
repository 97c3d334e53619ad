//! Invites a person by e-mail. The action does not send the mail: `send_mail` sends it when it
//! receives the audit record of this change. So a mail is sent if, and only if, the invitation is
//! committed.

use orgs_domain::invitation::{self, ExpiresInDays, InviteError, NewInvitation};
use orgs_domain::{EmailAddress, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_store::RateLimited;
use orgs_views::InvitationView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(invite_member, body: InviteMember, returns: InvitationView)
    .summary("Invite a person by e-mail")
    .description(
        "Creates an invitation and mails its link. Only owners can invite an owner. The plan's \
         seat limit is checked when the invitation is accepted, not now.",
    )
    .post("/v1/orgs/{org_id}/invitations", Caller::Member(Role::Administrator))
    .created()
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OwnerGrant,
        ProblemCode::OrgNotActive,
        ProblemCode::AlreadyMember,
        ProblemCode::AlreadyInvited,
        ProblemCode::AddressBlocked,
        ProblemCode::RateLimited,
    ])
    .event("Invited a person", Shape::Nothing, Shape::Object("Invitation"));

/// The invitation to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    /// The e-mail address to invite: an ASCII local part and a host name of at least two labels, at
    /// most 254 octets. Addresses are compared in lower case and shown as you entered them.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The role that the invitation grants: `viewer` by default. Only owners can invite an owner.
    role: Option<Role>,
    /// The number of days for which the invitation is valid: 1 to 30, 7 by default.
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 30, example = 7)]
    expires_in_days: Option<ExpiresInDays>,
}

async fn invite_member(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<InviteMember>();
    let address = body.as_ref().ok().map(|input| input.email.key());
    let org = OrgContext::load(
        ctx,
        org_id,
        OrgContextQuery { addresses: address.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    org.require_capability(ActionName::InviteMember)?;
    let InviteMember { email, role, expires_in_days } = body?;
    let (role, me) = (role.unwrap_or(Role::Viewer), org.caller_member()?);
    let permit = org.authorize(&AuthzRequest::invite(ActionName::InviteMember, role))?;
    if ctx.person()?.verified_email() == Some(&email) {
        return Err(InviteError::AlreadyMember.into());
    }
    let key = email.key();
    let new = NewInvitation {
        id: ctx.generate_invitation_id(),
        email,
        role,
        days: expires_in_days.unwrap_or_default(),
    };
    let invite = invitation::invite(&org.org, me, new, org.address(&key), ctx.now)?;
    let response = Response::created(&InvitationView::of(invite.invitation(), ctx.now))?
        .version(invite.invitation().version);
    let limited = RateLimited {
        change: &invite,
        sender: &me.user_id,
        recipient: key,
        limits: &ctx.app.settings.limits,
    };
    org.commit(&permit, &limited, response).await
}
