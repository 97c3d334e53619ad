//! Why, and what if: the shortest changes that would allow what is denied, and what changes from
//! one set of policies to another.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use orgs_domain::Role;
use orgs_domain::org::Status;

use crate::authorizer::Authorizer;
use crate::org_policies::OrgPolicySet;
use crate::scenario::{PrincipalKind, Scenario, ScenarioRequest};

/// How far the search looks: each of so many things may be otherwise.
const FARTHEST: usize = 4;
/// For how many hours ahead it looks, a policy being able to tell the hours of a week apart.
const HOURS: i64 = 7 * 24;

/// One thing that could be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counterfactual {
    /// Somebody else asks.
    PrincipalKind(PrincipalKind),
    /// The address of who asks is verified.
    Verified,
    /// The invitation is for the address of who asks.
    Invited,
    /// The organization is in another state.
    Status(Status),
    /// Others may create resources of the class `high`.
    HighCostCreators(Role),
    /// It is later.
    At(DateTime<Utc>),
    /// The organization has no policies of its own.
    WithoutOwn,
}

impl fmt::Display for Counterfactual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrincipalKind(PrincipalKind::Member(role)) => write!(f, "with the role {role}"),
            Self::PrincipalKind(PrincipalKind::Outsider) => f.write_str("signed in"),
            Self::PrincipalKind(PrincipalKind::Service) => {
                f.write_str("as a program with the scope for it")
            }
            Self::PrincipalKind(PrincipalKind::Nobody) => f.write_str("signed out"),
            Self::Verified => f.write_str("with a verified address"),
            Self::Invited => f.write_str("with the address that is invited"),
            Self::Status(status) => write!(f, "in an organization that is {}", status.as_str()),
            Self::HighCostCreators(role) => write!(f, "where high_cost_creators is {role}"),
            Self::At(at) => write!(f, "at {}", at.format("%a %H:00 UTC")),
            Self::WithoutOwn => f.write_str("without the organization's own policies"),
        }
    }
}

impl Counterfactual {
    fn apply(self, scenario: Scenario<'_>) -> Scenario<'_> {
        match self {
            Self::PrincipalKind(who) => Scenario { who, ..scenario },
            Self::Verified => Scenario { is_verified: true, ..scenario },
            Self::Invited => Scenario { is_invited: true, ..scenario },
            Self::Status(status) => Scenario { status, ..scenario },
            Self::HighCostCreators(high_cost_creators) => {
                Scenario { high_cost_creators, ..scenario }
            }
            Self::At(at) => Scenario { at, ..scenario },
            Self::WithoutOwn => Scenario { own: None, ..scenario },
        }
    }
}

/// Of each thing that could be otherwise, how; the least first.
fn alternatives(now: &Scenario<'_>) -> Vec<Vec<Counterfactual>> {
    let who = PrincipalKind::ALL
        .into_iter()
        .filter(|who| *who != now.who)
        .map(Counterfactual::PrincipalKind)
        .collect();
    let status = Status::ALL
        .into_iter()
        .filter(|status| *status != now.status)
        .map(Counterfactual::Status)
        .collect();
    let creators = Role::ALL
        .into_iter()
        .rev()
        .filter(|role| *role != now.high_cost_creators)
        .map(Counterfactual::HighCostCreators)
        .collect();
    let mut all = vec![who, status, creators];
    if !now.is_verified {
        all.push(vec![Counterfactual::Verified]);
    }
    if !now.is_invited {
        all.push(vec![Counterfactual::Invited]);
    }
    if now.own.is_some() {
        all.push(
            (1..HOURS).map(|hours| Counterfactual::At(now.at + TimeDelta::hours(hours))).collect(),
        );
        all.push(vec![Counterfactual::WithoutOwn]);
    }
    all
}

/// What would allow a request that is denied: as few changes as it takes, every way of that
/// length, of each the least change (the lowest role, the next hour). Nothing where no change
/// would, or where it is allowed as it is.
#[must_use]
pub fn minimal_changes(
    authorizer: &Authorizer,
    request: &ScenarioRequest,
    now: &Scenario<'_>,
) -> Vec<Vec<Counterfactual>> {
    let allows = |changes: &[Counterfactual]| {
        let then = changes.iter().fold(*now, |scenario, change| change.apply(scenario));
        request.evaluate(authorizer, &then).is_ok()
    };
    if allows(&[]) {
        return Vec::new();
    }
    let things = alternatives(now);
    (1..=FARTHEST)
        .map(|length| {
            choices(&things, length)
                .into_iter()
                .filter_map(|choice| first(&choice, &mut Vec::new(), &allows))
                .collect()
        })
        .find(|minimal_changes: &Vec<Vec<Counterfactual>>| !minimal_changes.is_empty())
        .unwrap_or_default()
}

/// Every choice of `length` things, in their order.
fn choices<T>(things: &[T], length: usize) -> Vec<Vec<&T>> {
    if length == 0 {
        return vec![Vec::new()];
    }
    let with = |(at, thing): (usize, _)| {
        choices(&things[at + 1..], length - 1)
            .into_iter()
            .map(move |rest| std::iter::once(thing).chain(rest).collect())
    };
    things.iter().enumerate().flat_map(with).collect()
}

/// The first changes, one of each thing, that it is allowed with.
fn first(
    things: &[&Vec<Counterfactual>],
    chosen: &mut Vec<Counterfactual>,
    allows: &impl Fn(&[Counterfactual]) -> bool,
) -> Option<Vec<Counterfactual>> {
    let Some((thing, rest)) = things.split_first() else {
        return allows(chosen).then(|| chosen.clone());
    };
    thing.iter().find_map(|change| {
        chosen.push(*change);
        let found = first(rest, chosen, allows);
        chosen.pop();
        found
    })
}

/// Policies to compare: the product's, and an organization's own beside them.
#[derive(Debug, Clone, Copy)]
pub struct Policies<'a> {
    /// The product's.
    pub authorizer: &'a Authorizer,
    /// An organization's own.
    pub own: Option<&'a OrgPolicySet>,
}

impl Policies<'_> {
    /// `yes`, or the code of the denial.
    fn answer(&self, request: &ScenarioRequest, scenario: &Scenario<'_>) -> String {
        let scenario = Scenario { own: self.own, ..*scenario };
        request
            .evaluate(self.authorizer, &scenario)
            .map_or_else(|denial| denial.code.to_string(), |_| "yes".to_owned())
    }
}

/// A cell of the matrix that two sets of policies answer differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is asked.
    pub request: ScenarioRequest,
    /// In which state, one of [`Scenario::STATES`].
    pub state: &'static str,
    /// By whom.
    pub who: PrincipalKind,
    /// `yes`, or the code of the denial, by the first policies.
    pub before: String,
    /// By the second.
    pub after: String,
}

impl Difference {
    /// Whether who asks may now, and could not before.
    #[must_use]
    pub fn gains(&self) -> bool {
        self.after == "yes"
    }

    /// Whether who asks could before, and may not now.
    #[must_use]
    pub fn loses(&self) -> bool {
        self.before == "yes"
    }
}

/// Every cell of the matrix, request by state by who asks, that changes.
#[must_use]
pub fn differences(
    before: Policies<'_>,
    after: Policies<'_>,
    at: DateTime<Utc>,
) -> Vec<Difference> {
    let mut all = Vec::new();
    for request in ScenarioRequest::all() {
        for state in Scenario::STATES {
            for who in PrincipalKind::ALL {
                let Some(now) = (Scenario { at, ..Scenario::of(who) }).in_state(state) else {
                    continue;
                };
                let (before, after) = (before.answer(&request, &now), after.answer(&request, &now));
                if before != after {
                    all.push(Difference { request, state, who, before, after });
                }
            }
        }
    }
    all
}
