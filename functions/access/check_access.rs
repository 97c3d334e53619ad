//! Says what somebody may do in an organization, and why not: for members about themselves, and for
//! programs about members. The services that run agents ask this before they do. However many
//! questions, it is one read.

use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    ActionError, OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response,
    Result, action, non_null,
};
use std::collections::BTreeSet;

use futures::future::OptionFuture;
use orgs_domain::resource::{CostClass, ResourceKind};
use orgs_domain::{Credits, ResourceId, Role, UserId};
use orgs_policies::{ActionName, AuthzRequest, ResourceFacts, TargetKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(check_access, body: CheckAccess, returns: CheckAccessResponse)
    .summary("Check what a caller or member may do")
    .description(
        "Answers up to 30 checks from one read, each with the policies that decided. Members \
         ask about themselves, service clients about any member.",
    )
    .post("/v1/orgs/{org_id}/access", Caller::MemberOrService(Role::Viewer, "access:check"))
    .grants(&[Grant::ReadCore, Grant::ListUsage])
    .problems(&[ProblemCode::MissingPermission]);

/// The largest number of checks in a request.
const CHECKS_MAX: usize = 30;

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckAccess {
    /// 1 to 30 questions.
    #[schema(min_items = 1, max_items = 30)]
    checks: Vec<Check>,
    /// About which member a program asks, unless a question names another.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "auth0|65f0c1")]
    as_user_id: Option<UserId>,
}

/// One question. Each action has its own fields; another one is refused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The action: the name of a function of an organization, or `use_resource`.
    #[schema(example = "invite_member")]
    action: String,
    /// About which member a program asks.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "auth0|65f0c1")]
    as_user_id: Option<UserId>,
    /// `change_role`, `remove_member` (required), `get_member`: to whom it is done.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "auth0|5e1f00")]
    user_id: Option<String>,
    /// `change_role` (required): the new role. `invite_member`, `invite_members`,
    /// `resend_invitation`, `revoke_invitation`: the invitation's, `viewer` unless it says.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = Role, required = false)]
    role: Option<Role>,
    /// `use_resource`, `update_resource`, `delete_resource` (required), `get_resource`: which
    /// resource.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    resource_id: Option<String>,
    /// `create_resource`: what it is, `agent` unless it says.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = ResourceKind, required = false)]
    kind: Option<ResourceKind>,
    /// `create_resource`: `standard` unless it says; `update_resource`: as it is unless it says.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// `update_org`: whether settings change.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = bool, required = false)]
    settings: Option<bool>,
    /// `use_resource`: what it will cost, as far as that is known.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "5")]
    estimated_credits: Option<Credits>,
}

/// The answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckAccessResponse {
    /// One for each question, in order.
    results: Vec<Checkup>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckResult)]
pub struct Checkup {
    /// Whether it is allowed.
    decision: Decision,
    /// Why it is denied, for a program; null where it is allowed.
    #[schema(example = "missing_permission")]
    code: Option<&'static str>,
    /// Why it is denied, for a person; null where it is allowed.
    #[schema(example = "the role `viewer` may not do this, `administrator` may")]
    detail: Option<String>,
    /// The ids of the policies that decided.
    policies: Vec<String>,
    /// The lowest higher role that would be allowed, where one would.
    required_role: Option<Role>,
}

/// Whether something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccessDecision)]
pub enum Decision {
    /// It is.
    Allow,
    /// It is not.
    Deny,
}

async fn check_access(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<CheckAccess>();
    let asked = body.as_ref().map_or(&[][..], |body| &body.checks);
    // What could be too much to read is refused below, once the caller is known.
    let asked = asked.get(..CHECKS_MAX).unwrap_or(asked);
    let whole = body.as_ref().ok().and_then(|body| body.as_user_id.clone());
    let named = asked.iter().flat_map(|check| {
        [check.as_user_id.clone(), check.user_id.as_ref().and_then(|id| UserId::parse(id).ok())]
    });
    let members: BTreeSet<UserId> = named.flatten().chain(whole.clone()).take(60).collect();
    let members: Vec<UserId> = members.into_iter().collect();
    let resources: BTreeSet<ResourceId> = asked
        .iter()
        .filter_map(|check| ResourceId::parse(check.resource_id.as_ref()?).ok())
        .collect();
    let resources: Vec<ResourceId> = resources.into_iter().collect();
    // Using a resource is judged by the budget too: what was spent is read beside everything else.
    let budget = asked.iter().any(|check| check.action == "use_resource");
    let spent = OptionFuture::from(budget.then(|| ctx.app.store.spending(&org_id, ctx.now)));
    let wants = OrgContextQuery {
        members: &members,
        resources: &resources,
        budget,
        service: Some("access:check"),
        for_members: true,
        ..OrgContextQuery::default()
    };
    let (org, spent) =
        OrgContext::load_with(ctx, org_id, wants, async { spent.await.transpose() }).await?;
    let spent = spent.map(|(spent, _)| spent).unwrap_or_default();
    org.require_capability(ActionName::CheckAccess)?;
    let checks = body?.checks;
    if !(1..=CHECKS_MAX).contains(&checks.len()) {
        return Err(Problem::invalid("/checks", "invalid_length", "must be 1 to 30 checks").into());
    }
    for (position, check) in checks.iter().enumerate() {
        check.validate(position)?;
    }
    let me = &ctx.person()?.user_id;
    let subject = |check: &'_ Check| check.as_user_id.clone().or_else(|| whole.clone());
    let about_others = checks.iter().filter_map(subject).any(|user| user != *me);
    let _permit = org.authorize(&AuthzRequest::check_access(about_others))?;
    let results = checks.iter().map(|check| evaluate(&org, spent, check, me, subject(check)));
    Response::ok(&CheckAccessResponse { results: results.collect::<Result<_>>()? })
}

/// Evaluates a check of the caller `me`, or of the member `subject` for a service client.
fn evaluate(
    org: &OrgContext<'_>,
    spent: Credits,
    check: &Check,
    me: &UserId,
    subject: Option<UserId>,
) -> Result<Checkup> {
    let subject = subject.as_ref();
    let asked = check.request(org, spent, subject.unwrap_or(me)).and_then(|request| match subject
        .filter(|_| org.is_service())
    {
        Some(subject) => org.authorize_member(subject, &request),
        None => org.authorize(&request),
    });
    let denied = match asked {
        Ok(permit) => {
            let policies = permit.policies().to_vec();
            return Ok(Checkup {
                decision: Decision::Allow,
                code: None,
                detail: None,
                policies,
                required_role: None,
            });
        }
        Err(ActionError::Problem(problem)) if matches!(problem.code.status(), 403 | 404) => problem,
        Err(error) => return Err(error),
    };
    Ok(Checkup {
        decision: Decision::Deny,
        code: Some(denied.code.as_str()),
        detail: Some(denied.detail),
        policies: denied.policies.unwrap_or_default(),
        required_role: denied.required_role,
    })
}

impl Check {
    /// Returns the action. None if it is not an action in an organization.
    fn action(&self) -> Option<ActionName> {
        ActionName::named(&self.action).filter(|action| {
            action.schema().target != TargetKind::System
                && !matches!(action, ActionName::AcceptInvitation | ActionName::DeclineInvitation)
        })
    }

    /// Rejects unknown actions, missing fields, and fields that the action does not take.
    fn validate(&self, position: usize) -> Result<()> {
        let invalid = |field: &str, code, detail: &str| {
            Err(Problem::invalid(format!("/checks/{position}/{field}"), code, detail).into())
        };
        let Some(action) = self.action() else {
            return invalid("action", "invalid_value", "must be an action of an organization");
        };
        let (required, optional) = fields(action);
        let given = [
            ("user_id", self.user_id.is_some()),
            ("role", self.role.is_some()),
            ("resource_id", self.resource_id.is_some()),
            ("kind", self.kind.is_some()),
            ("cost_class", self.cost_class.is_some()),
            ("settings", self.settings.is_some()),
            ("estimated_credits", self.estimated_credits.is_some()),
        ];
        for (field, is_given) in given {
            if !is_given && required.contains(&field) {
                return invalid(field, "missing_field", "is required");
            }
            if is_given && !required.contains(&field) && !optional.contains(&field) {
                return invalid(field, "unknown_field", "is not a field of this action");
            }
        }
        Ok(())
    }

    /// Returns the authorization request. `spent` is this month's usage, `subject` the member whom
    /// the check is about.
    fn request<'a>(
        &self,
        org: &'a OrgContext<'_>,
        spent: Credits,
        subject: &'a UserId,
    ) -> Result<AuthzRequest<'a>> {
        let action = self
            .action()
            .ok_or_else(|| ActionError::Internal(format!("unknown action {}", self.action)))?;
        let role = self.role.unwrap_or(Role::Viewer);
        let user_id = self.user_id.as_ref().and_then(|id| UserId::parse(id).ok());
        let member = || org.member(user_id.as_ref());
        let resource_id = self.resource_id.as_ref().and_then(|id| ResourceId::parse(id).ok());
        let resource = || org.resource(resource_id.as_ref()).map(ResourceFacts::from);
        Ok(match action {
            ActionName::ChangeRole => AuthzRequest::change_role(member()?, role),
            ActionName::RemoveMember => {
                let member = member()?;
                AuthzRequest::member(action, &member.user_id, member.role)
            }
            ActionName::LeaveOrg => AuthzRequest::member(action, subject, role),
            ActionName::InviteMember | ActionName::InviteMembers => {
                AuthzRequest::invite(action, role)
            }
            ActionName::ResendInvitation | ActionName::RevokeInvitation => {
                AuthzRequest::invitation(action, role)
            }
            ActionName::UpdateOrg => AuthzRequest::update_org(self.settings.unwrap_or(false)),
            ActionName::CreateResource => AuthzRequest::create_resource(ResourceFacts {
                kind: self.kind.unwrap_or(ResourceKind::Agent),
                cost_class: self.cost_class.unwrap_or(CostClass::Standard),
            }),
            ActionName::UpdateResource => {
                let resource = resource()?;
                let to = self.cost_class.unwrap_or(resource.cost_class);
                AuthzRequest::update_resource(resource, to)
            }
            ActionName::DeleteResource => AuthzRequest::delete_resource(resource()?),
            ActionName::UseResource => {
                let estimate = self.estimated_credits.unwrap_or_default();
                let over_budget = org.budget().is_over(spent, estimate);
                AuthzRequest::use_resource(resource()?, over_budget)
            }
            // The plan is checked when the billing mode is set.
            ActionName::SetBilling => AuthzRequest::set_billing(true),
            ActionName::CheckAccess => AuthzRequest::check_access(false),
            _ => {
                if self.user_id.is_some() {
                    member()?;
                }
                if self.resource_id.is_some() {
                    resource()?;
                }
                AuthzRequest::new(action)
            }
        })
    }
}

/// Returns the fields that an action's check requires, and those that it takes.
fn fields(action: ActionName) -> (&'static [&'static str], &'static [&'static str]) {
    match action {
        ActionName::ChangeRole => (&["user_id", "role"], &[]),
        ActionName::RemoveMember => (&["user_id"], &[]),
        ActionName::GetMember => (&[], &["user_id"]),
        ActionName::InviteMember
        | ActionName::InviteMembers
        | ActionName::ResendInvitation
        | ActionName::RevokeInvitation => (&[], &["role"]),
        ActionName::UseResource => (&["resource_id"], &["estimated_credits"]),
        ActionName::UpdateResource => (&["resource_id"], &["cost_class"]),
        ActionName::DeleteResource => (&["resource_id"], &[]),
        ActionName::GetResource => (&[], &["resource_id"]),
        ActionName::CreateResource => (&[], &["kind", "cost_class"]),
        ActionName::UpdateOrg => (&[], &["settings"]),
        _ => (&[], &[]),
    }
}
