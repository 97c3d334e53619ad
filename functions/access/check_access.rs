//! Checks what a member may do in an organization, and gives the reason for each denial. Members
//! check themselves; service clients check members, for example before they run an agent. All
//! checks of a request share one read.

use std::collections::BTreeSet;

use futures::future::OptionFuture;
use orgs_domain::resource::{CostClass, ResourceKind};
use orgs_domain::{Credits, Month, ResourceId, Role, UserId};
use orgs_policies::{ActionName, AuthzRequest, ResourceFacts, TargetKind};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    ActionError, OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response,
    Result, action, non_null,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(check_access, body: CheckAccess, returns: CheckAccessResponse)
    .summary("Check what a caller or member may do")
    .description(
        "Returns the decision of up to 30 checks, each with the policies that decided. Members \
         can check themselves, service clients can check any member. The checks cover policies \
         only, not seats, the last owner or rate limits. If a budget denies a use that a service \
         client asks for, the owners get an alert, once a month.",
    )
    .post("/v1/orgs/{org_id}/access", Caller::MemberOrService(Role::Viewer, "access:check"))
    .grants(&[
        Grant::ReadCore,
        Grant::ListUsage,
        Grant::ReadUsage,
        Grant::CommitCore,
        Grant::CommitUsage,
        Grant::EndHolds,
    ])
    .problems(&[ProblemCode::MissingPermission]);

/// The largest number of checks in a request.
const CHECKS_MAX: usize = 30;

/// The checks to evaluate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckAccess {
    /// The checks: 1 to 30.
    #[schema(min_items = 1, max_items = 30)]
    checks: Vec<Check>,
    /// The user id of the member whom the checks are about, unless a check has an `as_user_id` of
    /// its own. For members, the default is the caller, and they cannot check other members.
    /// Service clients must send it, here or in the check: without it, the result for an action of
    /// members is `deny` with `org_not_found`.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "auth0|65f0c1")]
    as_user_id: Option<UserId>,
}

/// One check: an action with its parameters. A field that the action does not take is invalid.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessCheck)]
pub struct Check {
    /// The name of an action in an organization, such as `invite_member`, or `use_resource`.
    #[schema(example = "invite_member")]
    action: String,
    /// The user id of the member whom this check is about. The default is the `as_user_id` of the
    /// request. Service clients must send one of the two. Members cannot check other members.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "auth0|65f0c1")]
    as_user_id: Option<UserId>,
    /// The user id of the member on whom the action acts: required for `change_role` and
    /// `remove_member`, optional for `get_member`.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "auth0|5e1f00")]
    user_id: Option<String>,
    /// For `change_role`: the new role, which is required. For `invite_member`, `invite_members`,
    /// `resend_invitation` and `revoke_invitation`: the role of the invitation, `viewer` by
    /// default.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = Role, required = false)]
    role: Option<Role>,
    /// The id of the resource on which the action acts: required for `use_resource`,
    /// `update_resource` and `delete_resource`, optional for `get_resource`.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    resource_id: Option<String>,
    /// For `create_resource`: the kind of the new resource, `agent` by default.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = ResourceKind, required = false)]
    kind: Option<ResourceKind>,
    /// For `create_resource`: the cost class of the new resource, `standard` by default. For
    /// `update_resource`: the new cost class, by default the current one.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// For `update_org`: true if `settings` change. The default is false.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = bool, required = false)]
    settings: Option<bool>,
    /// For `use_resource`: the expected cost in credits, as a decimal string from 0 to 10^12 with
    /// at most 6 decimals. The default is 0.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "5")]
    estimated_credits: Option<Credits>,
}

/// The results of the checks.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckAccessResponse {
    /// The results, one for each check, in the order of the request.
    results: Vec<Checkup>,
}

/// The result of one check.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessCheckResult)]
pub struct Checkup {
    /// The decision: `allow` or `deny`.
    decision: Decision,
    /// The stable error code of the denial; null if the action is allowed.
    #[schema(example = "missing_permission")]
    code: Option<&'static str>,
    /// The reason for the denial, for people; null if the action is allowed.
    #[schema(example = "the role `viewer` may not do this, `administrator` may")]
    detail: Option<String>,
    /// The ids of the policies that decided. The list is empty if no policy permits the action, or
    /// if the member or resource does not exist.
    policies: Vec<String>,
    /// The lowest role that would be allowed; null if the action is allowed, or if no role would be
    /// allowed.
    required_role: Option<Role>,
}

/// The decision of a check.
///
/// - `allow`: the action is allowed.
/// - `deny`: the action is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccessDecision)]
pub enum Decision {
    /// The action is allowed.
    Allow,
    /// The action is denied.
    Deny,
}

async fn check_access(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body::<CheckAccess>();
    let requested = body.as_ref().map_or(&[][..], |body| &body.checks);
    // A request with more checks is rejected below, after the caller is authorized.
    let requested = requested.get(..CHECKS_MAX).unwrap_or(requested);
    let default_subject = body.as_ref().ok().and_then(|body| body.as_user_id.clone());
    let user_ids = requested.iter().flat_map(|check| {
        [check.as_user_id.clone(), check.user_id.as_ref().and_then(|id| UserId::parse(id).ok())]
    });
    let members: BTreeSet<UserId> =
        user_ids.flatten().chain(default_subject.clone()).take(60).collect();
    let members: Vec<UserId> = members.into_iter().collect();
    let resources: BTreeSet<ResourceId> = requested
        .iter()
        .filter_map(|check| ResourceId::parse(check.resource_id.as_ref()?).ok())
        .collect();
    let resources: Vec<ResourceId> = resources.into_iter().collect();
    // The decision to use a resource depends on the budget, so the month's usage is read at the
    // same time as everything else.
    let budget = requested.iter().any(|check| check.action == "use_resource");
    let used =
        OptionFuture::from(budget.then(|| ctx.app.store.spending(&org_id, Month::of(ctx.now))));
    let query = OrgContextQuery {
        members: &members,
        resources: &resources,
        budget,
        service: Some("access:check"),
        for_members: true,
        ..OrgContextQuery::default()
    };
    let (org, used) =
        OrgContext::load_with(ctx, org_id, query, async { used.await.transpose() }).await?;
    let (used, history) = used.unwrap_or_default();
    org.require_capability(ActionName::CheckAccess)?;
    let checks = body?.checks;
    if !(1..=CHECKS_MAX).contains(&checks.len()) {
        return Err(
            Problem::invalid("/checks", "invalid_length", "must contain 1 to 30 checks").into()
        );
    }
    for (position, check) in checks.iter().enumerate() {
        check.validate(position)?;
    }
    let me = &ctx.person()?.user_id;
    let subjects =
        || checks.iter().map(|check| check.as_user_id.as_ref().or(default_subject.as_ref()));
    let about_others = subjects().flatten().any(|subject| subject != me);
    let _permit = org.authorize(&AuthzRequest::check_access(about_others))?;
    let results = checks
        .iter()
        .zip(subjects())
        .map(|(check, subject)| evaluate(&org, used.taken(), check, me, subject));
    let results: Vec<Checkup> = results.collect::<Result<_>>()?;
    let over_budget = Some(ProblemCode::BudgetExceeded.as_str());
    if results.iter().any(|result| result.code == over_budget) {
        ctx.end_expired_holds(&org_id, Month::of(ctx.now), &used).await?;
        // A check by a member runs nothing, so only those of services are denials of a run.
        if org.is_service() {
            ctx.raise_first_denial(&org_id, &org.budget(), (&used, &history)).await;
        }
    }
    Response::ok(&CheckAccessResponse { results })
}

/// Evaluates a check about the caller `me`, or for a service client about the member `subject`.
fn evaluate(
    org: &OrgContext<'_>,
    taken: Credits,
    check: &Check,
    me: &UserId,
    subject: Option<&UserId>,
) -> Result<Checkup> {
    let member = subject.filter(|_| org.is_service());
    let decision = match check.request(org, taken, subject.unwrap_or(me)) {
        Ok(request) => match member {
            Some(member) => org.authorize_member(member, &request),
            None => org.authorize(&request),
        },
        // A subject who can never do this must not learn that the target does not exist.
        Err(error) => {
            let capability = match (check.action(), member) {
                (Some(action), Some(member)) => org.require_member_capability(member, action),
                (Some(action), None) => org.require_capability(action),
                (None, _) => Ok(()),
            };
            capability.and(Err(error))
        }
    };
    let denied = match decision {
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
    /// Returns the action, or `None` if it is not an action in an organization.
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
            return invalid(
                "action",
                "invalid_value",
                "must be an action in an organization, such as `invite_member`",
            );
        };
        let (required, optional) = fields(action);
        let presence = [
            ("user_id", self.user_id.is_some()),
            ("role", self.role.is_some()),
            ("resource_id", self.resource_id.is_some()),
            ("kind", self.kind.is_some()),
            ("cost_class", self.cost_class.is_some()),
            ("settings", self.settings.is_some()),
            ("estimated_credits", self.estimated_credits.is_some()),
        ];
        for (field, is_present) in presence {
            if !is_present && required.contains(&field) {
                return invalid(field, "missing_field", "is required");
            }
            if is_present && !required.contains(&field) && !optional.contains(&field) {
                return invalid(field, "unknown_field", "is not a field of this action; remove it");
            }
        }
        Ok(())
    }

    /// Returns the authorization request. `taken` is the use of the month's budget, and `subject`
    /// the member whom the check is about.
    fn request<'a>(
        &self,
        org: &'a OrgContext<'_>,
        taken: Credits,
        subject: &'a UserId,
    ) -> Result<AuthzRequest<'a>> {
        let action = self
            .action()
            .ok_or_else(|| ActionError::Internal(format!("unknown action `{}`", self.action)))?;
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
                let over_budget = org.budget().is_over(taken, estimate);
                AuthzRequest::use_resource(resource()?, over_budget)
            }
            // A check has no billing mode. `set_billing` compares the mode with the plan.
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

/// Returns the required and the optional fields of an action's check.
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
