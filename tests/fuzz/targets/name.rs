//! Names and descriptions of organizations: an accepted text is accepted again unchanged, and fits
//! on one line of a mail's subject.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_domain::OrgName;
use orgs_domain::name::Description;
use orgs_domain::text::is_deceptive;

fuzz_target!(|text: &str| {
    if let Ok(name) = OrgName::parse(text) {
        let name = name.as_str();
        assert!((1..=64).contains(&name.chars().count()), "{name:?}");
        assert!(
            !name.chars().any(|c| is_deceptive(c) || c == '@' || matches!(c, '\r' | '\n')),
            "{name:?}"
        );
        assert!(!name.contains("://") && name.trim() == name, "{name:?}");
        assert_eq!(OrgName::parse(name).as_ref().map(OrgName::as_str), Ok(name));
    }
    if let Ok(description) = Description::parse(text) {
        let kept = serde_json::to_value(&description).expect("a description is text");
        let kept = kept.as_str().expect("a description is text");
        assert!(kept.chars().count() <= 500);
        assert_eq!(Description::parse(kept), Ok(description));
    }
});
