//! Cursors: a list accepts only cursors with its own prefix, and none that is longer than a sort
//! key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_store::PageRequest;

fuzz_target!(|text: &str| {
    let of = |prefixes: &[&str]| PageRequest::new(50, Some(text), prefixes);
    assert_eq!(of(&[]), None);
    let (member, any) = (of(&["MEM#"]), of(&[""]));
    assert!(any.is_none() || text.len() <= 1024 * 4 / 3 + 2);
    if member.is_some() {
        assert_eq!(member, any);
        assert!(text.starts_with("TUVNI"), "{text:?}");
        assert_eq!(of(&["INV#"]), None);
    }
});
