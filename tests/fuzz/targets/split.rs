//! Compares the start positions of policies that the limits use with those of Cedar's parser. A
//! text that the two split differently could bypass the limits.
#![no_main]

use std::str::FromStr;

use cedar_policy::PolicySet;
use libfuzzer_sys::fuzz_target;
use orgs_policies::OrgPolicySet;

fuzz_target!(|text: &str| {
    let Ok(starts) = OrgPolicySet::starts(text) else { return };
    let count = |text: &str| {
        PolicySet::from_str(text).ok().map(|set| set.policies().count() + set.templates().count())
    };
    // The split limits the nesting, so this thread's stack is large enough for Cedar's parser.
    let Some(policies) = count(text) else { return };
    assert_eq!(policies, starts.len(), "{starts:?}");
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    for (start, end) in starts.iter().copied().zip(ends) {
        assert_eq!(count(&text[start..end]), Some(1), "{start}..{end}");
    }
});
