//! Says what somebody may do in an organization, and why not: for members about themselves, and for
//! programs about members. The services that run agents ask this before they do. However many
//! questions, it is one read.

use std::collections::BTreeSet;

use futures::future::OptionFuture;
use orgs_runtime::domain::resource::{CostClass, ResourceKind};
use orgs_runtime::domain::{Credits, ResourceId, Role, UserId};
use orgs_runtime::policies::{Ask, OfOrg, ResourceFacts};
use orgs_runtime::{
    ActionError, OrgContext, OrgContextQuery, Problem, RequestContext, Response, Result, non_null,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

orgs_runtime::action!(check_access, "Says what the caller, or a member, may do, and why not", handle, body: CheckAccess, answer: Checked);

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
pub struct Checked {
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
    code: Option<String>,
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

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let body = ctx.body::<CheckAccess>();
    let asked = body.as_ref().map_or(&[][..], |body| &body.checks);
    // What could be too much to read is refused below, once the caller is known.
    let asked = asked.get(..30).unwrap_or(asked);
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
    let spent = OptionFuture::from(budget.then(|| ctx.app.store.spending(&org, ctx.now)));
    let wants = OrgContextQuery {
        members: &members,
        resources: &resources,
        budget,
        service: Some("access:check"),
        for_members: true,
        ..OrgContextQuery::default()
    };
    let (scene, spent) = ctx.scene_beside(org, wants, async { spent.await.transpose() }).await?;
    let spent = spent.map(|(spent, _)| spent).unwrap_or_default();
    let _permit = scene.authorize(&Ask::OfOrg(OfOrg::CheckAccess, scene.facts()))?;
    let checks = body?.checks;
    if !(1..=30).contains(&checks.len()) {
        return Err(
            Problem::invalid("/checks", "invalid_length", "must be 1 to 30 questions").into()
        );
    }
    let mut results = Vec::with_capacity(checks.len());
    for (at, check) in checks.iter().enumerate() {
        check.is_whole(at)?;
        let who = check.as_user_id.as_ref().or(whole.as_ref());
        results.push(answer(ctx, &scene, spent, check, who)?);
    }
    Response::ok(&Checked { results })
}

/// What the caller, or `who`, may.
fn answer(
    ctx: &RequestContext<'_>,
    scene: &OrgContext<'_>,
    spent: Credits,
    check: &Check,
    who: Option<&UserId>,
) -> Result<Checkup> {
    let me = &ctx.person()?.user_id;
    if !scene.is_service() && who.is_some_and(|who| who != me) {
        return Err(Problem::new(
            403,
            "missing_permission",
            "only a program may ask about somebody else",
        )
        .into());
    }
    let asked = check.ask(scene, spent, who.unwrap_or(me)).and_then(|ask| {
        match who.filter(|_| scene.is_service()) {
            Some(who) => scene.authorize_member(who, &ask),
            None => scene.authorize(&ask),
        }
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
        Err(ActionError::Problem(problem)) if matches!(problem.status, 403 | 404) => problem,
        Err(error) => return Err(error),
    };
    Ok(Checkup {
        decision: Decision::Deny,
        code: Some(denied.code),
        detail: Some(denied.detail),
        policies: denied.policies.unwrap_or_default(),
        required_role: denied.required_role,
    })
}

impl Check {
    /// The fields of the action, the required ones first.
    fn fields(&self) -> Option<(&'static [&'static str], &'static [&'static str])> {
        Some(match self.action.as_str() {
            "change_role" => (&["user_id", "role"], &[]),
            "remove_member" => (&["user_id"], &[]),
            "get_member" => (&[], &["user_id"]),
            "invite_member" | "invite_members" | "resend_invitation" | "revoke_invitation" => {
                (&[], &["role"])
            }
            "use_resource" => (&["resource_id"], &["estimated_credits"]),
            "update_resource" => (&["resource_id"], &["cost_class"]),
            "delete_resource" => (&["resource_id"], &[]),
            "get_resource" => (&[], &["resource_id"]),
            "create_resource" => (&[], &["kind", "cost_class"]),
            "update_org" => (&[], &["settings"]),
            "leave_org" | "set_billing" => (&[], &[]),
            other => return OfOrg::named(other).map(|_| (&[][..], &[][..])),
        })
    }

    /// Refuses an action that is none, a field that is missing, and one that is not the action's.
    fn is_whole(&self, at: usize) -> Result<()> {
        let wrong = |field: &str, code, detail: &str| {
            Err(Problem::invalid(format!("/checks/{at}/{field}"), code, detail).into())
        };
        let Some((required, optional)) = self.fields() else {
            return wrong("action", "invalid_value", "must be an action of an organization");
        };
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
                return wrong(field, "missing_field", "is required");
            }
            if is_given && !required.contains(&field) && !optional.contains(&field) {
                return wrong(field, "unknown_field", "is not a field of this action");
            }
        }
        Ok(())
    }

    /// The question in the policies' terms; `spent` is what was used this month, `who` is the
    /// member that it is about.
    fn ask<'a>(
        &self,
        scene: &'a OrgContext<'_>,
        spent: Credits,
        who: &'a UserId,
    ) -> Result<Ask<'a>> {
        let org = scene.facts();
        let role = self.role.unwrap_or(Role::Viewer);
        let member =
            || scene.member(self.user_id.as_ref().and_then(|id| UserId::parse(id).ok()).as_ref());
        let resource = || {
            scene.resource(
                self.resource_id.as_ref().and_then(|id| ResourceId::parse(id).ok()).as_ref(),
            )
        };
        let facts = || {
            resource().map(|resource| ResourceFacts {
                kind: resource.kind,
                cost_class: resource.cost_class,
            })
        };
        Ok(match self.action.as_str() {
            "change_role" => {
                let member = member()?;
                Ask::ChangeRole { org, member: &member.user_id, role: member.role, to: role }
            }
            "remove_member" => {
                let member = member()?;
                Ask::RemoveMember { org, member: &member.user_id, role: member.role }
            }
            "leave_org" => Ask::LeaveOrg { org, member: who, role },
            "invite_member" => Ask::InviteMember { org, role },
            "invite_members" => Ask::InviteMembers { org, role },
            "resend_invitation" => Ask::ResendInvitation { org, role },
            "revoke_invitation" => Ask::RevokeInvitation { org, role },
            "update_org" => Ask::UpdateOrg { org, settings: self.settings.unwrap_or(false) },
            "create_resource" => {
                let kind = self.kind.unwrap_or(ResourceKind::Agent);
                Ask::CreateResource {
                    org,
                    resource: ResourceFacts {
                        kind,
                        cost_class: self.cost_class.unwrap_or(CostClass::Standard),
                    },
                }
            }
            "update_resource" => {
                let resource = facts()?;
                Ask::UpdateResource {
                    org,
                    resource,
                    to: self.cost_class.unwrap_or(resource.cost_class),
                }
            }
            "delete_resource" => Ask::DeleteResource { org, resource: facts()? },
            "use_resource" => {
                let over_budget =
                    scene.budget().is_over(spent, self.estimated_credits.unwrap_or_default());
                Ask::UseResource { org, resource: facts()?, over_budget }
            }
            // Whether a way to pay is in the plan is asked where it is set.
            "set_billing" => Ask::SetBilling { org, in_plan: true },
            name => {
                if self.user_id.is_some() {
                    member()?;
                }
                if self.resource_id.is_some() {
                    resource()?;
                }
                let action = OfOrg::named(name).ok_or_else(|| {
                    ActionError::Internal(format!("{name} is no action of an organization"))
                })?;
                Ask::OfOrg(action, org)
            }
        })
    }
}
