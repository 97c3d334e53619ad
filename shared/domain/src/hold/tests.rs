use super::*;
use crate::AccountId;
use crate::usage::UsageEvent;

fn credits(text: &str) -> Credits {
    Credits::parse(text).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn budget(enforce: bool) -> Budget {
    Budget { monthly_credits: Some(credits("10")), enforce, ..Budget::default() }
}

fn used(spent: &str, covered: &str, reserved: &str) -> BudgetUse {
    BudgetUse { spent: credits(spent), covered: credits(covered), reserved: credits(reserved) }
}

fn requested(amount: &str, budget: &Budget, used: &BudgetUse) -> Result<NewHold, HoldError> {
    let request = HoldRequest {
        id: HoldId::parse("run-1").unwrap(),
        credits: credits(amount),
        expires_in: 600,
        kind: None,
        resource_id: None,
        user_id: None,
    };
    let client = UserId::parse("meter").unwrap();
    create(request, client, budget, used, at("2026-11-20T12:00:00Z"))
}

fn hold(amount: &str) -> Hold {
    requested(amount, &budget(false), &BudgetUse::default()).unwrap().hold
}

fn event(timestamp: &str, amount: &str, is_final: bool) -> BookedEvent {
    let event = UsageEvent {
        id: "e".to_owned(),
        timestamp: at(timestamp),
        kind: "chat".to_owned(),
        credits: credits(amount),
        resource_id: None,
        user_id: None,
        hold_id: HoldId::parse("run-1").ok(),
        is_final,
    };
    BookedEvent {
        event,
        account_id: AccountId::parse("acct_2bd806c97f0e00af1a1fc3328fa763a9").unwrap(),
        adjusted_in: None,
    }
}

#[test]
fn a_hold_needs_a_budget_with_enough_left_and_says_what_stands_in_the_way() {
    let denied = |amount, used: BudgetUse| requested(amount, &budget(true), &used).err();
    for (amount, use_of_budget, want) in [
        ("10", used("0", "0", "0"), None),
        ("10.000001", used("0", "0", "0"), Some(HoldError::TooLarge)),
        ("5", used("5", "0", "0"), None),
        ("5.000001", used("5", "0", "0"), Some(HoldError::BudgetExceeded)),
        ("0", used("10", "0", "0"), Some(HoldError::BudgetExceeded)),
        // 5 credits are held, 2 of the spent ones are covered by holds.
        ("2", used("3", "2", "7"), None),
        ("2.000001", used("3", "2", "7"), Some(HoldError::BudgetHeld)),
        ("0", used("0", "0", "10"), Some(HoldError::BudgetHeld)),
        // All that the holds covered was voided.
        ("10", used("0", "4", "4"), None),
    ] {
        assert_eq!(denied(amount, use_of_budget), want, "{amount} {use_of_budget:?}");
    }
    assert!(requested("99", &budget(false), &used("50", "0", "0")).is_ok(), "not enforced");
}

#[test]
fn the_condition_of_the_commit_is_the_rule_that_was_evaluated() {
    for spent in 0..=10_u128 {
        for covered in 0..=spent {
            for held in 0..=10 - spent {
                for amount in 0..=10_u128 {
                    let micro = Credits::from_micro;
                    let limit = Budget {
                        monthly_credits: Some(micro(10)),
                        enforce: true,
                        ..Budget::default()
                    };
                    let used = BudgetUse {
                        spent: micro(spent),
                        covered: micro(covered),
                        reserved: micro(covered + held),
                    };
                    let Ok(Some(max)) = reserved_max(&limit, &used, micro(amount)) else {
                        assert!(spent + held + amount > 10 || spent + held == 10);
                        continue;
                    };
                    assert!(used.reserved <= max);
                    // The largest reservation that the condition allows spends the budget.
                    assert_eq!(spent - covered + max.micro() + amount, 10);
                }
            }
        }
    }
}

#[test]
fn events_capture_a_hold_up_to_its_credits_and_a_final_one_settles_it() {
    let noon = "2026-11-20T12:01:00Z";
    let events = [event(noon, "3", false), event(noon, "4", true), event(noon, "9", false)];
    let (change, covered) = capture(&hold("5"), &events);
    assert_eq!(covered, [credits("3"), credits("2"), credits("0")]);
    let after = change.after();
    assert_eq!((after.captured, after.covered), (credits("16"), credits("5")));
    assert_eq!((after.status, after.rest()), (Status::Captured, credits("0")));
    let (change, covered) = capture(change.after(), &[event(noon, "1", true)]);
    assert_eq!((covered, change.after().captured), (vec![credits("0")], credits("17")));
    assert_eq!(change.after().covered, credits("5"));
    let (change, _) = capture(&hold("5"), &[event(noon, "1", true)]);
    assert_eq!((change.before().rest(), change.after().rest()), (credits("5"), credits("0")));
}

#[test]
fn usage_of_another_month_is_not_covered() {
    let (change, covered) = capture(&hold("5"), &[event("2026-12-01T00:00:00Z", "3", false)]);
    assert_eq!(covered, [credits("0")]);
    assert_eq!((change.after().captured, change.after().rest()), (credits("3"), credits("5")));
}

#[test]
fn an_adjustment_of_a_closed_month_is_not_covered() {
    let late = BookedEvent {
        adjusted_in: Month::parse("2026-12").ok(),
        ..event("2026-11-20T12:01:00Z", "3", false)
    };
    let (change, covered) = capture(&hold("5"), &[late]);
    assert_eq!(covered, [credits("0")]);
    assert_eq!((change.after().captured, change.after().rest()), (credits("3"), credits("5")));
}

#[test]
fn an_open_hold_changes_and_ends_once() {
    let (open, used) = (hold("5"), used("0", "0", "5"));
    let now = at("2026-11-20T12:09:59.999Z");
    let change = |more: &str| {
        update(&open, Some(credits(more)), Some(60), &budget(true), &used, now)
            .map(|change| change.unwrap().reserved_max)
    };
    assert_eq!(change("10"), Ok(Some(credits("5"))));
    assert_eq!(change("10.000001"), Err(HoldError::BudgetHeld));
    assert_eq!(change("4"), Ok(None), "less needs no room");
    let ended = end(&open, now).unwrap();
    assert_eq!(ended.after().status, Status::Released);
    assert_eq!(end(ended.after(), now), None);
    let late = at("2026-11-20T12:10:00Z");
    assert_eq!(open.status_at(late), Status::Expired);
    assert_eq!(end(&open, late).unwrap().after().status, Status::Expired);
    let changed = update(&open, None, Some(60), &budget(true), &used, late);
    assert_eq!(changed, Ok(None));
}
