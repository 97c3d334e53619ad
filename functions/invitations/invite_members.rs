//! Invites up to twenty addresses, each on its own: what is wrong with one does not keep the others
//! from being invited. No `Idempotency-Key` is needed: an address that was invited is refused when
//! it comes again.

use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    ActionError, OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response,
    Result, action,
};
use std::collections::BTreeSet;

use orgs_domain::invitation::{self, ExpiresInDays, InvitationView, InviteError, NewInvitation};
use orgs_domain::{AuditId, EmailAddress, EmailKey, Role};
use orgs_store::BulkInvitation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action =
    action!(invite_members, body: InviteMembers, returns: InviteMembersResponse)
    .summary("Invite up to twenty people")
    .description(
        "Each address has a result of its own, so one invalid address does not stop the others. \
         The request needs no `Idempotency-Key`: a repeated address is refused.",
    )
    .post("/v1/orgs/{org_id}/invitations/bulk", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::OrgNotActive])
    .event(Shape::Nothing, Shape::Object("Invitation"));

/// The most addresses in a call.
const MOST: usize = 20;

/// Who is invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMembers {
    /// 1 to 20 addresses.
    #[schema(value_type = Vec<InvitationInput>, min_items = 1, max_items = 20)]
    invitations: Vec<Value>,
}

/// One of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationInput {
    /// The address.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The role that accepting gives; `viewer` unless it says.
    role: Option<Role>,
}

/// What became of each address, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteMembersResponse {
    results: Vec<InvitationResult>,
}

/// What became of an address.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationResult {
    /// The address as it was given; null where it was no text.
    #[schema(example = "bob@example.com")]
    email: Option<String>,
    /// What became of it.
    status: InvitationResultStatus,
    /// With `invited`: the invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    invitation: Option<InvitationView>,
    /// With `refused`: why; the code that `invite_member` would have answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "already_invited")]
    code: Option<&'static str>,
}

/// What became of an address.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum InvitationResultStatus {
    Invited,
    Refused,
}

async fn invite_members(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<InviteMembers>();
    let given = body.as_ref().map(|body| body.invitations.as_slice()).unwrap_or_default();
    let lines: Vec<Option<InvitationInput>> = given
        .iter()
        .take(MOST)
        .map(|line| line.is_object().then(|| InvitationInput::deserialize(line).ok()).flatten())
        .collect();
    let addresses: BTreeSet<EmailKey> =
        lines.iter().flatten().map(|line| line.email.key()).collect();
    let addresses: Vec<EmailKey> = addresses.into_iter().collect();
    let org = OrgContext::load(
        ctx,
        org_id,
        OrgContextQuery { addresses: &addresses, ..OrgContextQuery::default() },
    )
    .await?;
    let least = AuthzRequest::invite(ActionName::InviteMembers, Role::Viewer);
    let permit = org.authorize(&least)?;
    let InviteMembers { invitations: given } = body?;
    if !(1..=MOST).contains(&given.len()) {
        return Err(Problem::invalid(
            "/invitations",
            "out_of_range",
            "must hold 1 to 20 invitations",
        )
        .into());
    }
    let mut seen = BTreeSet::new();
    let mut answers: Vec<std::result::Result<InvitationView, ProblemCode>> = Vec::new();
    let mut open: Vec<(usize, BulkInvitation)> = Vec::new();
    for (position, line) in lines.into_iter().enumerate() {
        let invited = match line {
            None => Err(ProblemCode::ValidationFailed),
            Some(line) if !seen.insert(line.email.key()) => Err(ProblemCode::AlreadyInvited),
            Some(line) => refusal(judge(ctx, &org, line))?,
        };
        answers.push(invited.map(|line| {
            let view = line.invite.invitation().view(ctx.now);
            open.push((position, line));
            view
        }));
    }
    let (positions, lines): (Vec<usize>, Vec<BulkInvitation>) = open.into_iter().unzip();
    for (position, refused) in
        positions.into_iter().zip(ctx.invite_each(&permit, org.caller_member()?, &lines).await?)
    {
        if let Some(refused) = refused {
            answers[position] = Err(ctx.refused_line(&refused).code);
        }
    }
    let results = given.iter().zip(answers).map(|(line, answer)| {
        let email = line.get("email").and_then(Value::as_str).map(str::to_owned);
        match answer {
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

/// What is refused to a line alone; anything else stops the whole.
fn refusal<T>(invited: Result<T>) -> Result<std::result::Result<T, ProblemCode>> {
    match invited {
        Ok(line) => Ok(Ok(line)),
        Err(ActionError::Problem(problem)) => Ok(Err(problem.code)),
        Err(other) => Err(other),
    }
}

/// An invitation that can be made as far as was read.
fn judge(
    ctx: &RequestContext<'_>,
    org: &OrgContext<'_>,
    line: InvitationInput,
) -> Result<BulkInvitation> {
    let InvitationInput { email, role } = line;
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
