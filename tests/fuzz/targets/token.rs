//! The tokens of mails: each has one spelling and one purpose, and its `Debug` output hides the
//! secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgs_domain::token::{LinkToken, Purpose};

fuzz_target!(|text: &str| {
    for (purpose, other) in
        [(Purpose::Invitation, Purpose::OptOut), (Purpose::OptOut, Purpose::Invitation)]
    {
        let Some(token) = LinkToken::parse(purpose, text) else { continue };
        assert_eq!(token.reveal(purpose), text);
        assert!(LinkToken::parse(other, text).is_none());
        let secret = text.rsplit('.').next().expect("a token has a secret");
        assert!(!format!("{token:?}").contains(secret));
        let hash = token.secret.hash();
        assert!(hash.is_among(&[token.secret.hash()]));
    }
});
