//! Why, and what if: the shortest changes that would allow what is denied, and what changes from
//! one set of policies to another.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use orgs_domain::Role;
use orgs_domain::org::Status;

use crate::authorizer::Authorizer;
use crate::own::OwnPolicies;
use crate::question::{Circumstances, Question, Who};

/// How far the search looks: each of so many things may be otherwise.
const FARTHEST: usize = 4;
/// For how many hours ahead it looks, a policy being able to tell the hours of a week apart.
const HOURS: i64 = 7 * 24;

/// One thing that could be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Somebody else asks.
    Who(Who),
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

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Who(Who::Member(role)) => write!(f, "with the role {role}"),
            Self::Who(Who::Outsider) => f.write_str("signed in"),
            Self::Who(Who::Service) => f.write_str("as a program with the scope for it"),
            Self::Who(Who::Nobody) => f.write_str("signed out"),
            Self::Verified => f.write_str("with a verified address"),
            Self::Invited => f.write_str("with the address that is invited"),
            Self::Status(status) => write!(f, "in an organization that is {}", status.as_str()),
            Self::HighCostCreators(role) => write!(f, "where high_cost_creators is {role}"),
            Self::At(at) => write!(f, "at {}", at.format("%a %H:00 UTC")),
            Self::WithoutOwn => f.write_str("without the organization's own policies"),
        }
    }
}

impl Change {
    fn made(self, circumstances: Circumstances<'_>) -> Circumstances<'_> {
        match self {
            Self::Who(who) => Circumstances { who, ..circumstances },
            Self::Verified => Circumstances { is_verified: true, ..circumstances },
            Self::Invited => Circumstances { is_invited: true, ..circumstances },
            Self::Status(status) => Circumstances { status, ..circumstances },
            Self::HighCostCreators(high_cost_creators) => {
                Circumstances { high_cost_creators, ..circumstances }
            }
            Self::At(at) => Circumstances { at, ..circumstances },
            Self::WithoutOwn => Circumstances { own: None, ..circumstances },
        }
    }
}

/// Of each thing that could be otherwise, how; the least first.
fn alternatives(now: &Circumstances<'_>) -> Vec<Vec<Change>> {
    let who = Who::ALL.into_iter().filter(|who| *who != now.who).map(Change::Who).collect();
    let status = Status::ALL
        .into_iter()
        .filter(|status| *status != now.status)
        .map(Change::Status)
        .collect();
    let creators = Role::ALL
        .into_iter()
        .rev()
        .filter(|role| *role != now.high_cost_creators)
        .map(Change::HighCostCreators)
        .collect();
    let mut all = vec![who, status, creators];
    if !now.is_verified {
        all.push(vec![Change::Verified]);
    }
    if !now.is_invited {
        all.push(vec![Change::Invited]);
    }
    if now.own.is_some() {
        all.push((1..HOURS).map(|hours| Change::At(now.at + TimeDelta::hours(hours))).collect());
        all.push(vec![Change::WithoutOwn]);
    }
    all
}

/// What would allow a question that is denied: as few changes as it takes, every way of that
/// length, of each the least change (the lowest role, the next hour). Nothing where no change
/// would, or where it is allowed as it is.
#[must_use]
pub fn ways(
    authorizer: &Authorizer,
    question: &Question,
    now: &Circumstances<'_>,
) -> Vec<Vec<Change>> {
    let allows = |changes: &[Change]| {
        let then = changes.iter().fold(*now, |circumstances, change| change.made(circumstances));
        question.ask(authorizer, &then).is_ok()
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
        .find(|ways: &Vec<Vec<Change>>| !ways.is_empty())
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
    things: &[&Vec<Change>],
    chosen: &mut Vec<Change>,
    allows: &impl Fn(&[Change]) -> bool,
) -> Option<Vec<Change>> {
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
    pub own: Option<&'a OwnPolicies>,
}

impl Policies<'_> {
    /// `yes`, or the code of the denial.
    fn answer(&self, question: &Question, circumstances: &Circumstances<'_>) -> String {
        let circumstances = Circumstances { own: self.own, ..*circumstances };
        question
            .ask(self.authorizer, &circumstances)
            .map_or_else(|denial| denial.code, |_| "yes".to_owned())
    }
}

/// A cell of the matrix that two sets of policies answer differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is asked.
    pub question: Question,
    /// In which state, one of [`Circumstances::STATES`].
    pub state: &'static str,
    /// By whom.
    pub who: Who,
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

/// Every cell of the matrix, question by state by who asks, that changes.
#[must_use]
pub fn differences(
    before: Policies<'_>,
    after: Policies<'_>,
    at: DateTime<Utc>,
) -> Vec<Difference> {
    let mut all = Vec::new();
    for question in Question::all() {
        for state in Circumstances::STATES {
            for who in Who::ALL {
                let Some(now) = (Circumstances { at, ..Circumstances::of(who) }).in_state(state)
                else {
                    continue;
                };
                let (before, after) =
                    (before.answer(&question, &now), after.answer(&question, &now));
                if before != after {
                    all.push(Difference { question, state, who, before, after });
                }
            }
        }
    }
    all
}
