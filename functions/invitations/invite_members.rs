//! Invites up to twenty addresses, each on its own: what is wrong with one does not keep the others
//! from being invited. No `Idempotency-Key` is needed: an address that was invited is refused when
//! it comes again.

use std::collections::BTreeSet;

use orgs_runtime::domain::invitation::{
    self, ExpiresInDays, InvitationView, InviteError, NewInvitation,
};
use orgs_runtime::domain::{AuditId, EmailAddress, EmailKey, Role};
use orgs_runtime::policies::Ask;
use orgs_runtime::store::BulkInvitation;
use orgs_runtime::{
    ActionError, OrgContext, OrgContextQuery, Problem, RequestContext, Response, Result,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

orgs_runtime::action!(invite_members, "Invites up to twenty addresses, each on its own", handle, body: InviteMembers, answer: Invited);

/// The most addresses in a call.
const MOST: usize = 20;

/// Who is invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteMembers {
    /// 1 to 20 addresses.
    #[schema(value_type = Vec<InvitationLine>, min_items = 1, max_items = 20)]
    invitations: Vec<Value>,
}

/// One of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationLine {
    /// The address.
    #[schema(value_type = String, format = Email, max_length = 254, example = "bob@example.com")]
    email: EmailAddress,
    /// The role that accepting gives; `viewer` unless it says.
    role: Option<Role>,
}

/// What became of each address, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    results: Vec<LineResult>,
}

/// What became of an address.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineResult {
    /// The address as it was given; null where it was no text.
    #[schema(example = "bob@example.com")]
    email: Option<String>,
    /// What became of it.
    status: LineStatus,
    /// With `invited`: the invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    invitation: Option<InvitationView>,
    /// With `refused`: why; the code that `invite_member` would have answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "already_invited")]
    code: Option<String>,
}

/// What became of an address.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LineStatus {
    Invited,
    Refused,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let body = ctx.body::<InviteMembers>();
    let given = body.as_ref().map(|body| body.invitations.as_slice()).unwrap_or_default();
    let lines: Vec<Option<InvitationLine>> = given
        .iter()
        .take(MOST)
        .map(|line| line.is_object().then(|| InvitationLine::deserialize(line).ok()).flatten())
        .collect();
    let addresses: BTreeSet<EmailKey> =
        lines.iter().flatten().map(|line| line.email.key()).collect();
    let addresses: Vec<EmailKey> = addresses.into_iter().collect();
    let scene = ctx
        .scene(org, OrgContextQuery { addresses: &addresses, ..OrgContextQuery::default() })
        .await?;
    let permit = scene.authorize(&Ask::InviteMembers { org: scene.facts(), role: Role::Viewer })?;
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
    let mut answers: Vec<std::result::Result<InvitationView, String>> = Vec::new();
    let mut open: Vec<(usize, BulkInvitation)> = Vec::new();
    for (position, line) in lines.into_iter().enumerate() {
        let record_policy_errors = match line {
            None => Err("validation_failed".to_owned()),
            Some(line) if !seen.insert(line.email.key()) => Err("already_invited".to_owned()),
            Some(line) => refusal(judge(ctx, &scene, line))?,
        };
        answers.push(record_policy_errors.map(|line| {
            let view = line.invite.invitation().view(ctx.now);
            open.push((position, line));
            view
        }));
    }
    let (positions, lines): (Vec<usize>, Vec<BulkInvitation>) = open.into_iter().unzip();
    for (position, refused) in
        positions.into_iter().zip(ctx.invite_each(&permit, scene.caller_member()?, &lines).await?)
    {
        if let Some(refused) = refused {
            answers[position] = Err(ctx.refused_line(&refused).code);
        }
    }
    let results = given.iter().zip(answers).map(|(line, answer)| {
        let email = line.get("email").and_then(Value::as_str).map(str::to_owned);
        match answer {
            Ok(invitation) => LineResult {
                email,
                status: LineStatus::Invited,
                invitation: Some(invitation),
                code: None,
            },
            Err(code) => LineResult {
                email,
                status: LineStatus::Refused,
                invitation: None,
                code: Some(code),
            },
        }
    });
    Response::ok(&Invited { results: results.collect() })
}

/// What is refused to a line alone; anything else stops the whole.
fn refusal<T>(record_policy_errors: Result<T>) -> Result<std::result::Result<T, String>> {
    match record_policy_errors {
        Ok(line) => Ok(Ok(line)),
        Err(ActionError::Problem(problem)) => Ok(Err(problem.code)),
        Err(other) => Err(other),
    }
}

/// An invitation that can be made as far as was read.
fn judge(
    ctx: &RequestContext<'_>,
    scene: &OrgContext<'_>,
    line: InvitationLine,
) -> Result<BulkInvitation> {
    let InvitationLine { email, role } = line;
    let role = role.unwrap_or(Role::Viewer);
    let _permit = scene.authorize(&Ask::InviteMembers { org: scene.facts(), role })?;
    if ctx.person()?.verified_email() == Some(&email) {
        return Err(InviteError::AlreadyMember.into());
    }
    let lock = scene.address(&email.key()).cloned();
    let new = NewInvitation {
        id: ctx.generate_invitation_id(),
        email,
        role,
        days: ExpiresInDays::default(),
    };
    let invite =
        invitation::invite(&scene.org, scene.caller_member()?, new, lock.as_ref(), ctx.now)?;
    Ok(BulkInvitation { invite, audit_id: AuditId::new(ctx.app.ids.generate()) })
}
