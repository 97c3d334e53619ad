//! Turns a question into entities, lets Cedar decide, and explains the answer.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::LazyLock;

use cedar_policy::{
    Context, Decision, Effect, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Request, RestrictedExpression,
};
use orgs_domain::{EmailKey, OrgId, Role, UserId};

use crate::ask::{Ask, OrgFacts, Principal};
use crate::groups::GROUPS;

/// Proof that an action was allowed: to whom, as which role, in which organization.
///
/// Only [`Authorizer::permit`] makes one. A commit checks again that the role is still the one named here.
#[derive(Debug, Clone)]
#[must_use = "a permit is asked for in order to do something with it"]
pub struct Permit {
    action: &'static str,
    actor: Option<UserId>,
    role: Option<Role>,
    org: Option<OrgId>,
}

impl Permit {
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
    /// The code of the guardrail that decided, or `missing_permission`.
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

/// The policies do not parse, or an action has no group entry; tests see to it that this does not happen.
#[derive(Debug, thiserror::Error)]
#[error("the policies are not usable: {0}")]
pub struct NotReady(String);

/// Guardrail codes in the order in which they are answered, when several apply.
const RANK: [&str; 6] = ["not_found", "email_not_verified", "email_mismatch", "owner_protected", "owner_grant", "org_not_active"];

/// Answers questions by the embedded policies.
#[derive(Debug)]
pub struct Authorizer {
    policies: PolicySet,
    actions: Vec<Entity>,
    guards: HashMap<PolicyId, (String, String)>,
}

static SHARED: LazyLock<Result<Authorizer, NotReady>> = LazyLock::new(Authorizer::load);

impl Authorizer {
    /// The process's authorizer; the policies are parsed at the first call.
    ///
    /// # Errors
    /// [`NotReady`].
    pub fn shared() -> Result<&'static Self, &'static NotReady> {
        SHARED.as_ref()
    }

    fn load() -> Result<Self, NotReady> {
        let bad = |error: &dyn std::fmt::Display| NotReady(error.to_string());
        let parsed = PolicySet::from_str(&crate::POLICIES.concat()).map_err(|error| bad(&error))?;
        let mut policies = PolicySet::new();
        let mut guards = HashMap::new();
        for policy in parsed.policies() {
            let id = policy.annotation("id").ok_or_else(|| NotReady("a policy without @id".to_owned()))?;
            let policy = policy.new_id(PolicyId::new(id));
            if policy.effect() == Effect::Forbid {
                let (Some(code), Some(reason)) = (policy.annotation("code"), policy.annotation("reason")) else {
                    return Err(NotReady(format!("guardrail {id} without @code or @reason")));
                };
                if !RANK.contains(&code) {
                    return Err(NotReady(format!("guardrail {id} has a code without a rank")));
                }
                guards.insert(policy.id().clone(), (code.to_owned(), reason.to_owned()));
            }
            policies.add(policy).map_err(|error| bad(&error))?;
        }
        let mut actions = Vec::new();
        let mut groups = HashSet::new();
        for (action, parents) in GROUPS {
            groups.extend(parents.iter().copied());
            let parents = parents.iter().map(|parent| uid("Action", parent)).collect::<Result<HashSet<_>, _>>()?;
            actions.push(Entity::new_no_attrs(uid("Action", action)?, parents));
        }
        for group in groups {
            actions.push(Entity::new_no_attrs(uid("Action", group)?, HashSet::new()));
        }
        Ok(Self { policies, actions, guards })
    }

    /// Asks whether `principal` may do what `ask` says.
    ///
    /// # Errors
    /// A [`Denial`]; also when a policy could not be evaluated, which the tests rule out and a log line reports.
    pub fn permit(&self, principal: Principal<'_>, ask: &Ask<'_>) -> Result<Permit, Denial> {
        let refused = match self.decide(principal, ask) {
            Ok(None) => return Ok(permit(principal, ask)),
            Ok(Some(reasons)) => reasons,
            Err(error) => return Err(broken(&error)),
        };
        let mut policies: Vec<String> = refused.iter().map(ToString::to_string).collect();
        policies.sort();
        let decided = RANK.iter().find_map(|rank| refused.iter().filter_map(|id| self.guards.get(id)).find(|(code, _)| code == rank));
        let required_role = self.required_role(principal, ask);
        let (code, reason) = match decided {
            Some((code, reason)) => (code.clone(), reason.clone()),
            None => ("missing_permission".to_owned(), missing(principal, required_role)),
        };
        Err(Denial { code, reason, required_role, policies, is_broken: false })
    }

    /// The lowest role above the principal's own that would be allowed the same.
    fn required_role(&self, principal: Principal<'_>, ask: &Ask<'_>) -> Option<Role> {
        let Principal::Person { person, role: Some(role) } = principal else { return None };
        Role::ALL
            .into_iter()
            .filter(|higher| *higher > role)
            .find(|higher| matches!(self.decide(Principal::Person { person, role: Some(*higher) }, ask), Ok(None)))
    }

    /// Nothing when allowed; otherwise the forbids that decided (none when it was not permitted in the first place).
    fn decide(&self, principal: Principal<'_>, ask: &Ask<'_>) -> Result<Option<Vec<PolicyId>>, NotReady> {
        let bad = |error: &dyn std::fmt::Display| NotReady(error.to_string());
        let mut entities = self.actions.clone();
        let org = ask.org();
        if let Some(facts) = org {
            entities.push(organization(facts)?);
        }
        let principal = principal_entity(principal, org.map(|org| org.id), &mut entities)?;
        let (resource, context) = resource_and_context(ask, &principal.1, &mut entities)?;
        let request = Request::new(principal.0, uid("Action", ask.action())?, resource, context, None).map_err(|error| bad(&error))?;
        let entities = Entities::from_entities(entities, None).map_err(|error| bad(&error))?;
        let answer = cedar_policy::Authorizer::new().is_authorized(&request, &self.policies, &entities);
        if let Some(error) = answer.diagnostics().errors().next() {
            return Err(bad(error));
        }
        Ok(match answer.decision() {
            Decision::Allow => None,
            Decision::Deny => Some(answer.diagnostics().reason().cloned().collect()),
        })
    }
}

fn permit(principal: Principal<'_>, ask: &Ask<'_>) -> Permit {
    let (actor, role) = match principal {
        Principal::Nobody => (None, None),
        Principal::Person { person, role } => (Some(person.user_id.clone()), role),
        Principal::Service { id, .. } => (Some(id.clone()), None),
    };
    Permit { action: ask.action(), actor, role, org: ask.org().map(|org| org.id) }
}

fn missing(principal: Principal<'_>, required: Option<Role>) -> String {
    match (principal, required) {
        (Principal::Person { role: Some(role), .. }, Some(required)) => format!("the role `{role}` may not do this, `{required}` may"),
        _ => "the caller may not do this".to_owned(),
    }
}

/// A policy that cannot be evaluated might have forbidden: that is a denial, never a permit.
fn broken(error: &NotReady) -> Denial {
    tracing::error!(%error, "a policy could not be evaluated");
    Denial {
        code: "missing_permission".to_owned(),
        reason: "the caller may not do this".to_owned(),
        required_role: None,
        policies: Vec::new(),
        is_broken: true,
    }
}

/// What the session says, for the actions whose rules look at it.
struct Session {
    email_key: String,
    email_verified: bool,
}

type Attributes = HashMap<String, RestrictedExpression>;

fn principal_entity(principal: Principal<'_>, org: Option<OrgId>, entities: &mut Vec<Entity>) -> Result<(EntityUid, Session), NotReady> {
    let bad = |error: &dyn std::fmt::Display| NotReady(error.to_string());
    let anonymous = Session { email_key: String::new(), email_verified: false };
    match principal {
        Principal::Nobody => Ok((uid("Nobody", "nobody")?, anonymous)),
        Principal::Service { id, scopes } => {
            let uid = uid("Service", id.as_str())?;
            let scopes = RestrictedExpression::new_set(scopes.iter().map(|scope| RestrictedExpression::new_string(scope.clone())));
            entities.push(
                Entity::new(uid.clone(), Attributes::from([("scopes".to_owned(), scopes)]), HashSet::new()).map_err(|error| bad(&error))?,
            );
            Ok((uid, anonymous))
        }
        Principal::Person { person, role } => {
            let uid_ = uid("User", person.user_id.as_str())?;
            let mut attributes = Attributes::new();
            let mut parents = HashSet::new();
            if let (Some(role), Some(org)) = (role, org) {
                attributes.insert("org".to_owned(), reference("Organization", &org.to_string())?);
                for implied in Role::ALL.into_iter().filter(|implied| *implied <= role) {
                    parents.insert(uid("Role", implied.as_str())?);
                }
            }
            entities.push(Entity::new(uid_.clone(), attributes, parents).map_err(|error| bad(&error))?);
            let session = Session {
                email_key: person.email.as_ref().map(|email| email.key().to_string()).unwrap_or_default(),
                email_verified: person.verified_email().is_some(),
            };
            Ok((uid_, session))
        }
    }
}

fn organization(facts: OrgFacts) -> Result<Entity, NotReady> {
    let id = facts.id.to_string();
    let attributes = Attributes::from([
        ("org".to_owned(), reference("Organization", &id)?),
        ("status".to_owned(), reference("OrgStatus", facts.status.as_str())?),
    ]);
    Entity::new(uid("Organization", &id)?, attributes, HashSet::new()).map_err(|error| NotReady(error.to_string()))
}

fn resource_and_context(ask: &Ask<'_>, session: &Session, entities: &mut Vec<Entity>) -> Result<(EntityUid, Context), NotReady> {
    let with_session = || -> Result<Context, NotReady> {
        let session = RestrictedExpression::new_record([
            ("email_key".to_owned(), RestrictedExpression::new_string(session.email_key.clone())),
            ("email_verified".to_owned(), RestrictedExpression::new_bool(session.email_verified)),
        ])
        .map_err(|error| NotReady(error.to_string()))?;
        context([("session", session)])
    };
    match *ask {
        Ask::Health | Ask::PreviewInvitation | Ask::OptOut | Ask::ForgetUser => Ok((uid("System", "orgs")?, Context::empty())),
        Ask::GetMe | Ask::ForgetMe | Ask::ListOrgs | Ask::CreateOrg | Ask::ListMyInvitations => {
            Ok((uid("System", "orgs")?, with_session()?))
        }
        Ask::AcceptInvitation { org, role, email } | Ask::DeclineInvitation { org, role, email } => {
            Ok((invitation(org, role, email, entities)?, with_session()?))
        }
        Ask::ResendInvitation { org, role, email } | Ask::RevokeInvitation { org, role, email } => {
            Ok((invitation(org, role, email, entities)?, Context::empty()))
        }
        Ask::GetOrg { org }
        | Ask::GetMember { org }
        | Ask::ListMembers { org }
        | Ask::ListInvitations { org }
        | Ask::QueryUsage { org }
        | Ask::TransferOwnership { org }
        | Ask::AddMember { org }
        | Ask::AppointOwner { org }
        | Ask::RecordUsage { org } => Ok((uid("Organization", &org.id.to_string())?, Context::empty())),
        Ask::InviteMember { org, role } | Ask::InviteMembers { org, role } => {
            Ok((uid("Organization", &org.id.to_string())?, context([("role", reference("Role", role.as_str())?)])?))
        }
        Ask::LeaveOrg { org, member, role } | Ask::RemoveMember { org, member, role } => {
            Ok((membership(org, member, role, entities)?, Context::empty()))
        }
        Ask::ChangeRole { org, member, role, to } => {
            let context = context([("role", reference("Role", to.as_str())?), ("demotes", RestrictedExpression::new_bool(to < role))])?;
            Ok((membership(org, member, role, entities)?, context))
        }
    }
}

fn invitation(org: OrgFacts, role: Role, email: &EmailKey, entities: &mut Vec<Entity>) -> Result<EntityUid, NotReady> {
    let uid = uid("Invitation", "the invitation")?;
    let attributes = Attributes::from([
        ("org".to_owned(), reference("Organization", &org.id.to_string())?),
        ("role".to_owned(), reference("Role", role.as_str())?),
        ("email_key".to_owned(), RestrictedExpression::new_string(email.to_string())),
    ]);
    entities.push(Entity::new(uid.clone(), attributes, HashSet::new()).map_err(|error| NotReady(error.to_string()))?);
    Ok(uid)
}

fn membership(org: OrgFacts, member: &UserId, role: Role, entities: &mut Vec<Entity>) -> Result<EntityUid, NotReady> {
    let uid = uid("Member", member.as_str())?;
    let attributes = Attributes::from([
        ("org".to_owned(), reference("Organization", &org.id.to_string())?),
        ("user".to_owned(), reference("User", member.as_str())?),
        ("role".to_owned(), reference("Role", role.as_str())?),
    ]);
    entities.push(Entity::new(uid.clone(), attributes, HashSet::new()).map_err(|error| NotReady(error.to_string()))?);
    Ok(uid)
}

fn context<const N: usize>(pairs: [(&str, RestrictedExpression); N]) -> Result<Context, NotReady> {
    Context::from_pairs(pairs.map(|(key, value)| (key.to_owned(), value))).map_err(|error| NotReady(error.to_string()))
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, NotReady> {
    let name = EntityTypeName::from_str(&format!("Orgs::{kind}")).map_err(|error| NotReady(error.to_string()))?;
    Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
}

fn reference(kind: &str, id: &str) -> Result<RestrictedExpression, NotReady> {
    Ok(RestrictedExpression::new_entity_uid(uid(kind, id)?))
}
