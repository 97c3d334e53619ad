//! E-mail addresses that SES can deliver mail to.

use std::fmt;

use crate::invalid::{InvalidError, text_value};
use crate::text;

/// An e-mail address.
///
/// Two addresses are equal if their canonical forms are equal: lower case, with the host name in
/// ASCII. Plus signs and dots stay, because their meaning depends on the receiving host. The form
/// that was entered is kept for display.
#[derive(Clone)]
pub struct EmailAddress {
    as_entered: String,
    canonical: String,
}

impl EmailAddress {
    /// Parses an address. It has a local part in the dot-atom form of RFC 5321 (at most 64 ASCII
    /// characters, because SES does not support SMTPUTF8), a host name of at least two labels (UTS
    /// 46, strict), and at most 254 octets.
    ///
    /// # Errors
    /// Returns `invalid_email` for any other text.
    pub fn parse(address: &str) -> Result<Self, InvalidError> {
        let invalid =
            |why: &str| InvalidError::new("invalid_email", format!("not an e-mail address: {why}"));
        let as_entered = address.trim();
        // Checked first, because the time to parse the host name grows with its length.
        if as_entered.len() > 254 {
            return Err(invalid("it is longer than 254 octets"));
        }
        if as_entered.chars().any(text::is_deceptive) {
            return Err(invalid("it has an invisible character"));
        }
        let (local, host) = as_entered.rsplit_once('@').ok_or_else(|| invalid("it has no `@`"))?;
        let atom = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        if local.len() > 64 || !local.split('.').all(atom) {
            return Err(invalid("the part before the `@` must be ASCII in the form of RFC 5321"));
        }
        let ascii =
            idna::domain_to_ascii_strict(host).map_err(|_| invalid("the host name is invalid"))?;
        let last = ascii.rsplit('.').next().unwrap_or_default();
        if !ascii.contains('.') || last.is_empty() || last.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid(
                "the host name needs at least two labels and must not end in a number",
            ));
        }
        let canonical = format!("{}@{ascii}", local.to_ascii_lowercase());
        if canonical.len() > 254 {
            return Err(invalid("it is longer than 254 octets"));
        }
        Ok(Self { as_entered: as_entered.to_owned(), canonical })
    }

    /// Returns the address as it was entered, for display.
    #[must_use]
    pub fn as_entered(&self) -> &str {
        &self.as_entered
    }

    /// Returns the canonical form, which is used to compare addresses and to send mail.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// Returns the hash of the address for use in item keys, because CloudTrail logs keys. It is
    /// the first 32 hex digits of the SHA-256 of the canonical form.
    #[must_use]
    pub fn key(&self) -> EmailKey {
        EmailKey(text::short_hash(&self.canonical))
    }

    /// Returns a masked form that only the address's owner recognizes, such as `b***@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, host) = self.canonical.rsplit_once('@').unwrap_or_default();
        let first: String = local.chars().take(1).collect();
        format!("{first}***@{host}")
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for EmailAddress {}

impl fmt::Debug for EmailAddress {
    /// Writes the hash, so that addresses never reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.key())
    }
}

impl EmailAddress {
    fn text(&self) -> String {
        self.as_entered.clone()
    }
}

text_value!(EmailAddress, text);

/// The hash of an e-mail address, as item keys contain it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct EmailKey(String);

impl EmailKey {
    /// Returns the hash as 32 lowercase hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        EmailAddress::parse(text).ok().map(|address| address.canonical().to_owned())
    }

    #[test]
    fn addresses_are_compared_in_lower_case_without_folding() {
        assert_eq!(canonical(" Bob@Example.COM "), Some("bob@example.com".to_owned()));
        assert_eq!(canonical("bob+tag@example.com"), Some("bob+tag@example.com".to_owned()));
        assert_ne!(canonical("b.ob@example.com"), canonical("bob@example.com"));
    }

    #[test]
    fn both_forms_of_an_international_host_are_equal() {
        assert_eq!(canonical("bob@Bücher.example"), Some("bob@xn--bcher-kva.example".to_owned()));
        assert_eq!(canonical("bob@xn--bcher-kva.example"), canonical("bob@bücher.example"));
    }

    #[test]
    fn undeliverable_addresses_are_rejected() {
        let long = format!("{}@{}.example", "a".repeat(64), "b.".repeat(100).trim_end_matches('.'));
        for bad in [
            "",
            "bob",
            "@example.com",
            "bob@",
            "bob@example",
            "bob@@example.com",
            "a b@example.com",
            ".bob@example.com",
            "bob.@example.com",
            "b..ob@example.com",
            "bob@example..com",
            "bob@-example.com",
            "bob@exa_mple.com",
            "bob@1.2.3.4",
            "bob@[1.2.3.4]",
            "bøb@example.com",
            "\"bob\"@example.com",
            "bob@example.com\nBcc: x@example.com",
            "bob@example.com.",
            "bob@exam\u{200B}ple.com",
            "Bob <bob@example.com>",
            "bob@example.com,eve@example.com",
            &long,
            &format!("{}@example.com", "a".repeat(65)),
        ] {
            assert_eq!(canonical(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_masked_address_shows_one_letter_and_the_host() {
        assert_eq!(
            EmailAddress::parse("Bob@Example.com").map(|address| address.masked()),
            Ok("b***@example.com".to_owned())
        );
    }

    #[test]
    fn serde_keeps_the_entered_form_and_debug_hides_it() {
        let address: EmailAddress = serde_json::from_str("\"Bob@Example.com\"").unwrap();
        assert_eq!(serde_json::to_string(&address).ok(), Some("\"Bob@Example.com\"".to_owned()));
        assert!(!format!("{address:?}").to_lowercase().contains("bob"));
    }
}
