//! Evaluates authorization requests with Cedar and explains the decision.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::{LazyLock, OnceLock};

use cedar_policy::{
    ActionConstraint, Decision, Effect, Entities, Entity, EntityUid, Policy, PolicyId, PolicySet,
    Schema, ValidationMode, Validator,
};
use orgs_domain::{OrgId, Role, UserId};

use crate::action_filter;
use crate::actions::{ACTIONS, ActionName, ActionSchema};
use crate::denial::{Denial, DenialCode};
use crate::entities::{self, uid};
use crate::error::PolicySetError;
use crate::org_policies::{NEVER_RESTRICTED, OrgPolicyDenial};
use crate::request::{AuthzRequest, OrgFacts, Principal};

/// Proof that Cedar allowed an action: for which caller, with which role, in which organization.
///
/// Only [`Authorizer::authorize`] makes one, and every commit of a request's decision takes one.
/// The commit checks that the caller still has the role.
#[derive(Debug, Clone)]
#[must_use = "a permit is requested in order to act on it"]
pub struct Permit {
    action: ActionName,
    actor: Option<UserId>,
    role: Option<Role>,
    org: Option<OrgId>,
    policies: Vec<String>,
}

impl Permit {
    /// Returns the ids of the policies that allow the action, sorted.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        &self.policies
    }

    /// Returns the allowed action's name.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action.as_str()
    }

    /// Returns the caller. None for a caller without an identity.
    #[must_use]
    pub fn actor(&self) -> Option<&UserId> {
        self.actor.as_ref()
    }

    /// Returns the role that the decision is based on. None if the caller is not a member.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// Returns the organization. None for an action that is not about one.
    #[must_use]
    pub fn org(&self) -> Option<OrgId> {
        self.org
    }
}

/// Authorizes requests by a set of policies, which is the product's or one to compare with it.
#[derive(Debug)]
pub struct Authorizer {
    policies: PolicySet,
    actions: Entities,
    guards: Guards,
    /// True if the authorizer has the policies and groups of one action only.
    is_part: bool,
}

/// Every action with its groups. An organization's own policies may name other actions than the one
/// that is decided, such as `Orgs::Action::"get_org" in Orgs::Action::"reads"`.
static ACTION_ENTITIES: LazyLock<Result<Entities, PolicySetError>> =
    LazyLock::new(|| linked(entities_of(ACTIONS)?));

fn linked(entities: Vec<Entity>) -> Result<Entities, PolicySetError> {
    Entities::from_entities(entities, None).map_err(|error| PolicySetError(error.to_string()))
}

static SHARED: LazyLock<Result<Authorizer, PolicySetError>> =
    LazyLock::new(|| Authorizer::with(&crate::POLICIES.concat(), entities_of(ACTIONS)?));

/// An authorizer for each action, in the order of [`ACTIONS`].
static BY_ACTION: [OnceLock<Result<Authorizer, PolicySetError>>; ACTIONS.len()] =
    [const { OnceLock::new() }; ACTIONS.len()];

/// The number of actions whose policies are parsed separately. A process that decides more actions,
/// such as `check_access`, usually decides many, so it parses all policies once.
const SINGLE_ACTION_AUTHORIZERS_MAX: usize = 2;

/// Returns the entities of these actions and of their groups.
fn entities_of(actions: &[ActionSchema]) -> Result<Vec<Entity>, PolicySetError> {
    let mut entities = Vec::new();
    let mut groups = HashSet::new();
    for ActionSchema { name, groups: parents, .. } in actions {
        groups.extend(parents.iter().copied());
        let parents = parents
            .iter()
            .map(|parent| uid("Action", parent))
            .collect::<Result<HashSet<_>, _>>()?;
        entities.push(Entity::new_no_attrs(uid("Action", name)?, parents));
    }
    for group in groups {
        entities.push(Entity::new_no_attrs(uid("Action", group)?, HashSet::new()));
    }
    Ok(entities)
}

/// The code and the reason of each guardrail.
type Guards = HashMap<PolicyId, (DenialCode, String)>;

/// Parses policies, names them by their `@id`, and reads the annotations of the guardrails.
fn parse(text: &str) -> Result<(PolicySet, Guards), PolicySetError> {
    let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
    let parsed = PolicySet::from_str(text).map_err(|error| bad(&error))?;
    let (mut policies, mut guards) = (PolicySet::new(), Guards::new());
    for policy in parsed.policies() {
        // `Policy::annotation` parses the name that it gets, with a parser of its own.
        let annotations: HashMap<&str, &str> = policy.annotations().collect();
        let annotation = |name| annotations.get(name).copied();
        let id =
            annotation("id").ok_or_else(|| PolicySetError("a policy without @id".to_owned()))?;
        let policy = policy.new_id(PolicyId::new(id));
        if policy.effect() == Effect::Forbid {
            let (Some(code), Some(reason)) = (annotation("code"), annotation("reason")) else {
                return Err(PolicySetError(format!("guardrail {id} without @code or @reason")));
            };
            let code = DenialCode::named(code)
                .ok_or_else(|| PolicySetError(format!("guardrail {id} has an unknown @code")))?;
            guards.insert(policy.id().clone(), (code, reason.to_owned()));
        }
        policies.add(policy).map_err(|error| bad(&error))?;
    }
    Ok((policies, guards))
}

impl Authorizer {
    /// Returns the authorizer of every action. The first call parses the policies.
    ///
    /// # Errors
    /// [`PolicySetError`] if the embedded policies are invalid, which the tests rule out.
    pub fn shared() -> Result<&'static Self, &'static PolicySetError> {
        SHARED.as_ref()
    }

    /// Starts the work of [`Self::for_action`] on other threads.
    ///
    /// Cedar builds one lexer for policies and another for the names of its extension types, and
    /// each takes a millisecond. If a background thread has not started by the time its result is
    /// needed, the caller of `for_action` does the work itself.
    pub fn warm_up(action: ActionName) {
        let thread = std::thread::Builder::new;
        drop(thread().spawn(move || Self::for_action(action).is_ok()));
        drop(thread().spawn(|| Entities::from_entities([], None).is_ok()));
    }

    /// Returns the authorizer of one action. The first call for an action builds it.
    ///
    /// It decides as [`Self::shared`] does, and has only the policies and entities that can matter
    /// to the action: about a tenth.
    ///
    /// # Errors
    /// [`PolicySetError`] if the embedded policies are invalid, which the tests rule out.
    pub fn for_action(action: ActionName) -> Result<&'static Self, &'static PolicySetError> {
        let slot = &BY_ACTION[action as usize];
        let ready = BY_ACTION.iter().filter(|authorizer| authorizer.get().is_some()).count();
        let shared = if ready < SINGLE_ACTION_AUTHORIZERS_MAX || slot.get().is_some() {
            None
        } else {
            Some(Self::shared()?)
        };
        let build = || match shared {
            Some(shared) => shared.part(action.schema()),
            None => Self::build_for_action(action),
        };
        slot.get_or_init(build).as_ref()
    }

    /// Builds the authorizer of one action alone.
    ///
    /// # Errors
    /// [`PolicySetError`] if the embedded policies are invalid, which the tests rule out.
    pub fn build_for_action(action: ActionName) -> Result<Self, PolicySetError> {
        let schema = action.schema();
        let policies: String = action_filter::policies()
            .filter(|policy| policy.applies_to(schema))
            .map(|policy| policy.text)
            .collect();
        let entities = entities_of(std::slice::from_ref(schema))?;
        Ok(Self { is_part: true, ..Self::with(&policies, entities)? })
    }

    /// Takes the policies that can apply to one action from this authorizer, without parsing them
    /// again.
    fn part(&self, action: &ActionSchema) -> Result<Self, PolicySetError> {
        let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
        let names = |uid: &EntityUid| {
            let id = uid.id().unescaped();
            id == action.name || action.groups.contains(&id)
        };
        let can_apply = |policy: &&Policy| match policy.action_constraint() {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(uid) => names(&uid),
            ActionConstraint::In(uids) => uids.iter().any(names),
        };
        let policies = self.policies.policies().filter(can_apply).cloned();
        let policies = PolicySet::from_policies(policies).map_err(|error| bad(&error))?;
        let guards = self.guards.iter().filter(|(id, _)| policies.policy(id).is_some());
        let guards = guards.map(|(id, guard)| (id.clone(), guard.clone())).collect();
        let actions = linked(entities_of(std::slice::from_ref(action))?)?;
        Ok(Self { policies, actions, guards, is_part: true })
    }

    /// Returns the authorizer of another policy set, to compare it with this one.
    ///
    /// # Errors
    /// [`PolicySetError`] if the schema is invalid, if the policies do not pass strict validation
    /// against it, or if a policy lacks an annotation.
    pub fn from_policies(policies: &str, schema: &str) -> Result<Self, PolicySetError> {
        let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|error| bad(&error))?;
        let actions =
            schema.action_entities().map_err(|error| bad(&error))?.iter().cloned().collect();
        let authorizer = Self::with(policies, actions)?;
        let result = Validator::new(schema).validate(&authorizer.policies, ValidationMode::Strict);
        result.validation_errors().next().map_or(Ok(authorizer), |error| Err(bad(error)))
    }

    fn with(policies: &str, actions: Vec<Entity>) -> Result<Self, PolicySetError> {
        let (policies, guards) = parse(policies)?;
        Ok(Self { policies, actions: linked(actions)?, guards, is_part: false })
    }

    /// Authorizes `principal` to perform `request` in `org`.
    ///
    /// # Errors
    /// [`Denial`] if the policies deny the request, or if a policy cannot be evaluated. The tests
    /// rule the latter out, and a log line reports it.
    pub fn authorize(
        &self,
        principal: Principal<'_>,
        request: &AuthzRequest<'_>,
        org: Option<OrgFacts<'_>>,
    ) -> Result<Permit, Denial> {
        let (guard, policies) = match self.decide(principal, request, org) {
            Ok(Verdict::Allowed(permits)) => {
                return Ok(permit(principal, request.action, org, &permits));
            }
            Ok(Verdict::Denied(forbids)) => {
                let guards = forbids.iter().filter_map(|id| self.guards.get(id));
                let first = guards.min_by_key(|(code, _)| *code).cloned();
                (first, forbids.iter().map(ToString::to_string).collect())
            }
            Ok(Verdict::OrgPolicyDenial(own)) => {
                (Some((DenialCode::OrgPolicy, own.reason)), own.policies)
            }
            Err(error) => return Err(Denial::unevaluable(&error)),
        };
        let required_role = self.required_role(principal, request, org);
        let (code, reason) = guard.unwrap_or_else(|| {
            (DenialCode::MissingPermission, missing_permission(principal, required_role))
        });
        Err(Denial { code, reason, required_role, policies: sorted(policies), is_broken: false })
    }

    /// Returns the lowest role above the principal's own that would be allowed the same request.
    fn required_role(
        &self,
        principal: Principal<'_>,
        request: &AuthzRequest<'_>,
        org: Option<OrgFacts<'_>>,
    ) -> Option<Role> {
        let Principal::Person { person, role: Some(role) } = principal else { return None };
        Role::ALL.into_iter().filter(|higher| *higher > role).find(|higher| {
            let principal = Principal::Person { person, role: Some(*higher) };
            matches!(self.decide(principal, request, org), Ok(Verdict::Allowed(_)))
        })
    }

    fn decide(
        &self,
        principal: Principal<'_>,
        request: &AuthzRequest<'_>,
        org: Option<OrgFacts<'_>>,
    ) -> Result<Verdict, PolicySetError> {
        let (cedar, entities) = entities::cedar_request(principal, request, org, &self.actions)?;
        let response =
            cedar_policy::Authorizer::new().is_authorized(&cedar, &self.policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(PolicySetError(error.to_string()));
        }
        let decided = response.diagnostics().reason().cloned().collect();
        if response.decision() == Decision::Deny {
            return Ok(Verdict::Denied(decided));
        }
        let own = org.and_then(|org| org.own).filter(|_| can_be_restricted(principal, request));
        let Some(own) = own else { return Ok(Verdict::Allowed(decided)) };
        let (cedar, entities) = if self.is_part {
            let actions =
                ACTION_ENTITIES.as_ref().map_err(|error| PolicySetError(error.0.clone()))?;
            entities::cedar_request(principal, request, org, actions)?
        } else {
            (cedar, entities)
        };
        Ok(own
            .forbids(&cedar, &entities)
            .map_or(Verdict::Allowed(decided), Verdict::OrgPolicyDenial))
    }
}

/// Returns true if an organization's own policies apply to the request.
fn can_be_restricted(principal: Principal<'_>, request: &AuthzRequest<'_>) -> bool {
    matches!(principal, Principal::Person { role: Some(_), .. })
        && !NEVER_RESTRICTED.contains(&request.action)
}

/// A decision, with the ids of the policies that made it.
enum Verdict {
    /// These policies permit the request, and none forbids it.
    Allowed(Vec<PolicyId>),
    /// These guardrails forbid the request. Empty if no policy permits it.
    Denied(Vec<PolicyId>),
    /// The organization's own policies forbid the request.
    OrgPolicyDenial(OrgPolicyDenial),
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

fn permit(
    principal: Principal<'_>,
    action: ActionName,
    org: Option<OrgFacts<'_>>,
    permits: &[PolicyId],
) -> Permit {
    let (actor, role) = match principal {
        Principal::Nobody => (None, None),
        Principal::Person { person, role } => (Some(person.user_id.clone()), role),
        Principal::Service { id, .. } => (Some(id.clone()), None),
    };
    Permit {
        action,
        actor,
        role,
        org: org.map(|org| org.id),
        policies: sorted(permits.iter().map(ToString::to_string).collect()),
    }
}

fn missing_permission(principal: Principal<'_>, required: Option<Role>) -> String {
    match (principal, required) {
        (Principal::Person { role: Some(role), .. }, Some(required)) => {
            format!("the role `{role}` may not do this, `{required}` may")
        }
        _ => "the caller may not do this".to_owned(),
    }
}
