//! Finds the smallest changes that would allow a denied request, and compares the decisions of two
//! sets of policies.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use orgs_domain::Role;
use orgs_domain::org::Status;

use crate::authorizer::Authorizer;
use crate::org_policies::OrgPolicySet;
use crate::scenario::{PrincipalKind, Scenario, ScenarioRequest};

/// The largest number of changes that the search combines.
const CHANGES_MAX: usize = 4;
/// The hours after the request that the search tries. Policies can distinguish the hours of a week.
const SEARCH_HOURS: i64 = 7 * 24;

/// A change to a scenario that can change a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counterfactual {
    /// The principal is of another kind.
    PrincipalKind(PrincipalKind),
    /// The principal's e-mail address is verified.
    Verified,
    /// The invitation is for the principal's e-mail address.
    Invited,
    /// The organization has another status.
    Status(Status),
    /// The organization's setting `high_cost_creators` is another role.
    HighCostCreators(Role),
    /// The request is made at a later time.
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
                f.write_str("as a service client with the required scope")
            }
            Self::PrincipalKind(PrincipalKind::Nobody) => f.write_str("signed out"),
            Self::Verified => f.write_str("with a verified address"),
            Self::Invited => f.write_str("with the invited address"),
            Self::Status(status) => write!(f, "if the organization is {}", status.as_str()),
            Self::HighCostCreators(role) => write!(f, "if high_cost_creators is {role}"),
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

/// Returns the possible changes, in a list for each fact that can change. A list has the smallest
/// change first, such as the principal's lowest role, or the next hour.
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
        let later = |hours| Counterfactual::At(now.at + TimeDelta::hours(hours));
        all.push((1..SEARCH_HOURS).map(later).collect());
        all.push(vec![Counterfactual::WithoutOwn]);
    }
    all
}

/// Returns the smallest combinations of changes that would allow a denied request. All have the
/// same number of changes, at most 4. Of each changed fact, a combination has the smallest change:
/// the lowest role, the next hour.
///
/// The result is empty if the request is allowed in the scenario `now`, or if no combination would
/// allow it.
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
    let alternatives = alternatives(now);
    (1..=CHANGES_MAX)
        .map(|length| {
            choices(&alternatives, length)
                .into_iter()
                .filter_map(|choice| first(&choice, &mut Vec::new(), &allows))
                .collect()
        })
        .find(|found: &Vec<Vec<Counterfactual>>| !found.is_empty())
        .unwrap_or_default()
}

/// Returns every choice of `length` items, in the order of the items.
fn choices<T>(items: &[T], length: usize) -> Vec<Vec<&T>> {
    if length == 0 {
        return vec![Vec::new()];
    }
    let with = |(at, item): (usize, _)| {
        choices(&items[at + 1..], length - 1)
            .into_iter()
            .map(move |rest| std::iter::once(item).chain(rest).collect())
    };
    items.iter().enumerate().flat_map(with).collect()
}

/// Returns the first combination with one change of each list that allows the request.
fn first(
    alternatives: &[&Vec<Counterfactual>],
    chosen: &mut Vec<Counterfactual>,
    allows: &impl Fn(&[Counterfactual]) -> bool,
) -> Option<Vec<Counterfactual>> {
    let Some((changes, rest)) = alternatives.split_first() else {
        return allows(chosen).then(|| chosen.clone());
    };
    changes.iter().find_map(|change| {
        chosen.push(*change);
        let found = first(rest, chosen, allows);
        chosen.pop();
        found
    })
}

/// A set of policies to compare: the product's, and the own policies of an organization.
#[derive(Debug, Clone, Copy)]
pub struct Policies<'a> {
    /// The authorizer of the product's policies.
    pub authorizer: &'a Authorizer,
    /// The organization's own policies. None if it has none.
    pub own: Option<&'a OrgPolicySet>,
}

impl Policies<'_> {
    /// Returns the cell of the matrix: `yes`, or the code of the denial.
    fn answer(&self, request: &ScenarioRequest, scenario: &Scenario<'_>) -> String {
        let scenario = Scenario { own: self.own, ..*scenario };
        request
            .evaluate(self.authorizer, &scenario)
            .map_or_else(|denial| denial.code.to_string(), |_| "yes".to_owned())
    }
}

/// A cell of the matrix that differs between two sets of policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The request.
    pub request: ScenarioRequest,
    /// The state of the organization and the principal, one of [`Scenario::STATES`].
    pub state: &'static str,
    /// The kind of principal.
    pub who: PrincipalKind,
    /// The decision by the first policies: `yes`, or the code of the denial.
    pub before: String,
    /// The decision by the second policies, likewise.
    pub after: String,
}

impl Difference {
    /// Returns true if only the second policies allow the request.
    #[must_use]
    pub fn gains(&self) -> bool {
        self.after == "yes"
    }

    /// Returns true if only the first policies allow the request.
    #[must_use]
    pub fn loses(&self) -> bool {
        self.before == "yes"
    }
}

/// Returns every cell of the matrix that differs: each request, in each state, by each kind of
/// principal, at the time `at`.
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
