//! Questions in words, such as `change_role(viewer->owner)`: what the matrix, the cases and the
//! tools ask.

use std::fmt;

use chrono::{DateTime, Utc};
use orgs_domain::org::Status;
use orgs_domain::resource::{CostClass, ResourceKind};
use orgs_domain::{EmailAddress, EmailKey, InvalidError, OrgId, Person, Role, UserId};

use crate::ask::{Alone, Ask, OfOrg, OrgFacts, Principal, ResourceFacts};
use crate::authorizer::{Authorizer, Denial};
use crate::org_policies::OrgPolicySet;

/// Every scope that a policy looks at.
const SCOPES: [&str; 3] = ["access:check", "orgs:operate", "usage:write"];

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// A caller without an identity.
    Nobody,
    /// A person who is no member.
    Outsider,
    /// A member.
    Member(Role),
    /// A program with every scope.
    Service,
}

impl PrincipalKind {
    /// Everybody.
    pub const ALL: [Self; 6] = [
        Self::Nobody,
        Self::Outsider,
        Self::Member(Role::Viewer),
        Self::Member(Role::Administrator),
        Self::Member(Role::Owner),
        Self::Service,
    ];

    /// Who has this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.as_str() == word)
    }

    /// The word for it.
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

/// The circumstances of a question.
#[derive(Debug, Clone, Copy)]
pub struct Scenario<'a> {
    /// Who asks.
    pub who: PrincipalKind,
    /// The organization's state.
    pub status: Status,
    /// The least role that may create resources of the cost class `high`.
    pub high_cost_creators: Role,
    /// Whether the caller's address is verified.
    pub is_verified: bool,
    /// Whether the invitation is for the caller's address.
    pub is_invited: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The organization's own policies.
    pub own: Option<&'a OrgPolicySet>,
}

impl Scenario<'_> {
    /// The states that the matrix has rows for, and what an address can lack: see
    /// [`Scenario::in_state`].
    pub const STATES: [&'static str; 6] =
        ["active", "owners", "suspended", "deleted", "unverified", "uninvited"];

    /// The same in a state: a status; `owners`, where resources of the class `high` are for owners
    /// alone; `unverified`, where the address of who asks is not verified; `uninvited`, where the
    /// invitation is for another address.
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

    /// Somebody with the invited, verified address, in an active organization without policies of
    /// its own, at the beginning of 1970.
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

/// `update_org`: settings change, which are the owners'.
const SETTINGS: &str = "settings";
/// `set_billing`: to a way to pay that the plan does not allow.
const RESTRICTED: &str = "restricted";
/// `use_resource`: beyond a budget that is enforced.
const OVER_BUDGET: &str = "over_budget";

/// What a question says beside its action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestDetail {
    Nothing,
    /// What is special about it.
    Word(&'static str),
    Role(Role),
    Roles(Role, Role),
    Class(CostClass),
    Classes(CostClass, CostClass),
}

/// An action with the facts that its rules look at, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScenarioRequest {
    action: &'static str,
    about: RequestDetail,
}

impl fmt::Display for ScenarioRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action)?;
        match self.about {
            RequestDetail::Nothing => Ok(()),
            RequestDetail::Word(word) => write!(f, "({word})"),
            RequestDetail::Role(role) => write!(f, "({role})"),
            RequestDetail::Roles(from, to) => write!(f, "({from}->{to})"),
            RequestDetail::Class(class) => write!(f, "({class})"),
            RequestDetail::Classes(from, to) => write!(f, "({from}->{to})"),
        }
    }
}

impl ScenarioRequest {
    /// Every question that the policies can tell from another.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let roles = || Role::ALL.into_iter();
        let classes = || CostClass::ALL.iter().copied();
        let mut all: Vec<Self> = Alone::ALL
            .iter()
            .map(|action| action.as_str())
            .chain(OfOrg::ALL.iter().map(|action| action.as_str()))
            .chain([
                "update_org",
                "leave_org",
                "accept_invitation",
                "decline_invitation",
                "delete_resource",
                "use_resource",
                "set_billing",
            ])
            .map(|action| Self { action, about: RequestDetail::Nothing })
            .collect();
        let special =
            [("update_org", SETTINGS), ("set_billing", RESTRICTED), ("use_resource", OVER_BUDGET)];
        all.extend(special.map(|(action, word)| Self { action, about: RequestDetail::Word(word) }));
        for action in [
            "invite_member",
            "invite_members",
            "resend_invitation",
            "revoke_invitation",
            "remove_member",
        ] {
            all.extend(roles().map(|role| Self { action, about: RequestDetail::Role(role) }));
        }
        let pairs = roles().flat_map(|from| roles().map(move |to| (from, to)));
        all.extend(pairs.map(|(from, to)| Self {
            action: "change_role",
            about: RequestDetail::Roles(from, to),
        }));
        all.extend(
            classes().map(|class| Self {
                action: "create_resource",
                about: RequestDetail::Class(class),
            }),
        );
        let pairs = classes().flat_map(|from| classes().map(move |to| (from, to)));
        all.extend(pairs.map(|(from, to)| Self {
            action: "update_resource",
            about: RequestDetail::Classes(from, to),
        }));
        all
    }

    /// Reads a question, such as `invite_member(viewer)`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::all().into_iter().find(|question| question.to_string() == text)
    }

    /// The action.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// Asks an authorizer: the ids of the policies that allow it, sorted. That is no permit, since
    /// nobody was there.
    ///
    /// # Errors
    /// A [`Denial`].
    pub fn ask(
        &self,
        authorizer: &Authorizer,
        scenario: &Scenario<'_>,
    ) -> Result<Vec<String>, Denial> {
        let stage =
            Fixture::new(scenario.is_verified).map_err(|error| Denial::unevaluable(&error))?;
        let facts = OrgFacts {
            id: OrgId::new(uuid::Uuid::nil()),
            status: scenario.status,
            high_cost_creators: scenario.high_cost_creators,
            own: scenario.own,
            at: scenario.at,
        };
        let email = if scenario.is_invited { &stage.mine } else { &stage.others };
        let ask = self
            .with(&stage, facts, email)
            .ok_or_else(|| Denial::unevaluable(&"no such question"))?;
        authorizer
            .permit(stage.principal(scenario.who), &ask)
            .map(|permit| permit.policies().to_vec())
    }

    fn with<'a>(
        &self,
        stage: &'a Fixture,
        org: OrgFacts<'a>,
        email: &'a EmailKey,
    ) -> Option<Ask<'a>> {
        let (me, other) = (&stage.person.user_id, &stage.other);
        let of = |cost_class| ResourceFacts { kind: ResourceKind::Agent, cost_class };
        Some(match (self.action, self.about) {
            ("update_org", about) => {
                Ask::UpdateOrg { org, settings: about == RequestDetail::Word(SETTINGS) }
            }
            ("leave_org", _) => Ask::LeaveOrg { org, member: me, role: Role::Viewer },
            ("accept_invitation", _) => Ask::AcceptInvitation { org, role: Role::Viewer, email },
            ("decline_invitation", _) => Ask::DeclineInvitation { org, role: Role::Viewer, email },
            ("resend_invitation", RequestDetail::Role(role)) => Ask::ResendInvitation { org, role },
            ("revoke_invitation", RequestDetail::Role(role)) => Ask::RevokeInvitation { org, role },
            ("invite_member", RequestDetail::Role(role)) => Ask::InviteMember { org, role },
            ("invite_members", RequestDetail::Role(role)) => Ask::InviteMembers { org, role },
            ("remove_member", RequestDetail::Role(role)) => {
                Ask::RemoveMember { org, member: other, role }
            }
            ("change_role", RequestDetail::Roles(role, to)) => {
                Ask::ChangeRole { org, member: other, role, to }
            }
            ("create_resource", RequestDetail::Class(class)) => {
                Ask::CreateResource { org, resource: of(class) }
            }
            ("update_resource", RequestDetail::Classes(from, to)) => {
                Ask::UpdateResource { org, resource: of(from), to }
            }
            ("delete_resource", _) => {
                Ask::DeleteResource { org, resource: of(CostClass::Standard) }
            }
            ("use_resource", about) => Ask::UseResource {
                org,
                resource: of(CostClass::Standard),
                over_budget: about == RequestDetail::Word(OVER_BUDGET),
            },
            ("set_billing", about) => {
                Ask::SetBilling { org, in_plan: about != RequestDetail::Word(RESTRICTED) }
            }
            (action, _) => match Alone::named(action) {
                Some(action) => Ask::Alone(action),
                None => Ask::OfOrg(OfOrg::named(action)?, org),
            },
        })
    }
}

/// The people of a question.
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
