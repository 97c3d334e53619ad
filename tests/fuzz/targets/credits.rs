//! Credits: a number with at most six decimals, which stays the same when it is parsed again, and
//! is never rounded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_domain::Credits;

fuzz_target!(|text: &str| {
    let Ok(credits) = Credits::parse(text) else { return };
    let shown = credits.to_string();
    assert_eq!(Credits::parse(&shown), Ok(credits));
    assert!(credits.micro() <= 10_u128.pow(18));
    // The output has no redundant zeros and is otherwise equal to the input.
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
    let (shown_whole, shown_decimals) = shown.split_once('.').unwrap_or((&shown, ""));
    assert_eq!(
        (shown_whole.trim_start_matches('0'), shown_decimals),
        (whole, decimals),
        "{text:?} is shown as {shown:?}"
    );
});
