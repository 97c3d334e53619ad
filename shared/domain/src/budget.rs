//! The budget of an organization: the credits for a month, the thresholds at which its owners are
//! mailed, and whether it is enforced.
//!
//! A budget never stops usage from being recorded. If it is enforced, services that run agents
//! learn before each run that using a resource is denied: `check_access` with the action
//! `use_resource`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::credits::Credits;
use crate::id::OrgId;
use crate::invalid::InvalidError;
use crate::window::{Span, Window};

/// The largest number of thresholds in a budget.
const THRESHOLDS_MAX: usize = 10;
/// The highest threshold, in percent.
const PERCENT_MAX: u16 = 1000;

/// The percentages of the budget at which the owners are mailed: at most 10, each from 1 to 1000,
/// in ascending order. The default is 50, 80 and 100.
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

impl PartialSchema for Thresholds {
    fn schema() -> RefOr<Schema> {
        let percent = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(PERCENT_MAX));
        ArrayBuilder::new()
            .description(Some("Percentages of a budget. Responses have them in ascending order."))
            .items(percent)
            .max_items(Some(THRESHOLDS_MAX))
            .examples([json!([50, 80, 100])])
            .into()
    }
}

impl ToSchema for Thresholds {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("BudgetThresholds")
    }
}

impl Thresholds {
    /// Parses thresholds.
    ///
    /// # Errors
    /// Returns `out_of_range` for a percentage below 1 or above 1000, `too_many` for more than 10
    /// thresholds, and `duplicate` for a repeated one.
    pub fn parse(percentages: &[u16]) -> Result<Self, InvalidError> {
        if !percentages.iter().all(|percent| (1..=PERCENT_MAX).contains(percent)) {
            return Err(InvalidError::new(
                "out_of_range",
                format!("must be percentages from 1 to {PERCENT_MAX}"),
            ));
        }
        if percentages.len() > THRESHOLDS_MAX {
            return Err(InvalidError::new(
                "too_many",
                format!("must have at most {THRESHOLDS_MAX} thresholds"),
            ));
        }
        let set: BTreeSet<u16> = percentages.iter().copied().collect();
        if set.len() < percentages.len() {
            return Err(InvalidError::new("duplicate", "must not repeat a threshold"));
        }
        Ok(Self(set))
    }
}

/// A budget as it is stored. The default is no budget, with the default thresholds and not
/// enforced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The credits for a calendar month in UTC; `None` means no budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_credits: Option<Credits>,
    /// The thresholds at which the owners are mailed.
    pub thresholds: Thresholds,
    /// True if using a resource is denied when the budget is spent or would be exceeded.
    pub enforce: bool,
    /// The version: 0 until a budget is set for the first time, increased by 1 with each change.
    pub version: u32,
    /// The time of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
}

/// The state of a month's usage in relation to the budget.
///
/// - `none`: there is no budget.
/// - `ok`: the usage is below the lowest threshold and below the budget.
/// - `warning`: the usage has reached a threshold, but not the budget.
/// - `exceeded`: the usage has reached the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BudgetState)]
pub enum State {
    /// The organization has no budget.
    None,
    /// The usage is below the lowest threshold and below the budget.
    Ok,
    /// The usage has reached a threshold, but not the budget.
    Warning,
    /// The usage has reached the budget.
    Exceeded,
}

/// The use of a month's budget, as the counters and the holds of the month have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BudgetUse {
    /// The credits of all usage events of the month.
    pub spent: Credits,
    /// The part of `spent` that holds covered. Voiding an event does not lower it.
    pub covered: Credits,
    /// The credits of all holds of the month: those that are still reserved, and `covered`.
    pub reserved: Credits,
}

impl BudgetUse {
    /// Returns the credits that open holds reserve.
    #[must_use]
    pub fn held(&self) -> Credits {
        Credits::from_micro(self.reserved.micro().saturating_sub(self.covered.micro()))
    }

    /// Returns the use after the credits that a hold reserves changed.
    #[must_use]
    pub fn changed(self, before: Credits, after: Credits) -> Self {
        let others = self.reserved.micro().saturating_sub(before.micro());
        Self { reserved: Credits::from_micro(others.saturating_add(after.micro())), ..self }
    }

    /// Returns the credits that are spent or reserved.
    #[must_use]
    pub fn taken(&self) -> Credits {
        Credits::from_micro(self.spent.micro().saturating_add(self.held().micro()))
    }
}

/// Returns the calendar month in UTC that contains `at`.
#[must_use]
pub fn month_of(at: DateTime<Utc>) -> Span {
    let from = Window::Month.floor(at);
    Span { from, to: Window::Month.next(from) }
}

impl Budget {
    /// Returns the thresholds that `spent` reaches, in ascending order. Returns none if there is no
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

    /// Returns the credits that remain of the budget after `spent`, at least 0. Returns `None` if
    /// there is no budget.
    #[must_use]
    pub fn remaining(&self, spent: Credits) -> Option<Credits> {
        let monthly = self.monthly_credits?;
        Some(Credits::from_micro(monthly.micro().saturating_sub(spent.micro())))
    }

    /// Returns the state of a month in which `spent` was used.
    #[must_use]
    pub fn state(&self, spent: Credits) -> State {
        match self.monthly_credits {
            None => State::None,
            Some(monthly) if spent >= monthly => State::Exceeded,
            Some(_) if self.thresholds_reached(spent).is_empty() => State::Ok,
            Some(_) => State::Warning,
        }
    }

    /// Returns true if a use with these estimated credits must be denied, because the budget is
    /// enforced, and the credits `taken`, spent or reserved, reach it already or would exceed it.
    #[must_use]
    pub fn is_over(&self, taken: Credits, estimated: Credits) -> bool {
        self.enforce
            && self.monthly_credits.is_some_and(|monthly| {
                let after = taken.micro().saturating_add(estimated.micro());
                taken >= monthly || after > monthly.micro()
            })
    }
}

/// The decision to change a budget.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct BudgetChange {
    org: OrgId,
    before: Budget,
    after: Budget,
}

impl BudgetChange {
    /// Returns the id of the organization.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Returns the budget as it was loaded.
    #[must_use]
    pub fn before(&self) -> &Budget {
        &self.before
    }

    /// Returns the budget after the change.
    #[must_use]
    pub fn after(&self) -> &Budget {
        &self.after
    }
}

/// Sets a budget. Returns `None` if it is the same as before.
#[must_use]
pub fn set(
    org: OrgId,
    before: &Budget,
    monthly_credits: Option<Credits>,
    thresholds: Thresholds,
    enforce: bool,
    now: DateTime<Utc>,
) -> Option<BudgetChange> {
    let Budget { version, changed_at, .. } = *before;
    let after = Budget { monthly_credits, thresholds, enforce, version, changed_at };
    // The version 0 means that nothing is stored yet, so even the default values must be written.
    (after != *before || version == 0).then(|| BudgetChange {
        org,
        before: before.clone(),
        after: Budget { version: version + 1, changed_at: Some(now), ..after },
    })
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
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
    fn a_use_is_denied_if_an_enforced_budget_is_spent_or_would_be_exceeded() {
        let budget = of_a_thousand();
        assert!(!budget.is_over(credits("995"), credits("5")));
        assert!(budget.is_over(credits("995"), credits("5.000001")));
        // Nothing is left, so even a use without an estimate is denied.
        assert!(budget.is_over(credits("1000"), credits("0")));
        assert!(!budget.is_over(credits("999.999999"), credits("0")));
        let nothing = Budget { monthly_credits: Some(credits("0")), ..budget.clone() };
        assert!(nothing.is_over(credits("0"), credits("0")));
        assert!(!Budget { enforce: false, ..budget }.is_over(credits("2000"), credits("5")));
        assert!(
            !Budget { enforce: true, ..Budget::default() }.is_over(credits("2000"), credits("5"))
        );
    }

    #[test]
    fn the_remaining_amount_is_never_negative() {
        assert_eq!(of_a_thousand().remaining(credits("987.5")), Some(credits("12.5")));
        assert_eq!(of_a_thousand().remaining(credits("1200")), Some(credits("0")));
        assert_eq!(Budget::default().remaining(credits("1")), None);
    }

    #[test]
    fn thresholds_are_percentages_without_repetition() {
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
    fn the_same_budget_changes_nothing_unless_none_was_set_before() {
        let org = OrgId::new(Uuid::nil());
        let (now, later) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + Duration::days(1));
        let first = set(org, &Budget::default(), None, Thresholds::default(), false, now)
            .map(|change| change.after().clone())
            .unwrap();
        assert_eq!((first.version, first.changed_at), (1, Some(now)));
        assert!(set(org, &first, None, Thresholds::default(), false, later).is_none());
        let second = set(org, &first, None, Thresholds::default(), true, later).unwrap();
        assert_eq!((second.after().version, second.after().changed_at), (2, Some(later)));
    }
}
