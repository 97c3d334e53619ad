//! Invites up to 20 e-mail addresses. Each address has a result of its own, so one that is rejected
//! does not affect the others. The request needs no `Idempotency-Key`, because a repeated request
//! rejects the addresses that were invited before.

use std::collections::BTreeSet;

use orgs_domain::invitation::{self, ExpiresInDays, InviteError, NewInvitation};
use orgs_domain::{AuditId, EmailAddress, EmailKey, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    ActionError, OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response,
    Result, action,
};
use orgs_store::BulkInvitation;
use orgs_views::InvitationView;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action =
    action!(invite_members, body: InviteMembers, returns: InviteMembersResponse)
        .summary("Invite up to 20 people by e-mail")
        .description(
            "Creates up to 20 invitations that are valid for 7 days, and mails their links. Each \
             address has a result of its own, so one that is rejected does not affect the others. \
             The request needs no `Idempotency-Key`, because an address that was invited before \
             is rejected.",
        )
        .post("/v1/orgs/{org_id}/invitations/bulk", Caller::Member(Role::Administrator))
        .grants(&[Grant::ReadCore, Grant::CommitCore])
        .problems(&[ProblemCode::MissingPermission, ProblemCode::OrgNotActive])
        .event("Invited several people", Shape::Nothing, Shape::Object("Invitation"));

/// The largest number of invitations in a request.
const INVITATIONS_MAX: usize = 20;

/// The invitations to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMembers {
    /// The invitations: 1 to 20.
    #[schema(value_type = Vec<InvitationInput>, min_items = 1, max_items = 20)]
    invitations: Vec<Value>,
}

/// An invitation to create, with a validity of 7 days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkInvitation)]
pub struct InvitationInput {
    /// The e-mail address to invite: at most 254 octets.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The role that the invitation grants: `viewer` by default. Only owners can invite an owner.
    role: Option<Role>,
}

/// The result of each invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteMembersResponse {
    /// The results of the invitations, in the order of the request.
    results: Vec<InvitationResult>,
}

/// The result of one invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationResult {
    /// The e-mail address as it was sent; null if it is not a string.
    #[schema(example = "bob@example.com")]
    email: Option<String>,
    /// The status of the result: `invited` or `refused`.
    status: InvitationResultStatus,
    /// The new invitation. It is present only with the status `invited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    invitation: Option<InvitationView>,
    /// The error code with which `invite_member` would respond. It is present only with the status
    /// `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "already_invited")]
    code: Option<&'static str>,
}

/// The status of the result of an invitation.
///
/// - `invited`: the invitation is created.
/// - `refused`: the invitation is not created. `code` has the reason.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationResultStatus {
    /// The invitation is created.
    Invited,
    /// The invitation is not created.
    Refused,
}

async fn invite_members(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<InviteMembers>();
    let values = body.as_ref().map(|body| body.invitations.as_slice()).unwrap_or_default();
    let inputs: Vec<Option<InvitationInput>> = values
        .iter()
        .take(INVITATIONS_MAX)
        .map(|value| value.is_object().then(|| InvitationInput::deserialize(value).ok()).flatten())
        .collect();
    let addresses: BTreeSet<EmailKey> =
        inputs.iter().flatten().map(|input| input.email.key()).collect();
    let addresses: Vec<EmailKey> = addresses.into_iter().collect();
    let org = OrgContext::load(
        ctx,
        org_id,
        OrgContextQuery { addresses: &addresses, ..OrgContextQuery::default() },
    )
    .await?;
    let permit = org.capability(ActionName::InviteMembers)?;
    let InviteMembers { invitations: values } = body?;
    if !(1..=INVITATIONS_MAX).contains(&values.len()) {
        return Err(Problem::invalid(
            "/invitations",
            "out_of_range",
            "must contain 1 to 20 invitations",
        )
        .into());
    }
    let mut seen = BTreeSet::new();
    let mut outcomes: Vec<std::result::Result<InvitationView, ProblemCode>> = Vec::new();
    let mut to_commit: Vec<(usize, BulkInvitation)> = Vec::new();
    for (position, input) in inputs.into_iter().enumerate() {
        let decided = match input {
            None => Err(ProblemCode::ValidationFailed),
            Some(input) if !seen.insert(input.email.key()) => Err(ProblemCode::AlreadyInvited),
            Some(input) => refusal(decide(ctx, &org, input))?,
        };
        outcomes.push(decided.map(|invitation| {
            let view = InvitationView::of(invitation.invite.invitation(), ctx.now);
            to_commit.push((position, invitation));
            view
        }));
    }
    let (positions, invitations): (Vec<usize>, Vec<BulkInvitation>) = to_commit.into_iter().unzip();
    let committed = ctx.invite_each(&permit, org.caller_member()?, &invitations).await?;
    for (position, refused) in positions.into_iter().zip(committed) {
        if let Some(refused) = refused {
            outcomes[position] = Err(ctx.refused_line(&refused).code);
        }
    }
    let results = values.iter().zip(outcomes).map(|(value, outcome)| {
        let email = value.get("email").and_then(Value::as_str).map(str::to_owned);
        match outcome {
            Ok(invitation) => InvitationResult {
                email,
                status: InvitationResultStatus::Invited,
                invitation: Some(invitation),
                code: None,
            },
            Err(code) => InvitationResult {
                email,
                status: InvitationResultStatus::Refused,
                invitation: None,
                code: Some(code.as_str()),
            },
        }
    });
    Response::ok(&InviteMembersResponse { results: results.collect() })
}

/// Separates the problem of one invitation, as its code, from errors that fail the whole request.
fn refusal<T>(decided: Result<T>) -> Result<std::result::Result<T, ProblemCode>> {
    match decided {
        Ok(invitation) => Ok(Ok(invitation)),
        Err(ActionError::Problem(problem)) => Ok(Err(problem.code)),
        Err(other) => Err(other),
    }
}

/// Authorizes and decides one invitation from the items that were read.
fn decide(
    ctx: &RequestContext<'_>,
    org: &OrgContext<'_>,
    input: InvitationInput,
) -> Result<BulkInvitation> {
    let InvitationInput { email, role } = input;
    let role = role.unwrap_or(Role::Viewer);
    let _permit = org.authorize(&AuthzRequest::invite(ActionName::InviteMembers, role))?;
    if ctx.person()?.verified_email() == Some(&email) {
        return Err(InviteError::AlreadyMember.into());
    }
    let lock = org.address(&email.key()).cloned();
    let new = NewInvitation {
        id: ctx.generate_invitation_id(),
        email,
        role,
        days: ExpiresInDays::default(),
    };
    let invite = invitation::invite(&org.org, org.caller_member()?, new, lock.as_ref(), ctx.now)?;
    Ok(BulkInvitation { invite, audit_id: AuditId::new(ctx.app.ids.generate()) })
}
