//! Billing accounts. An account's id is derived from a person or an organization; no account is
//! stored as an item of its own.

use std::fmt;

use crate::id::{OrgId, UserId};
use crate::invalid::{InvalidError, text_value};
use crate::text;

/// The id of a billing account: `acct_` and the first 32 hex digits of the SHA-256 of the user id
/// or the organization's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Parses an account id.
    ///
    /// # Errors
    /// Returns `invalid_id` unless the text is `acct_` and 32 lowercase hex digits.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        let is_hex = |hex: &&str| {
            hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let found = text.strip_prefix("acct_").filter(is_hex).map(|_| Self(text.to_owned()));
        found.ok_or_else(|| {
            InvalidError::new("invalid_id", "must be `acct_` and 32 lowercase hex digits")
        })
    }

    /// Returns the first hex digit of the hash.
    #[must_use]
    pub fn digit(&self) -> char {
        self.0.chars().nth(5).unwrap_or('0')
    }

    /// Returns the account of a person.
    #[must_use]
    pub fn of_user(user: &UserId) -> Self {
        Self(format!("acct_{}", text::short_hash(user.as_str())))
    }

    /// Returns the account of an organization that pays for itself.
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
    fn an_account_id_is_the_hash_of_its_owners_id() {
        // printf 'alice' | sha256sum
        let alice = UserId::parse("alice").map(|user| AccountId::of_user(&user).to_string());
        assert_eq!(alice, Ok("acct_2bd806c97f0e00af1a1fc3328fa763a9".to_owned()));
    }

    #[test]
    fn an_account_id_survives_a_round_trip() {
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
