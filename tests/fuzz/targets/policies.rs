//! An organization's policies: every diagnostic has a position in the text, and every accepted text
//! can be evaluated.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_policies::OrgPolicySet;

fuzz_target!(|text: &str| {
    match OrgPolicySet::check(text) {
        Ok(()) => assert!(!format!("{:?}", OrgPolicySet::stored(text)).contains("is_broken: true")),
        Err(flaws) => {
            assert!(!flaws.is_empty());
            for flaw in flaws {
                let line = text
                    .split('\n')
                    .nth(flaw.line - 1)
                    .expect("a diagnostic is in a line of the text");
                assert!((1..=line.chars().count() + 1).contains(&flaw.column), "{flaw:?}");
            }
        }
    }
});
