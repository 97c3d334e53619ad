//! An organization's own policies: whatever the text, its flaws have a place in it; what is taken
//! can be read when it is asked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_policies::OrgPolicySet;

fuzz_target!(|text: &str| {
    match OrgPolicySet::check(text) {
        Ok(()) => assert!(!format!("{:?}", OrgPolicySet::stored(text)).contains("is_broken: true")),
        Err(flaws) => {
            assert!(!flaws.is_empty());
            for flaw in flaws {
                let line =
                    text.split('\n').nth(flaw.line - 1).expect("a flaw is in a line of the text");
                assert!((1..=line.chars().count() + 1).contains(&flaw.column), "{flaw:?}");
            }
        }
    }
});
