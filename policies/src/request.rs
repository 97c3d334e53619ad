//! The authorization request: which principal asks for which action, on which target, in which
//! context.
//!
//! `schema.cedarschema` says for each action what its target is and which context it takes. The
//! generated table [`ACTIONS`](crate::ACTIONS) repeats that, so an action without facts of its own
//! needs no code here: [`AuthzRequest::new`] suffices.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use orgs_domain::org::{Org, Status};
use orgs_domain::resource::{CostClass, ResourceKind};
use orgs_domain::{EmailKey, Member, OrgId, Person, Resource, Role, UserId};

use crate::actions::{ACTIONS, ActionName, ActionSchema};
use crate::org_policies::OrgPolicySet;
use crate::schema_types::{ContextField, TargetKind};

impl ActionName {
    /// Returns the action's part of the schema.
    #[must_use]
    pub fn schema(self) -> &'static ActionSchema {
        // The generated table has the order of the variants.
        &ACTIONS[self as usize]
    }

    /// Returns the action's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.schema().name
    }

    /// Returns the action with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let at = ACTIONS.binary_search_by(|schema| schema.name.cmp(name)).ok()?;
        Some(ACTIONS[at].action)
    }
}

/// The caller, as the policies see it.
#[derive(Debug, Clone, Copy)]
pub enum Principal<'a> {
    /// A caller without an identity.
    Nobody,
    /// A signed-in person.
    Person {
        /// The person.
        person: &'a Person,
        /// The person's role in the organization of the request. None for a person who is not a
        /// member, and for actions that are not about an organization.
        role: Option<Role>,
    },
    /// A service client.
    Service {
        /// The token's `sub`.
        id: &'a UserId,
        /// The token's scopes.
        scopes: &'a [String],
    },
}

/// The facts about an organization that policies can read.
#[derive(Debug, Clone, Copy)]
pub struct OrgFacts<'a> {
    /// The organization's id.
    pub id: OrgId,
    /// The organization's status.
    pub status: Status,
    /// The lowest role that may create resources of the cost class `high`.
    pub high_cost_creators: Role,
    /// The organization's own policies. None if it has none, or if they do not apply.
    pub own: Option<&'a OrgPolicySet>,
    /// The time of the request.
    pub at: DateTime<Utc>,
}

impl<'a> OrgFacts<'a> {
    /// Returns the facts about `org` at the time `at`.
    #[must_use]
    pub fn of(org: &Org, own: Option<&'a OrgPolicySet>, at: DateTime<Utc>) -> Self {
        Self {
            id: org.id,
            status: org.status(),
            high_cost_creators: org.settings.high_cost_creators,
            own,
            at,
        }
    }
}

/// The facts about a resource that policies can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceFacts {
    /// The resource's kind.
    pub kind: ResourceKind,
    /// The resource's cost class.
    pub cost_class: CostClass,
}

impl From<&Resource> for ResourceFacts {
    fn from(resource: &Resource) -> Self {
        Self { kind: resource.kind, cost_class: resource.cost_class }
    }
}

/// The thing that a request is about: Cedar's `resource`.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// The whole installation, for actions that are not about one organization.
    System,
    /// The organization of the request.
    Organization,
    /// A membership in it.
    Member {
        /// The member.
        user_id: &'a UserId,
        /// The member's role before the action.
        role: Role,
    },
    /// An invitation to it.
    Invitation {
        /// The role that accepting gives.
        role: Role,
        /// The invited address. None for actions whose rules do not read it.
        email: Option<&'a EmailKey>,
    },
    /// A resource of it.
    Resource(ResourceFacts),
}

impl Target<'_> {
    /// Returns the type of the target.
    #[must_use]
    pub fn kind(&self) -> TargetKind {
        match self {
            Self::System => TargetKind::System,
            Self::Organization => TargetKind::Organization,
            Self::Member { .. } => TargetKind::Member,
            Self::Invitation { .. } => TargetKind::Invitation,
            Self::Resource(_) => TargetKind::Resource,
        }
    }
}

/// The context that a caller of the authorizer gives. `at` and `session` come from the
/// organization's facts and from the principal.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuthzContext {
    /// The role that an invitation gives, or that a member gets.
    pub role: Option<Role>,
    /// True if the new role is lower than the member's.
    pub demotes: Option<bool>,
    /// True if the organization's settings change.
    pub settings: Option<bool>,
    /// The kind of the new resource.
    pub kind: Option<ResourceKind>,
    /// The cost class of the resource after the action.
    pub cost_class: Option<CostClass>,
    /// True if an enforced budget is spent, or using the resource would exceed it.
    pub over_budget: Option<bool>,
    /// True if the plan allows the billing mode.
    pub in_plan: Option<bool>,
    /// True if an access check is about another member.
    pub about_others: Option<bool>,
    /// True if the account is the caller's own.
    pub own_account: Option<bool>,
}

/// An action on a target in a context, without the principal and the organization.
#[derive(Debug, Clone, Copy)]
pub struct AuthzRequest<'a> {
    /// The action.
    pub action: ActionName,
    /// The target.
    pub target: Target<'a>,
    /// The context.
    pub context: AuthzContext,
}

impl<'a> AuthzRequest<'a> {
    /// Returns a request about the organization as a whole, or about no organization.
    #[must_use]
    pub fn new(action: ActionName) -> Self {
        let target = match action.schema().target {
            TargetKind::System => Target::System,
            _ => Target::Organization,
        };
        Self { action, target, context: AuthzContext::default() }
    }

    fn on(action: ActionName, target: Target<'a>) -> Self {
        Self { action, target, context: AuthzContext::default() }
    }

    /// Returns a request about a membership: `remove_member` or `leave_org`.
    #[must_use]
    pub fn member(action: ActionName, user_id: &'a UserId, role: Role) -> Self {
        Self::on(action, Target::Member { user_id, role })
    }

    /// Returns a request to give a member the role `to`: `change_role`.
    #[must_use]
    pub fn change_role(member: &'a Member, to: Role) -> Self {
        Self::change_role_of(&member.user_id, member.role, to)
    }

    pub(crate) fn change_role_of(user_id: &'a UserId, role: Role, to: Role) -> Self {
        let context =
            AuthzContext { role: Some(to), demotes: Some(to < role), ..AuthzContext::default() };
        Self { context, ..Self::member(ActionName::ChangeRole, user_id, role) }
    }

    /// Returns a request about an invitation whose address does not matter: `resend_invitation` or
    /// `revoke_invitation`.
    #[must_use]
    pub fn invitation(action: ActionName, role: Role) -> Self {
        Self::on(action, Target::Invitation { role, email: None })
    }

    /// Returns a request of the invitee: `accept_invitation` or `decline_invitation`.
    #[must_use]
    pub fn invitee(action: ActionName, role: Role, email: &'a EmailKey) -> Self {
        Self::on(action, Target::Invitation { role, email: Some(email) })
    }

    /// Returns a request to invite with a role: `invite_member` or `invite_members`.
    #[must_use]
    pub fn invite(action: ActionName, role: Role) -> Self {
        let context = AuthzContext { role: Some(role), ..AuthzContext::default() };
        Self { context, ..Self::new(action) }
    }

    /// Returns a request to change the organization's fields: `update_org`. `settings` is true if
    /// its settings change.
    #[must_use]
    pub fn update_org(settings: bool) -> Self {
        let context = AuthzContext { settings: Some(settings), ..AuthzContext::default() };
        Self { context, ..Self::new(ActionName::UpdateOrg) }
    }

    /// Returns a request to change the billing mode: `set_billing`. `in_plan` is true if the plan
    /// allows the new mode.
    #[must_use]
    pub fn set_billing(in_plan: bool) -> Self {
        let context = AuthzContext { in_plan: Some(in_plan), ..AuthzContext::default() };
        Self { context, ..Self::new(ActionName::SetBilling) }
    }

    /// Returns a request to check access: `check_access`. `about_others` is true if a check is
    /// about another member than the caller.
    #[must_use]
    pub fn check_access(about_others: bool) -> Self {
        let context = AuthzContext { about_others: Some(about_others), ..AuthzContext::default() };
        Self { context, ..Self::new(ActionName::CheckAccess) }
    }

    /// Returns a request for a statement: `get_statement`. `own_account` is true if the account is
    /// the caller's own.
    #[must_use]
    pub fn get_statement(own_account: bool) -> Self {
        let context = AuthzContext { own_account: Some(own_account), ..AuthzContext::default() };
        Self { context, ..Self::new(ActionName::GetStatement) }
    }

    /// Returns a request to create a resource: `create_resource`.
    #[must_use]
    pub fn create_resource(resource: ResourceFacts) -> Self {
        let context = AuthzContext {
            kind: Some(resource.kind),
            cost_class: Some(resource.cost_class),
            ..AuthzContext::default()
        };
        Self { context, ..Self::new(ActionName::CreateResource) }
    }

    /// Returns a request to change a resource to the cost class `to`: `update_resource`.
    #[must_use]
    pub fn update_resource(resource: ResourceFacts, to: CostClass) -> Self {
        let context = AuthzContext { cost_class: Some(to), ..AuthzContext::default() };
        Self { context, ..Self::on(ActionName::UpdateResource, Target::Resource(resource)) }
    }

    /// Returns a request to delete a resource: `delete_resource`.
    #[must_use]
    pub fn delete_resource(resource: ResourceFacts) -> Self {
        Self::on(ActionName::DeleteResource, Target::Resource(resource))
    }

    /// Returns a request to use a resource: `use_resource`. `over_budget` is true if the use would
    /// exceed an enforced budget.
    #[must_use]
    pub fn use_resource(resource: ResourceFacts, over_budget: bool) -> Self {
        let context = AuthzContext { over_budget: Some(over_budget), ..AuthzContext::default() };
        Self { context, ..Self::on(ActionName::UseResource, Target::Resource(resource)) }
    }

    /// Returns every request for `action` that differs in a fact that policies can read: roles,
    /// kinds, cost classes, settings, and the caller or another person as the target. If all are
    /// denied, `caller` cannot perform the action with any body.
    ///
    /// The request that needs the fewest permissions comes first, so that one evaluation usually
    /// suffices, and its denial is the one to show.
    #[must_use]
    pub fn least_privileged(action: ActionName, caller: &'a UserId) -> Vec<Self> {
        let schema = action.schema();
        let takes = |field| schema.context.contains(&field);
        let is_of = |target| schema.target == target;
        let mut requests = Vec::new();
        for (role, user_id) in targets(schema.target, caller) {
            for to in variants(Role::ALL, takes(ContextField::Role)) {
                for settings in variants([false, true], takes(ContextField::Settings)) {
                    let has_kind = is_of(TargetKind::Resource) || takes(ContextField::Kind);
                    for kind in variants(ALL_KINDS, has_kind) {
                        for before in variants(ALL_CLASSES, is_of(TargetKind::Resource)) {
                            for after in variants(ALL_CLASSES, takes(ContextField::CostClass)) {
                                let facts = ResourceFacts { kind, cost_class: before };
                                requests.push(Self {
                                    action,
                                    target: match schema.target {
                                        TargetKind::System => Target::System,
                                        TargetKind::Organization => Target::Organization,
                                        TargetKind::Member => Target::Member { user_id, role },
                                        TargetKind::Invitation => {
                                            Target::Invitation { role, email: None }
                                        }
                                        TargetKind::Resource => Target::Resource(facts),
                                    },
                                    context: AuthzContext {
                                        role: Some(to),
                                        demotes: Some(to < role),
                                        settings: Some(settings),
                                        kind: Some(kind),
                                        cost_class: Some(after),
                                        over_budget: Some(false),
                                        in_plan: Some(true),
                                        about_others: Some(false),
                                        own_account: Some(true),
                                    },
                                });
                            }
                        }
                    }
                }
            }
        }
        // A demotion is allowed in more states than any other change of a role.
        if takes(ContextField::Demotes) {
            requests.sort_by_key(|request| request.context.demotes != Some(true));
        }
        requests
    }
}

/// The kinds of resources, in an array.
const ALL_KINDS: [ResourceKind; 3] =
    [ResourceKind::Agent, ResourceKind::KnowledgeBase, ResourceKind::Source];
/// The cost classes, the cheapest first.
const ALL_CLASSES: [CostClass; 2] = [CostClass::Standard, CostClass::High];

/// A person who is not the caller: policies can only compare ids for equality.
static ANOTHER: LazyLock<Option<UserId>> = LazyLock::new(|| UserId::parse("another person").ok());

/// Returns the roles and persons of the targets that policies can tell apart.
fn targets(target: TargetKind, caller: &UserId) -> Vec<(Role, &UserId)> {
    let persons = match target {
        TargetKind::Member => vec![Some(caller), ANOTHER.as_ref()],
        _ => vec![Some(caller)],
    };
    let has_role = matches!(target, TargetKind::Member | TargetKind::Invitation);
    variants(Role::ALL, has_role)
        .flat_map(|role| persons.clone().into_iter().flatten().map(move |person| (role, person)))
        .collect()
}

/// Returns all values if the action reads them, or the first alone.
fn variants<T, const N: usize>(values: [T; N], matter: bool) -> impl Iterator<Item = T> {
    values.into_iter().take(if matter { N } else { 1 })
}
