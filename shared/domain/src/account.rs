//! Who pays: an account is derived from a person or from an organization, never stored on its own.

use std::fmt;

use crate::id::{OrgId, UserId};
use crate::text;

/// A billing account: `acct_` and the first 32 hex digits of the SHA-256 of the user id or of the organization's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountId(String);

impl AccountId {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_the_hash_of_who_it_belongs_to() {
        // printf 'alice' | sha256sum
        let alice = UserId::parse("alice").map(|user| AccountId::of_user(&user).to_string());
        assert_eq!(alice, Ok("acct_2bd806c97f0e00af1a1fc3328fa763a9".to_owned()));
    }
}
