//! Turns a question into entities, lets Cedar decide, and explains the answer.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::{LazyLock, OnceLock};

use cedar_policy::{
    ActionConstraint, Decision, Effect, Entities, Entity, EntityUid, Policy, PolicyId, PolicySet,
    Schema, ValidationMode, Validator,
};
use orgs_domain::{OrgId, Role, UserId};

use crate::action_filter;
use crate::ask::{Ask, Principal};
use crate::entities::{self, uid};
use crate::groups::GROUPS;
use crate::org_policies::{self, OrgPolicyDenial};

/// Proof that an action was allowed: to whom, as which role, in which organization.
///
/// Only [`Authorizer::permit`] makes one. A commit checks again that the role is still the one
/// named here.
#[derive(Debug, Clone)]
#[must_use = "a permit is asked for in order to do something with it"]
pub struct Permit {
    action: &'static str,
    actor: Option<UserId>,
    role: Option<Role>,
    org: Option<OrgId>,
    policies: Vec<String>,
}

impl Permit {
    /// The ids of the policies that allow it, sorted.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        &self.policies
    }

    /// The action that is allowed.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// Who may.
    #[must_use]
    pub fn actor(&self) -> Option<&UserId> {
        self.actor.as_ref()
    }

    /// The role that the actor was judged by.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// Where.
    #[must_use]
    pub fn org(&self) -> Option<OrgId> {
        self.org
    }
}

/// Why an action is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("denied: {code}")]
pub struct Denial {
    /// The code of the guardrail that decided, `org_policy` where a policy of the organization's
    /// own did, or `missing_permission`.
    pub code: String,
    /// Why, for a person.
    pub reason: String,
    /// The lowest higher role that would be allowed, where one would.
    pub required_role: Option<Role>,
    /// The ids of the policies that decided, sorted.
    pub policies: Vec<String>,
    /// Whether a policy could not be evaluated, which says nothing of the caller.
    pub is_broken: bool,
}

impl Denial {
    /// A question that cannot be asked.
    pub(crate) fn unevaluable(error: &dyn std::fmt::Display) -> Self {
        broken(&PolicySetError(error.to_string()))
    }
}

/// The policies do not parse, or an action has no group entry; tests see to it that this does not
/// happen.
#[derive(Debug, thiserror::Error)]
#[error("the policies are not usable: {0}")]
pub struct PolicySetError(pub(crate) String);

/// Guardrail codes in the order in which they are answered, when several apply.
const DENIAL_PRECEDENCE: [&str; 10] = [
    "not_found",
    "email_not_verified",
    "email_mismatch",
    "owner_protected",
    "owner_grant",
    "org_not_active",
    "high_cost_restricted",
    "budget_exceeded",
    "plan_restricted",
    MISSING,
];
/// The code of a denial that no guardrail made, or one that is about a right that the role lacks.
const MISSING: &str = "missing_permission";

/// Answers questions by the embedded policies.
#[derive(Debug)]
pub struct Authorizer {
    policies: PolicySet,
    actions: Entities,
    guards: Guards,
    /// True if it has the policies and groups of one action only.
    is_part: bool,
}

/// Every action with its groups. An organization's own policies may ask about other actions than
/// the one that is decided, such as `Orgs::Action::"get_org" in Orgs::Action::"reads"`.
static ACTIONS: LazyLock<Result<Entities, PolicySetError>> =
    LazyLock::new(|| linked(entities_of(GROUPS)?));

fn linked(entities: Vec<Entity>) -> Result<Entities, PolicySetError> {
    Entities::from_entities(entities, None).map_err(|error| PolicySetError(error.to_string()))
}

static SHARED: LazyLock<Result<Authorizer, PolicySetError>> =
    LazyLock::new(|| Authorizer::with(&crate::POLICIES.concat(), entities_of(GROUPS)?));

/// An authorizer for each action, in the order of [`GROUPS`].
static BY_ACTION: [OnceLock<Result<Authorizer, PolicySetError>>; GROUPS.len()] =
    [const { OnceLock::new() }; GROUPS.len()];

/// The number of actions whose policies are parsed on their own. A process that asks about more,
/// such as `check_access`, asks about many: it parses all policies once.
const SINGLE_ACTION_AUTHORIZERS_MAX: usize = 2;

/// These actions and their groups.
fn entities_of(actions: &[(&str, &[&str])]) -> Result<Vec<Entity>, PolicySetError> {
    let mut entities = Vec::new();
    let mut groups = HashSet::new();
    for (action, parents) in actions {
        groups.extend(parents.iter().copied());
        let parents = parents
            .iter()
            .map(|parent| uid("Action", parent))
            .collect::<Result<HashSet<_>, _>>()?;
        entities.push(Entity::new_no_attrs(uid("Action", action)?, parents));
    }
    for group in groups {
        entities.push(Entity::new_no_attrs(uid("Action", group)?, HashSet::new()));
    }
    Ok(entities)
}

/// The guardrails' codes and reasons, for people.
type Guards = HashMap<PolicyId, (String, String)>;

/// The policies under their `@id`s, and what the guardrails among them answer.
fn parse(text: &str) -> Result<(PolicySet, Guards), PolicySetError> {
    let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
    let parsed = PolicySet::from_str(text).map_err(|error| bad(&error))?;
    let (mut policies, mut guards) = (PolicySet::new(), Guards::new());
    for policy in parsed.policies() {
        // To ask for one annotation is to have its name parsed, by a parser of its own.
        let annotations: HashMap<&str, &str> = policy.annotations().collect();
        let annotation = |name| annotations.get(name).copied();
        let id =
            annotation("id").ok_or_else(|| PolicySetError("a policy without @id".to_owned()))?;
        let policy = policy.new_id(PolicyId::new(id));
        if policy.effect() == Effect::Forbid {
            let (Some(code), Some(reason)) = (annotation("code"), annotation("reason")) else {
                return Err(PolicySetError(format!("guardrail {id} without @code or @reason")));
            };
            if !DENIAL_PRECEDENCE.contains(&code) {
                return Err(PolicySetError(format!("guardrail {id} has a code without a rank")));
            }
            guards.insert(policy.id().clone(), (code.to_owned(), reason.to_owned()));
        }
        policies.add(policy).map_err(|error| bad(&error))?;
    }
    Ok((policies, guards))
}

impl Authorizer {
    /// The authorizer of every action; the policies are parsed at the first call.
    ///
    /// # Errors
    /// [`PolicySetError`].
    pub fn shared() -> Result<&'static Self, &'static PolicySetError> {
        SHARED.as_ref()
    }

    /// Begins what [`Self::for_action`] needs, on other threads: Cedar makes one lexer from regular
    /// expressions for policies, and another for the names of its extension types, and each takes a
    /// millisecond. What is not begun when it is asked for, who asks does.
    pub fn warm_up(action: &'static str) {
        let begin = std::thread::Builder::new;
        drop(begin().spawn(move || Self::for_action(action).is_ok()));
        drop(begin().spawn(|| Entities::from_entities([], None).is_ok()));
    }

    /// Returns the authorizer of one action. It answers as [`Self::shared`] does, from the policies
    /// and entities that can matter to the action: a tenth of them. It is made at the first call.
    ///
    /// # Errors
    /// [`PolicySetError`].
    pub fn for_action(action: &str) -> Result<&'static Self, &'static PolicySetError> {
        let Ok(at) = GROUPS.binary_search_by(|(name, _)| (*name).cmp(action)) else {
            return Self::shared();
        };
        let known = BY_ACTION.iter().filter(|authorizer| authorizer.get().is_some()).count();
        let shared = if known < SINGLE_ACTION_AUTHORIZERS_MAX || BY_ACTION[at].get().is_some() {
            None
        } else {
            Some(Self::shared()?)
        };
        let make = || {
            shared.map_or_else(
                || Self::build_for_action(&GROUPS[at]),
                |shared| shared.part(&GROUPS[at]),
            )
        };
        BY_ACTION[at].get_or_init(make).as_ref()
    }

    /// The authorizer of one action alone: it knows nothing of others.
    ///
    /// # Errors
    /// [`PolicySetError`].
    pub fn build_for_action(action: &(&str, &[&str])) -> Result<Self, PolicySetError> {
        let policies: String = action_filter::policies()
            .filter(|policy| policy.is_about(*action))
            .map(|policy| policy.text)
            .collect();
        Ok(Self {
            is_part: true,
            ..Self::with(&policies, entities_of(std::slice::from_ref(action))?)?
        })
    }

    /// Takes the policies that can apply to one action from this authorizer, without parsing them
    /// again.
    fn part(&self, action: &(&str, &[&str])) -> Result<Self, PolicySetError> {
        let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
        let names = |uid: &EntityUid| {
            uid.id().unescaped() == action.0 || action.1.contains(&uid.id().unescaped())
        };
        let can_apply = |policy: &&Policy| match policy.action_constraint() {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(uid) => names(&uid),
            ActionConstraint::In(uids) => uids.iter().any(names),
        };
        let policies =
            PolicySet::from_policies(self.policies.policies().filter(can_apply).cloned())
                .map_err(|error| bad(&error))?;
        let guards = self.guards.iter().filter(|(id, _)| policies.policy(id).is_some());
        let guards = guards.map(|(id, guard)| (id.clone(), guard.clone())).collect();
        let actions = linked(entities_of(std::slice::from_ref(action))?)?;
        Ok(Self { policies, actions, guards, is_part: true })
    }

    /// The authorizer of another set of policies and their schema, to compare it with this one.
    ///
    /// # Errors
    /// [`PolicySetError`], where the policies are not strictly valid too.
    pub fn from_policies(policies: &str, schema: &str) -> Result<Self, PolicySetError> {
        let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|error| bad(&error))?;
        let actions =
            schema.action_entities().map_err(|error| bad(&error))?.iter().cloned().collect();
        let authorizer = Self::with(policies, actions)?;
        let answer = Validator::new(schema).validate(&authorizer.policies, ValidationMode::Strict);
        answer.validation_errors().next().map_or(Ok(authorizer), |error| Err(bad(error)))
    }

    fn with(policies: &str, actions: Vec<Entity>) -> Result<Self, PolicySetError> {
        let (policies, guards) = parse(policies)?;
        Ok(Self { policies, actions: linked(actions)?, guards, is_part: false })
    }

    /// Asks whether `principal` may do what `ask` says.
    ///
    /// # Errors
    /// A [`Denial`]; also when a policy could not be evaluated, which the tests rule out and a log
    /// line reports.
    pub fn permit(&self, principal: Principal<'_>, ask: &Ask<'_>) -> Result<Permit, Denial> {
        let (code, reason, policies) = match self.decide(principal, ask) {
            Ok(Verdict::Allowed(permits)) => return Ok(permit(principal, ask, &permits)),
            Ok(Verdict::Denied(forbids)) => {
                let policies = forbids.iter().map(ToString::to_string).collect();
                let mut guards = DENIAL_PRECEDENCE.iter().flat_map(|rank| {
                    forbids
                        .iter()
                        .filter_map(|id| self.guards.get(id))
                        .filter(move |(code, _)| code == rank)
                });
                match guards.next() {
                    Some((code, reason)) => (code.clone(), Some(reason.clone()), policies),
                    None => (MISSING.to_owned(), None, policies),
                }
            }
            Ok(Verdict::OrgPolicyDenial(own)) => {
                ("org_policy".to_owned(), Some(own.reason), own.policies)
            }
            Err(error) => return Err(broken(&error)),
        };
        let required_role = self.required_role(principal, ask);
        Err(Denial {
            code,
            reason: reason.unwrap_or_else(|| missing(principal, required_role)),
            required_role,
            policies: sorted(policies),
            is_broken: false,
        })
    }

    /// The lowest role above the principal's own that would be allowed the same.
    fn required_role(&self, principal: Principal<'_>, ask: &Ask<'_>) -> Option<Role> {
        let Principal::Person { person, role: Some(role) } = principal else { return None };
        Role::ALL.into_iter().filter(|higher| *higher > role).find(|higher| {
            matches!(
                self.decide(Principal::Person { person, role: Some(*higher) }, ask),
                Ok(Verdict::Allowed(_))
            )
        })
    }

    fn decide(&self, principal: Principal<'_>, ask: &Ask<'_>) -> Result<Verdict, PolicySetError> {
        let (request, entities) = entities::question(principal, ask, &self.actions)?;
        let answer =
            cedar_policy::Authorizer::new().is_authorized(&request, &self.policies, &entities);
        if let Some(error) = answer.diagnostics().errors().next() {
            return Err(PolicySetError(error.to_string()));
        }
        let decided = answer.diagnostics().reason().cloned().collect();
        if answer.decision() == Decision::Deny {
            return Ok(Verdict::Denied(decided));
        }
        let Some(own) =
            ask.org().and_then(|org| org.own).filter(|_| org_policies::applies(principal, ask))
        else {
            return Ok(Verdict::Allowed(decided));
        };
        let (request, entities) = if self.is_part {
            entities::question(
                principal,
                ask,
                ACTIONS.as_ref().map_err(|error| PolicySetError(error.0.clone()))?,
            )?
        } else {
            (request, entities)
        };
        Ok(own
            .forbids(&request, &entities)
            .map_or(Verdict::Allowed(decided), Verdict::OrgPolicyDenial))
    }
}

/// What the policies say.
enum Verdict {
    /// The permits that decided.
    Allowed(Vec<PolicyId>),
    /// By the product's own policies: the forbids that decided, none where it was not permitted in
    /// the first place.
    Denied(Vec<PolicyId>),
    /// By the organization's own policies.
    OrgPolicyDenial(OrgPolicyDenial),
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

fn permit(principal: Principal<'_>, ask: &Ask<'_>, permits: &[PolicyId]) -> Permit {
    let (actor, role) = match principal {
        Principal::Nobody => (None, None),
        Principal::Person { person, role } => (Some(person.user_id.clone()), role),
        Principal::Service { id, .. } => (Some(id.clone()), None),
    };
    Permit {
        action: ask.action(),
        actor,
        role,
        org: ask.org().map(|org| org.id),
        policies: sorted(permits.iter().map(ToString::to_string).collect()),
    }
}

fn missing(principal: Principal<'_>, required: Option<Role>) -> String {
    match (principal, required) {
        (Principal::Person { role: Some(role), .. }, Some(required)) => {
            format!("the role `{role}` may not do this, `{required}` may")
        }
        _ => "the caller may not do this".to_owned(),
    }
}

/// A policy that cannot be evaluated might have forbidden: that is a denial, never a permit.
fn broken(error: &PolicySetError) -> Denial {
    tracing::error!(%error, "a policy could not be evaluated");
    Denial {
        code: MISSING.to_owned(),
        reason: "the caller may not do this".to_owned(),
        required_role: None,
        policies: Vec::new(),
        is_broken: true,
    }
}
