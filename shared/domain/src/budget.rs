//! An organization's budget: what it means to spend in a month, when its owners want to hear of it,
//! and whether agents stop at its end.
//!
//! A budget never keeps usage from being recorded: what happened is counted. Where it is enforced,
//! the services that run agents are told before the next run (`check_access`, `use_resource`).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::credits::Credits;
use crate::forecast::Forecast;
use crate::id::OrgId;
use crate::invalid::InvalidError;
use crate::window::{Span, Window};

/// The most thresholds in a budget.
const MOST: usize = 10;
/// The highest threshold, in percent.
const HIGHEST: u16 = 1000;

/// At which percentages of the budget its owners are mailed: at most 10, each from 1 to 1000, kept
/// in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Thresholds(BTreeSet<u16>);

impl Default for Thresholds {
    fn default() -> Self {
        Self([50, 80, 100].into())
    }
}

impl<'de> Deserialize<'de> for Thresholds {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Thresholds {
    /// Reads thresholds.
    ///
    /// # Errors
    /// `out_of_range`, `too_many` or `duplicate`.
    pub fn parse(percentages: &[u16]) -> Result<Self, InvalidError> {
        if !percentages.iter().all(|percent| (1..=HIGHEST).contains(percent)) {
            return Err(InvalidError::new(
                "out_of_range",
                format!("a threshold is a percentage from 1 to {HIGHEST}"),
            ));
        }
        if percentages.len() > MOST {
            return Err(InvalidError::new(
                "too_many",
                format!("must hold at most {MOST} thresholds"),
            ));
        }
        let set: BTreeSet<u16> = percentages.iter().copied().collect();
        if set.len() < percentages.len() {
            return Err(InvalidError::new("duplicate", "must hold each threshold once"));
        }
        Ok(Self(set))
    }
}

/// A budget as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Credits in a calendar month in UTC; none is no budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
    /// When the owners are mailed.
    pub thresholds: Thresholds,
    /// Whether using resources is denied beyond it.
    pub enforce: bool,
    /// 0 before the first is set, one more with each change.
    pub version: u32,
}

/// What a budget says, without how a month stands to it: in audit records and events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BudgetTerms)]
pub struct BudgetSettings {
    /// Credits in a month, a decimal string; null is no budget.
    #[schema(value_type = Option<String>, example = "1000")]
    pub monthly_credits: Option<Credits>,
    /// At which percentages the owners are mailed.
    #[schema(value_type = Vec<u16>, example = json!([50, 80, 100]))]
    pub thresholds: Thresholds,
    /// Whether using resources is denied beyond it.
    pub enforce: bool,
    /// One more with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// How a month stands to its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BudgetState)]
pub enum State {
    /// There is no budget.
    None,
    /// Below the lowest threshold.
    Ok,
    /// The lowest threshold is reached.
    Warning,
    /// All of it is spent.
    Exceeded,
}

/// A budget on the wire, with how the current month stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Budget)]
pub struct BudgetView {
    /// Credits in a month, a decimal string; null is no budget.
    #[schema(value_type = Option<String>, example = "1000")]
    pub monthly_credits: Option<Credits>,
    /// At which percentages the owners are mailed, once a month each.
    #[schema(value_type = Vec<u16>, example = json!([50, 80, 100]))]
    pub thresholds: Thresholds,
    /// Whether using resources is denied beyond it.
    pub enforce: bool,
    /// The month, in UTC.
    pub period: Period,
    /// What was used in it so far, a decimal string.
    #[schema(value_type = String, example = "12.5")]
    pub spent: Credits,
    /// What is left, a decimal string, not below 0; null without a budget.
    #[schema(value_type = Option<String>, example = "987.5")]
    pub remaining: Option<Credits>,
    /// How the month stands to the budget.
    pub state: State,
    /// What the month is expected to come to.
    pub forecast: Forecast,
    /// 0 before the first is set, one more with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// The month of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BudgetPeriod)]
pub struct Period {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When the next one starts.
    pub end: DateTime<Utc>,
}

/// The month that a moment lies in, in UTC.
#[must_use]
pub fn month_of(at: DateTime<Utc>) -> Span {
    let from = Window::Month.floor(at);
    Span { from, to: Window::Month.next(from) }
}

impl Budget {
    /// What it says.
    #[must_use]
    pub fn settings(&self) -> BudgetSettings {
        BudgetSettings {
            monthly_credits: self.monthly_credits,
            thresholds: self.thresholds.clone(),
            enforce: self.enforce,
            version: self.version,
        }
    }

    /// The thresholds that are reached where so much is spent, the lowest first; none without a
    /// budget.
    #[must_use]
    pub fn thresholds_reached(&self, spent: Credits) -> Vec<u16> {
        let Some(monthly) = self.monthly_credits else { return Vec::new() };
        let is_reached = |percent: &u16| {
            spent.micro().saturating_mul(100)
                >= monthly.micro().saturating_mul(u128::from(*percent))
        };
        self.thresholds.0.iter().copied().filter(is_reached).collect()
    }

    /// How a month stands in which so much is spent.
    #[must_use]
    pub fn state(&self, spent: Credits) -> State {
        match self.monthly_credits {
            None => State::None,
            Some(monthly) if spent >= monthly => State::Exceeded,
            Some(_) if self.thresholds_reached(spent).is_empty() => State::Ok,
            Some(_) => State::Warning,
        }
    }

    /// Whether a use that is estimated to cost so much is to be denied: the budget is enforced, and
    /// would be passed.
    #[must_use]
    pub fn is_over(&self, spent: Credits, estimated: Credits) -> bool {
        self.enforce
            && self.monthly_credits.is_some_and(|monthly| {
                spent.micro().saturating_add(estimated.micro()) > monthly.micro()
            })
    }

    /// The budget on the wire, where so much was spent in the month of `now`.
    #[must_use]
    pub fn view(&self, spent: Credits, now: DateTime<Utc>) -> BudgetView {
        let Span { from: start, to: end } = month_of(now);
        BudgetView {
            monthly_credits: self.monthly_credits,
            thresholds: self.thresholds.clone(),
            enforce: self.enforce,
            period: Period { start, end },
            spent,
            remaining: self
                .monthly_credits
                .map(|monthly| Credits::from_micro(monthly.micro().saturating_sub(spent.micro()))),
            state: self.state(spent),
            forecast: Forecast::of(spent, now),
            version: self.version,
        }
    }
}

/// The decision that a budget is another one.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct BudgetChange {
    org: OrgId,
    before: Budget,
    after: Budget,
}

impl BudgetChange {
    /// The organization.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// The budget as it was read.
    #[must_use]
    pub fn before(&self) -> &Budget {
        &self.before
    }

    /// The budget as it will be.
    #[must_use]
    pub fn after(&self) -> &Budget {
        &self.after
    }
}

/// Sets a budget; nothing to do where it is already this one.
#[must_use]
pub fn set(
    org: OrgId,
    before: &Budget,
    monthly_credits: Option<Credits>,
    thresholds: Thresholds,
    enforce: bool,
) -> Option<BudgetChange> {
    let after = Budget { monthly_credits, thresholds, enforce, version: before.version };
    // What was never set is not there yet, whatever it says.
    (after != *before || before.version == 0).then(|| BudgetChange {
        org,
        before: before.clone(),
        after: Budget { version: before.version + 1, ..after },
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn credits(text: &str) -> Credits {
        Credits::parse(text).unwrap()
    }

    fn of_a_thousand() -> Budget {
        Budget { monthly_credits: Some(credits("1000")), enforce: true, ..Budget::default() }
    }

    #[test]
    fn a_threshold_is_reached_to_the_millionth() {
        let budget = of_a_thousand();
        for (spent, reached, state) in [
            ("0", &[][..], State::Ok),
            ("499.999999", &[], State::Ok),
            ("500", &[50], State::Warning),
            ("999.999999", &[50, 80], State::Warning),
            ("1000", &[50, 80, 100], State::Exceeded),
            ("1000000000000", &[50, 80, 100], State::Exceeded),
        ] {
            assert_eq!(
                (budget.thresholds_reached(credits(spent)), budget.state(credits(spent))),
                (reached.to_vec(), state),
                "{spent}"
            );
        }
        assert_eq!(Budget::default().state(credits("1")), State::None);
        assert!(Budget::default().thresholds_reached(credits("1")).is_empty());
        let nothing = Budget { monthly_credits: Some(credits("0")), ..Budget::default() };
        assert_eq!(nothing.state(credits("0")), State::Exceeded);
    }

    #[test]
    fn a_use_is_over_where_it_would_pass_an_enforced_budget() {
        let budget = of_a_thousand();
        assert!(!budget.is_over(credits("995"), credits("5")));
        assert!(budget.is_over(credits("995"), credits("5.000001")));
        assert!(budget.is_over(credits("1000.000001"), credits("0")));
        assert!(!Budget { enforce: false, ..budget }.is_over(credits("2000"), credits("5")));
        assert!(
            !Budget { enforce: true, ..Budget::default() }.is_over(credits("2000"), credits("5"))
        );
    }

    #[test]
    fn what_is_left_is_never_below_nothing() {
        let now = "2026-11-15T23:30:00Z".parse().unwrap();
        let view = of_a_thousand().view(credits("1200"), now);
        assert_eq!((view.remaining, view.state), (Some(credits("0")), State::Exceeded));
        assert_eq!(view.forecast.credits, credits("2400"));
        assert_eq!(Budget::default().view(credits("1"), now).remaining, None);
    }

    #[test]
    fn thresholds_are_percentages_and_each_is_there_once() {
        let code =
            |percentages: &[u16]| Thresholds::parse(percentages).err().map(|invalid| invalid.code);
        assert_eq!(code(&[]), None);
        assert_eq!(code(&[100, 1, 1000]), None);
        assert_eq!(code(&[0]), Some("out_of_range"));
        assert_eq!(code(&[1001]), Some("out_of_range"));
        assert_eq!(code(&[50, 50]), Some("duplicate"));
        assert_eq!(code(&(1..=11).collect::<Vec<_>>()), Some("too_many"));
    }

    #[test]
    fn the_same_budget_changes_nothing_but_the_first_is_set() {
        let org = OrgId::new(Uuid::nil());
        let first = set(org, &Budget::default(), None, Thresholds::default(), false)
            .map(|change| change.after().clone())
            .unwrap();
        assert_eq!(first.version, 1);
        assert!(set(org, &first, None, Thresholds::default(), false).is_none());
        assert_eq!(
            set(org, &first, None, Thresholds::default(), true)
                .map(|change| change.after().version),
            Some(2)
        );
    }
}
