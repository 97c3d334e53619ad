//! Invites an address. The mail is not sent here: the audit record of this change makes
//! `deliver_invitation` send it, so a mail goes out if, and only if, the invitation is committed.

use orgs_runtime::domain::invitation::{
    self, ExpiresInDays, InvitationView, InviteError, NewInvitation,
};
use orgs_runtime::domain::{EmailAddress, Role};
use orgs_runtime::policies::Ask;
use orgs_runtime::store::RateLimited;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(invite_member, "Invites an address by mail", handle, body: InviteMember, answer: InvitationView);

/// Who is invited, as what, for how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    /// The local part in ASCII, a host name of two labels or more, 254 octets at most. Compared in
    /// lower case, kept as typed.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The role that accepting gives; `viewer` unless it says.
    role: Option<Role>,
    /// For how many days the invitation is open: 1 to 30, 7 unless it says.
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 30, example = 7)]
    expires_in_days: Option<ExpiresInDays>,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let body = ctx.body::<InviteMember>();
    let address = body.as_ref().ok().map(|input| input.email.key());
    let scene = ctx
        .scene(org, OrgContextQuery { addresses: address.as_slice(), ..OrgContextQuery::default() })
        .await?;
    scene.require_capability(&Ask::InviteMember { org: scene.facts(), role: Role::Viewer })?;
    let InviteMember { email, role, expires_in_days } = body?;
    let (role, me) = (role.unwrap_or(Role::Viewer), scene.caller_member()?);
    let permit = scene.authorize(&Ask::InviteMember { org: scene.facts(), role })?;
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
    let invite = invitation::invite(&scene.org, me, new, scene.address(&key), ctx.now)?;
    let response =
        Response::created(&invite.invitation().view(ctx.now))?.version(invite.invitation().version);
    let limited = RateLimited {
        change: &invite,
        sender: &me.user_id,
        recipient: key,
        limits: &ctx.app.settings.limits,
    };
    scene.commit(&permit, &limited, response).await
}
