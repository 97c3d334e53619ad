//! E-mail addresses: every spelling of an address has the same key, and the masked form does not
//! contain the local part.
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
        let again =
            EmailAddress::parse(spelling).expect("another spelling of an address is an address");
        assert_eq!(again.canonical(), normal);
        assert_eq!(again.key(), address.key());
    }
    let (local, host) = normal.rsplit_once('@').expect("an address has an `@`");
    assert!(host.contains('.'), "{host:?}");
    let shown = address.masked();
    let (shown_local, shown_host) = shown.rsplit_once('@').expect("a masked address has an `@`");
    assert!(
        shown_local.len() <= 4 && shown_host == host,
        "{shown:?} shows more of {local:?} than one letter"
    );
});
