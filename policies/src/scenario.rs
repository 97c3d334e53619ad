//! Scenarios in words: the matrix, the test cases and the tools evaluate requests such as
//! `change_role(viewer->owner)` in them.

use std::fmt;

use chrono::{DateTime, Utc};
use orgs_domain::org::Status;
use orgs_domain::resource::{CostClass, ResourceKind};
use orgs_domain::{EmailAddress, EmailKey, InvalidError, OrgId, Person, Role, UserId};

use crate::actions::{ACTIONS, ActionName};
use crate::authorizer::Authorizer;
use crate::denial::Denial;
use crate::error::PolicySetError;
use crate::org_policies::OrgPolicySet;
use crate::request::{AuthzRequest, OrgFacts, Principal, ResourceFacts, Target};

/// Every scope that a policy reads.
const SCOPES: [&str; 5] =
    ["access:check", "billing:read", "orgs:operate", "usage:void", "usage:write"];

/// A kind of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// A caller without an identity.
    Nobody,
    /// A person who is not a member.
    Outsider,
    /// A member.
    Member(Role),
    /// A service client with every scope.
    Service,
}

impl PrincipalKind {
    /// Every kind of principal.
    pub const ALL: [Self; 6] = [
        Self::Nobody,
        Self::Outsider,
        Self::Member(Role::Viewer),
        Self::Member(Role::Administrator),
        Self::Member(Role::Owner),
        Self::Service,
    ];

    /// Returns the kind with this name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.as_str() == word)
    }

    /// Returns the kind's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Outsider => "outsider",
            Self::Member(role) => role.as_str(),
            Self::Service => "service",
        }
    }
}

/// The principal, the organization and the time of a request.
#[derive(Debug, Clone, Copy)]
pub struct Scenario<'a> {
    /// The principal.
    pub who: PrincipalKind,
    /// The organization's status.
    pub status: Status,
    /// The lowest role that may create resources of the cost class `high`.
    pub high_cost_creators: Role,
    /// True if the caller's address is verified.
    pub is_verified: bool,
    /// True if the invitation is for the caller's address.
    pub is_invited: bool,
    /// The time of the request.
    pub at: DateTime<Utc>,
    /// The organization's own policies. None if it has none.
    pub own: Option<&'a OrgPolicySet>,
}

impl Scenario<'_> {
    /// The states that the matrix has rows for: see [`Scenario::in_state`].
    pub const STATES: [&'static str; 6] =
        ["active", "owners", "suspended", "deleted", "unverified", "uninvited"];

    /// Returns the scenario in a state. A state is a status, `owners` (only owners create resources
    /// of the class `high`), `unverified` (the caller's address is not verified) or `uninvited`
    /// (the invitation is for another address).
    #[must_use]
    pub fn in_state(self, state: &str) -> Option<Self> {
        match state {
            "owners" => Some(Self { high_cost_creators: Role::Owner, ..self }),
            "unverified" => Some(Self { is_verified: false, ..self }),
            "uninvited" => Some(Self { is_invited: false, ..self }),
            status => Status::ALL
                .into_iter()
                .find(|known| known.as_str() == status)
                .map(|status| Self { status, ..self }),
        }
    }

    /// Returns the default scenario of a principal: the address is invited and verified, the
    /// organization is active and has no policies of its own, and the time is the start of 1970.
    #[must_use]
    pub fn of(who: PrincipalKind) -> Self {
        Self {
            who,
            status: Status::Active,
            high_cost_creators: Role::Administrator,
            is_verified: true,
            is_invited: true,
            at: DateTime::UNIX_EPOCH,
            own: None,
        }
    }
}

/// `update_org`: the organization's settings change.
const SETTINGS: &str = "settings";
/// `set_billing`: the plan does not allow the billing mode.
const RESTRICTED: &str = "restricted";
/// `check_access`: the checks are about another member.
const OTHERS: &str = "others";
/// `get_statement`: the account is the caller's own.
const OWN: &str = "own";
/// `use_resource`: an enforced budget is spent, or the use would exceed it.
const OVER_BUDGET: &str = "over_budget";

/// The facts of a request that matter to its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestDetail {
    Nothing,
    /// A special case.
    Word(&'static str),
    Role(Role),
    Roles(Role, Role),
    Class(CostClass),
    Classes(CostClass, CostClass),
}

/// A request in words, such as `change_role(viewer->owner)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScenarioRequest {
    action: ActionName,
    detail: RequestDetail,
}

impl fmt::Display for ScenarioRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.as_str())?;
        match self.detail {
            RequestDetail::Nothing => Ok(()),
            RequestDetail::Word(word) => write!(f, "({word})"),
            RequestDetail::Role(role) => write!(f, "({role})"),
            RequestDetail::Roles(from, to) => write!(f, "({from}->{to})"),
            RequestDetail::Class(class) => write!(f, "({class})"),
            RequestDetail::Classes(from, to) => write!(f, "({from}->{to})"),
        }
    }
}

/// Returns the details of an action's requests that the policies can distinguish.
fn details(action: ActionName) -> Vec<RequestDetail> {
    let roles = || Role::ALL.into_iter();
    let classes = || CostClass::ALL.iter().copied();
    match action {
        ActionName::UpdateOrg => vec![RequestDetail::Nothing, RequestDetail::Word(SETTINGS)],
        ActionName::SetBilling => vec![RequestDetail::Nothing, RequestDetail::Word(RESTRICTED)],
        ActionName::UseResource => vec![RequestDetail::Nothing, RequestDetail::Word(OVER_BUDGET)],
        ActionName::CheckAccess => vec![RequestDetail::Nothing, RequestDetail::Word(OTHERS)],
        ActionName::GetStatement => vec![RequestDetail::Nothing, RequestDetail::Word(OWN)],
        ActionName::InviteMember
        | ActionName::InviteMembers
        | ActionName::ResendInvitation
        | ActionName::RevokeInvitation
        | ActionName::RemoveMember => roles().map(RequestDetail::Role).collect(),
        ActionName::ChangeRole => {
            roles().flat_map(|from| roles().map(move |to| RequestDetail::Roles(from, to))).collect()
        }
        ActionName::CreateResource => classes().map(RequestDetail::Class).collect(),
        ActionName::UpdateResource => classes()
            .flat_map(|from| classes().map(move |to| RequestDetail::Classes(from, to)))
            .collect(),
        _ => vec![RequestDetail::Nothing],
    }
}

impl ScenarioRequest {
    /// Returns every request that the policies can distinguish.
    #[must_use]
    pub fn all() -> Vec<Self> {
        ACTIONS
            .iter()
            .flat_map(|schema| {
                let action = schema.action;
                details(action).into_iter().map(move |detail| Self { action, detail })
            })
            .collect()
    }

    /// Parses a request, such as `invite_member(viewer)`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::all().into_iter().find(|request| request.to_string() == text)
    }

    /// Returns the action's name.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action.as_str()
    }

    /// Evaluates the request in a scenario. Returns the ids of the policies that allow it, sorted.
    /// It returns no permit, because the principal is not a real caller.
    ///
    /// # Errors
    /// A [`Denial`] if the policies deny the request.
    pub fn evaluate(
        &self,
        authorizer: &Authorizer,
        scenario: &Scenario<'_>,
    ) -> Result<Vec<String>, Denial> {
        let fixture = Fixture::new(scenario.is_verified)
            .map_err(|error| Denial::unevaluable(&PolicySetError(error.to_string())))?;
        let org = OrgFacts {
            id: OrgId::new(uuid::Uuid::nil()),
            status: scenario.status,
            high_cost_creators: scenario.high_cost_creators,
            own: scenario.own,
            at: scenario.at,
        };
        let email = if scenario.is_invited { &fixture.mine } else { &fixture.others };
        let request = self.request(&fixture, email);
        let org = (!matches!(request.target, Target::System)).then_some(org);
        authorizer
            .authorize(fixture.principal(scenario.who), &request, org)
            .map(|permit| permit.policies().to_vec())
    }

    fn request<'a>(&self, fixture: &'a Fixture, email: &'a EmailKey) -> AuthzRequest<'a> {
        let action = self.action;
        let facts = |cost_class| ResourceFacts { kind: ResourceKind::Agent, cost_class };
        match (action, self.detail) {
            (ActionName::UpdateOrg, detail) => {
                AuthzRequest::update_org(detail == RequestDetail::Word(SETTINGS))
            }
            (ActionName::SetBilling, detail) => {
                AuthzRequest::set_billing(detail != RequestDetail::Word(RESTRICTED))
            }
            (ActionName::UseResource, detail) => AuthzRequest::use_resource(
                facts(CostClass::Standard),
                detail == RequestDetail::Word(OVER_BUDGET),
            ),
            (ActionName::CheckAccess, detail) => {
                AuthzRequest::check_access(detail == RequestDetail::Word(OTHERS))
            }
            (ActionName::GetStatement, detail) => {
                AuthzRequest::get_statement(detail == RequestDetail::Word(OWN))
            }
            (ActionName::LeaveOrg, _) => {
                AuthzRequest::member(action, &fixture.person.user_id, Role::Viewer)
            }
            (ActionName::RemoveMember, RequestDetail::Role(role)) => {
                AuthzRequest::member(action, &fixture.other, role)
            }
            (_, RequestDetail::Roles(from, to)) => {
                AuthzRequest::change_role_of(&fixture.other, from, to)
            }
            (ActionName::AcceptInvitation | ActionName::DeclineInvitation, _) => {
                AuthzRequest::invitee(action, Role::Viewer, email)
            }
            (
                ActionName::ResendInvitation | ActionName::RevokeInvitation,
                RequestDetail::Role(role),
            ) => AuthzRequest::invitation(action, role),
            (_, RequestDetail::Role(role)) => AuthzRequest::invite(action, role),
            (_, RequestDetail::Class(class)) => AuthzRequest::create_resource(facts(class)),
            (_, RequestDetail::Classes(from, to)) => AuthzRequest::update_resource(facts(from), to),
            (ActionName::DeleteResource, _) => {
                AuthzRequest::delete_resource(facts(CostClass::Standard))
            }
            (_, RequestDetail::Nothing | RequestDetail::Word(_)) => AuthzRequest::new(action),
        }
    }
}

/// The people of a scenario.
struct Fixture {
    person: Person,
    other: UserId,
    mine: EmailKey,
    others: EmailKey,
    scopes: Vec<String>,
}

impl Fixture {
    fn new(is_verified: bool) -> Result<Self, InvalidError> {
        let email = EmailAddress::parse("ann@example.com")?;
        Ok(Self {
            mine: email.key(),
            others: EmailAddress::parse("bob@example.com")?.key(),
            person: Person {
                user_id: UserId::parse("ann")?,
                email: Some(email),
                email_verified: is_verified,
                name: None,
            },
            other: UserId::parse("bob")?,
            scopes: SCOPES.map(str::to_owned).to_vec(),
        })
    }

    fn principal(&self, who: PrincipalKind) -> Principal<'_> {
        match who {
            PrincipalKind::Nobody => Principal::Nobody,
            PrincipalKind::Outsider => Principal::Person { person: &self.person, role: None },
            PrincipalKind::Member(role) => {
                Principal::Person { person: &self.person, role: Some(role) }
            }
            PrincipalKind::Service => {
                Principal::Service { id: &self.person.user_id, scopes: &self.scopes }
            }
        }
    }
}
