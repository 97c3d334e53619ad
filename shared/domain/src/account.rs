//! Who pays: an account is derived from a person or from an organization, never stored on its own.

use std::fmt;

use crate::id::{OrgId, UserId};
use crate::invalid::{InvalidError, text_value};
use crate::text;

/// A billing account: `acct_` and the first 32 hex digits of the SHA-256 of the user id or of the
/// organization's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Reads an account's id.
    ///
    /// # Errors
    /// `invalid_id` unless it is `acct_` and 32 hex digits in lower case.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        let is_hex = |hex: &&str| {
            hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let found = text.strip_prefix("acct_").filter(is_hex).map(|_| Self(text.to_owned()));
        found.ok_or_else(|| {
            InvalidError::new("invalid_id", "an id here is `acct_` and 32 hex digits")
        })
    }

    /// The account of a person.
    #[must_use]
    pub fn of_user(user: &UserId) -> Self {
        Self(format!("acct_{}", text::short_hash(user.as_str())))
    }

    /// The account of an organization that pays for itself.
    #[must_use]
    pub fn of_org(org: &OrgId) -> Self {
        Self(format!("acct_{}", text::short_hash(&org.to_string())))
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(AccountId, to_string);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_the_hash_of_who_it_belongs_to() {
        // printf 'alice' | sha256sum
        let alice = UserId::parse("alice").map(|user| AccountId::of_user(&user).to_string());
        assert_eq!(alice, Ok("acct_2bd806c97f0e00af1a1fc3328fa763a9".to_owned()));
    }

    #[test]
    fn an_account_reads_back() {
        let org = AccountId::of_org(&OrgId::new(uuid::Uuid::nil()));
        assert_eq!(AccountId::parse(&org.to_string()), Ok(org));
        for bad in [
            "",
            "acct_",
            "acct_2BD806c97f0e00af1a1fc3328fa763a9",
            "org_2bd806c97f0e00af1a1fc3328fa763a9",
        ] {
            assert!(AccountId::parse(bad).is_err(), "{bad}");
        }
    }
}
