//! E-mail addresses, as SES can deliver to them.

use std::fmt;

use crate::invalid::{InvalidError, text_value};
use crate::text;

/// An address that mail can be sent to.
///
/// Two addresses are the same when their normal forms are: lower case, the host in ASCII. Plus
/// signs and dots mean what the receiving host says, so they are not folded. The form that was
/// typed is kept for display.
#[derive(Clone)]
pub struct EmailAddress {
    as_entered: String,
    canonical: String,
}

impl EmailAddress {
    /// Reads an address: a dot-atom of at most 64 ASCII characters (RFC 5321; SES has no SMTPUTF8),
    /// then a host name of two labels or more (UTS 46, strict), 254 octets in all.
    ///
    /// # Errors
    /// `invalid_email`.
    pub fn parse(address: &str) -> Result<Self, InvalidError> {
        let invalid =
            |why: &str| InvalidError::new("invalid_email", format!("not an e-mail address: {why}"));
        let as_entered = address.trim();
        // Before anything else: reading the host takes time that grows with its length.
        if as_entered.len() > 254 {
            return Err(invalid("it is longer than 254 octets"));
        }
        if as_entered.chars().any(text::is_deceptive) {
            return Err(invalid("it has a character that does not show"));
        }
        let (local, host) = as_entered.rsplit_once('@').ok_or_else(|| invalid("it has no `@`"))?;
        let atom = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        if local.len() > 64 || !local.split('.').all(atom) {
            return Err(invalid(
                "the part before the `@` is not plain ASCII in the form of RFC 5321",
            ));
        }
        let ascii = idna::domain_to_ascii_strict(host)
            .map_err(|_| invalid("the host name is not valid"))?;
        let last = ascii.rsplit('.').next().unwrap_or_default();
        if !ascii.contains('.') || last.is_empty() || last.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid("the host name needs two labels or more"));
        }
        let canonical = format!("{}@{ascii}", local.to_ascii_lowercase());
        if canonical.len() > 254 {
            return Err(invalid("it is longer than 254 octets"));
        }
        Ok(Self { as_entered: as_entered.to_owned(), canonical })
    }

    /// The form that was typed, for display.
    #[must_use]
    pub fn as_entered(&self) -> &str {
        &self.as_entered
    }

    /// The form that addresses are compared in, and that mail goes to.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What stands for the address in keys, which show up in CloudTrail: the first 32 hex digits of
    /// its SHA-256.
    #[must_use]
    pub fn key(&self) -> EmailKey {
        EmailKey(text::short_hash(&self.canonical))
    }

    /// Enough of the address for its owner to recognise it, and no more: `b***@example.com`.
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
    /// Addresses never reach a log.
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

/// The hash that stands for an address.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct EmailKey(String);

impl EmailKey {
    /// The hash in hex.
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
    fn an_international_host_is_one_host_in_either_spelling() {
        assert_eq!(canonical("bob@Bücher.example"), Some("bob@xn--bcher-kva.example".to_owned()));
        assert_eq!(canonical("bob@xn--bcher-kva.example"), canonical("bob@bücher.example"));
    }

    #[test]
    fn what_cannot_be_delivered_is_refused() {
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
    fn a_mask_shows_one_letter_and_the_host() {
        assert_eq!(
            EmailAddress::parse("Bob@Example.com").map(|address| address.masked()),
            Ok("b***@example.com".to_owned())
        );
    }

    #[test]
    fn the_typed_form_survives_serde_and_a_log_shows_none_of_it() {
        let address: EmailAddress = serde_json::from_str("\"Bob@Example.com\"").unwrap();
        assert_eq!(serde_json::to_string(&address).ok(), Some("\"Bob@Example.com\"".to_owned()));
        assert!(!format!("{address:?}").to_lowercase().contains("bob"));
    }
}
