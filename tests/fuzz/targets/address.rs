//! E-mail addresses: what is one is found again by every spelling of it, and is masked without its
//! local part.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_domain::EmailAddress;

fuzz_target!(|text: &str| {
    let Ok(address) = EmailAddress::parse(text) else { return };
    let normal = address.canonical();
    assert!(normal.is_ascii() && (3..=254).contains(&normal.len()), "{normal:?}");
    assert!(
        !normal
            .bytes()
            .any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_control() || byte == b' '),
        "{normal:?}"
    );
    for spelling in [normal, address.as_entered(), &normal.to_ascii_uppercase()] {
        let again = EmailAddress::parse(spelling).expect("another spelling of an address is one");
        assert_eq!(again.canonical(), normal);
        assert_eq!(again.key(), address.key());
    }
    let (local, host) = normal.rsplit_once('@').expect("an address has two sides");
    assert!(host.contains('.'), "{host:?}");
    let shown = address.masked();
    let (shown_local, shown_host) = shown.rsplit_once('@').expect("so has what is shown of it");
    assert!(
        shown_local.len() <= 4 && shown_host == host,
        "{shown:?} shows more of {local:?} than one letter"
    );
});
