//! Alerts about the budget of an organization. Each alert is raised once, as an audit record, which
//! is also an event and a mail to the owners.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::budget::Budget;
use crate::credits::Credits;
use crate::month::Month;
use crate::window::Window;

/// The largest number of audit records with alerts, and so of mails, per organization, month and
/// day. An owner who changes the budget again and again cannot flood the others.
pub const RECORDS_PER_DAY_MAX: usize = 5;
/// The number of earlier weeks with which an hour is compared.
const WEEKS: usize = 4;

/// The reason for an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = BudgetAlertReason)]
pub enum Reason {
    /// An access check denied the use of a resource because of the budget.
    Denied,
    /// The usage of the month reached a percentage of the budget.
    Threshold {
        /// The percentage.
        #[schema(minimum = 1, maximum = 1000, example = 80)]
        percent: u16,
    },
    /// The month would exceed the budget if each of its remaining hours used as much as the current
    /// one.
    BurnRate {
        /// The credits of the current hour so far, as a decimal string.
        #[schema(value_type = String, example = "12.5")]
        hour_credits: Credits,
        /// The credits of the whole month at that rate, as a decimal string.
        #[schema(value_type = String, example = "4312.5")]
        expected_credits: Credits,
    },
    /// The current hour used more than three times the median of the same hour of the last four
    /// weeks, and more than 1 % of the budget.
    Anomaly {
        /// The credits of the current hour so far, as a decimal string.
        #[schema(value_type = String, example = "12.5")]
        hour_credits: Credits,
        /// The median of the same hour of the last four weeks, as a decimal string.
        #[schema(value_type = String, example = "1.25")]
        usual_credits: Credits,
    },
}

/// The alerts about a budget that were raised together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BudgetAlert {
    /// The month of the usage, in UTC.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// The credits of the budget, as a decimal string.
    #[schema(value_type = String, example = "1000")]
    pub monthly_credits: Credits,
    /// True if using a resource is denied when the budget is spent or would be exceeded.
    pub enforce: bool,
    /// The credits that were used in the month so far, as a decimal string.
    #[schema(value_type = String, example = "812.5")]
    pub spent: Credits,
    /// The reasons: at least one, the most important first.
    pub reasons: Vec<Reason>,
}

/// The alerts that an organization had in a month, as keys. Equal keys are the same alert.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertHistory(BTreeSet<String>);

impl AlertHistory {
    /// Returns the history with these keys.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = String>) -> Self {
        Self(keys.into_iter().collect())
    }
}

/// The usage of the current hour, and of the same hour in earlier weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourUsage {
    /// The credits of the current hour so far.
    pub current: Credits,
    /// The credits of the same hour, one to four weeks ago. `None` if the organization is younger.
    pub earlier: Option<[Credits; WEEKS]>,
}

/// The facts from which alerts follow.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The budget.
    pub budget: &'a Budget,
    /// The month of the usage.
    pub month: Month,
    /// The usage of that month so far.
    pub spent: Credits,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The usage of the current hour. `None` if it is unknown, or the month is a past one.
    pub hour: Option<HourUsage>,
    /// True if an access check was denied because of the budget.
    pub is_denied: bool,
}

/// The decision to raise alerts.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug, PartialEq, Eq)]
pub struct NewAlert {
    alert: BudgetAlert,
    keys: Vec<String>,
    mails: bool,
}

impl NewAlert {
    /// Returns the alert.
    #[must_use]
    pub fn alert(&self) -> &BudgetAlert {
        &self.alert
    }

    /// Returns the keys to add to the history. None of them may be in it already.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Returns true if the owners get a mail. A denial after a mail that the budget is spent says
    /// nothing new.
    #[must_use]
    pub fn mails(&self) -> bool {
        self.mails
    }
}

/// Returns the alerts that follow from the facts and are not in the history yet. Returns `None` if
/// there are none, or if the limit of the day is reached: they are then raised on a later day.
#[must_use]
pub fn evaluate(facts: &Facts<'_>, history: &AlertHistory) -> Option<NewAlert> {
    let monthly = facts.budget.monthly_credits?;
    // Owners cannot influence the usage of a past month, and a budget that was set later was not the
    // budget of that month.
    let is_past = facts.month < Month::of(facts.now);
    if is_past && facts.budget.changed_at.is_none_or(|at| at >= facts.month.span().to) {
        return None;
    }
    let (mut reasons, mut keys) = (Vec::new(), Vec::new());
    let mut raise = |reason, key: String| {
        if !history.0.contains(&key) {
            reasons.push(reason);
            keys.push(key);
        }
    };
    if facts.is_denied {
        raise(Reason::Denied, format!("denied#{monthly}"));
    }
    let threshold = |percent: u16| format!("threshold#{monthly}#{percent}");
    for percent in facts.budget.thresholds_reached(facts.spent).into_iter().rev() {
        raise(Reason::Threshold { percent }, threshold(percent));
    }
    if let Some(hour) = facts.hour.filter(|_| !is_past) {
        if let Some(reason) = burn_rate(facts, monthly, hour.current) {
            raise(reason, format!("burn_rate#{monthly}"));
        }
        if let Some(reason) = anomaly(monthly, hour) {
            raise(reason, format!("anomaly#{}", facts.now.format("%Y-%m-%d")));
        }
    }
    if keys.is_empty() {
        return None;
    }
    let day = format!("record#{}#", facts.now.format("%Y-%m-%d"));
    let records = history.0.iter().filter(|key| key.starts_with(&day)).count();
    if records >= RECORDS_PER_DAY_MAX {
        return None;
    }
    // Two processes that raise alerts at the same time have this key in common, so that only one of
    // them succeeds.
    keys.push(format!("{day}{records}"));
    let was_spent = (100..=1000).any(|percent| history.0.contains(&threshold(percent)));
    let mails = reasons != [Reason::Denied] || !was_spent;
    let alert = BudgetAlert {
        month: facts.month,
        monthly_credits: monthly,
        enforce: facts.budget.enforce,
        spent: facts.spent,
        reasons,
    };
    Some(NewAlert { alert, keys, mails })
}

/// Returns the alert that the month would exceed the budget at the rate of the current hour.
fn burn_rate(facts: &Facts<'_>, monthly: Credits, hour: Credits) -> Option<Reason> {
    let hour_end = Window::Hour.next(Window::Hour.floor(facts.now));
    let left = Window::Hour.count(hour_end, facts.month.span().to);
    let more = hour.micro().saturating_mul(u128::try_from(left).unwrap_or_default());
    let expected = Credits::from_micro(facts.spent.micro().saturating_add(more));
    (facts.spent < monthly && expected > monthly)
        .then_some(Reason::BurnRate { hour_credits: hour, expected_credits: expected })
}

/// Returns the alert that the current hour is unusual.
fn anomaly(monthly: Credits, hour: HourUsage) -> Option<Reason> {
    let mut earlier = hour.earlier?.map(Credits::micro);
    earlier.sort_unstable();
    let usual = u128::midpoint(earlier[1], earlier[2]);
    let used = hour.current.micro();
    let is_unusual = used > usual.saturating_mul(3) && used.saturating_mul(100) > monthly.micro();
    is_unusual.then(|| Reason::Anomaly {
        hour_credits: hour.current,
        usual_credits: Credits::from_micro(usual),
    })
}

/// Returns the starts of the same hour, one to four weeks before `now`. Returns `None` if the
/// organization is younger than four weeks.
#[must_use]
pub fn earlier_hours(
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<[DateTime<Utc>; WEEKS]> {
    let hour = Window::Hour.floor(now);
    (now - created_at >= Duration::weeks(4))
        .then(|| [1, 2, 3, 4].map(|weeks| hour - Duration::weeks(weeks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credits(text: &str) -> Credits {
        Credits::parse(text).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn budget() -> Budget {
        Budget {
            monthly_credits: Some(credits("1000")),
            enforce: true,
            changed_at: Some(at("2026-11-02T00:00:00Z")),
            ..Budget::default()
        }
    }

    /// The facts at 11:30 on November 19: 276 hours of the month are left after this hour.
    fn facts<'a>(budget: &'a Budget, spent: &str) -> Facts<'a> {
        Facts {
            budget,
            month: Month::parse("2026-11").unwrap(),
            spent: credits(spent),
            now: at("2026-11-19T11:30:00Z"),
            hour: None,
            is_denied: false,
        }
    }

    fn hour(current: &str, earlier: Option<[&str; 4]>) -> HourUsage {
        HourUsage { current: credits(current), earlier: earlier.map(|e| e.map(credits)) }
    }

    fn reasons(new: Option<&NewAlert>) -> &[Reason] {
        new.map_or(&[], |new| &new.alert.reasons)
    }

    fn after(history: &AlertHistory, new: &NewAlert) -> AlertHistory {
        AlertHistory::new(history.0.iter().cloned().chain(new.keys.iter().cloned()))
    }

    #[test]
    fn thresholds_are_raised_once_per_amount_and_the_highest_comes_first() {
        let budget = budget();
        let none = AlertHistory::default();
        assert_eq!(evaluate(&facts(&budget, "499.999999"), &none), None);
        let new = evaluate(&facts(&budget, "800"), &none).unwrap();
        let (high, low) = (Reason::Threshold { percent: 80 }, Reason::Threshold { percent: 50 });
        assert_eq!(reasons(Some(&new)), [high.clone(), low]);
        assert!(new.mails);
        let history = after(&none, &new);
        assert_eq!(evaluate(&facts(&budget, "900"), &history), None);
        let other = Budget { monthly_credits: Some(credits("1100")), ..budget };
        let again = evaluate(&facts(&other, "900"), &history);
        assert_eq!(reasons(again.as_ref())[0], high);
    }

    #[test]
    fn a_burn_rate_alert_needs_an_hour_that_would_exceed_the_budget_in_the_remaining_hours() {
        // 276 hours are left: with one credit in each, the month reaches 724 + 276 = 1000.
        let budget =
            Budget { thresholds: crate::budget::Thresholds::parse(&[]).unwrap(), ..budget() };
        let with =
            |spent, current| Facts { hour: Some(hour(current, None)), ..facts(&budget, spent) };
        let none = AlertHistory::default();
        assert_eq!(evaluate(&with("724", "1"), &none), None);
        let new = evaluate(&with("724.000001", "1"), &none);
        let want = Reason::BurnRate {
            hour_credits: credits("1"),
            expected_credits: credits("1000.000001"),
        };
        assert_eq!(reasons(new.as_ref()), [want]);
        assert_eq!(evaluate(&with("800", "2"), &after(&none, &new.unwrap())), None);
        // A spent budget is not a forecast.
        assert_eq!(evaluate(&with("1000", "1"), &none), None);
    }

    #[test]
    fn an_anomaly_is_three_times_the_median_and_one_percent_of_the_budget_once_a_day() {
        let budget = Budget { monthly_credits: Some(credits("100000")), ..budget() };
        let with =
            |current, earlier| Facts { hour: Some(hour(current, earlier)), ..facts(&budget, "1") };
        let none = AlertHistory::default();
        let is_raised = |current, earlier| {
            reasons(evaluate(&with(current, earlier), &none).as_ref())
                .iter()
                .any(|reason| matches!(reason, Reason::Anomaly { .. }))
        };
        let usual = Some(["0", "500", "400", "9000"]);
        assert!(!is_raised("1350", usual), "three times the median of 450");
        assert!(is_raised("1350.000001", usual));
        assert!(!is_raised("1000", Some(["0", "0", "0", "0"])), "one percent of the budget");
        assert!(is_raised("1000.000001", Some(["0", "0", "0", "0"])));
        assert!(!is_raised("99999", None), "nothing to compare with");
        let new = evaluate(&with("5000", usual), &none).unwrap();
        let history = after(&none, &new);
        assert_eq!(evaluate(&with("9000", usual), &history), None);
        let next_day = Facts { now: at("2026-11-20T11:30:00Z"), ..with("9000", usual) };
        assert_eq!(reasons(evaluate(&next_day, &history).as_ref()).len(), 1);
    }

    #[test]
    fn a_denial_is_raised_once_and_mailed_unless_a_mail_said_that_the_budget_is_spent() {
        let budget = budget();
        let denied = |spent| Facts { is_denied: true, ..facts(&budget, spent) };
        let none = AlertHistory::default();
        let new = evaluate(&denied("499"), &none).unwrap();
        assert_eq!((reasons(Some(&new)), new.mails), (&[Reason::Denied][..], true));
        assert_eq!(evaluate(&denied("499"), &after(&none, &new)), None);
        let spent = evaluate(&facts(&budget, "1000"), &none).unwrap();
        let new = evaluate(&denied("1000"), &after(&none, &spent)).unwrap();
        assert_eq!((reasons(Some(&new)), new.mails), (&[Reason::Denied][..], false));
    }

    #[test]
    fn a_past_month_raises_the_thresholds_of_the_budget_that_it_had() {
        let original = budget();
        let at_the_end = Facts {
            now: at("2026-12-03T00:00:00Z"),
            hour: Some(hour("500", None)),
            ..facts(&original, "1000")
        };
        let raised = |changed_at: &str| {
            let budget = Budget { changed_at: Some(at(changed_at)), ..budget() };
            evaluate(&Facts { budget: &budget, ..at_the_end }, &AlertHistory::default())
                .map(|new| new.alert.reasons.len())
        };
        assert_eq!(raised("2026-11-30T23:59:59.999Z"), Some(3));
        assert_eq!(raised("2026-12-01T00:00:00Z"), None);
    }

    #[test]
    fn a_day_has_five_records_and_the_next_day_raises_the_rest() {
        let mut history = AlertHistory::default();
        for percent in 1..=5 {
            let budget = Budget {
                thresholds: crate::budget::Thresholds::parse(&[percent]).unwrap(),
                ..budget()
            };
            history = after(&history, &evaluate(&facts(&budget, "500"), &history).unwrap());
        }
        let budget = budget();
        assert_eq!(evaluate(&facts(&budget, "500"), &history), None);
        let next_day = Facts { now: at("2026-11-20T00:00:00Z"), ..facts(&budget, "500") };
        let new = evaluate(&next_day, &history);
        assert_eq!(reasons(new.as_ref()), [Reason::Threshold { percent: 50 }]);
    }
}
