//! The signed-in person, as the identity provider's token describes them.

use crate::email::EmailAddress;
use crate::id::UserId;
use crate::text;

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The `sub` claim of the token.
    pub user_id: UserId,
    /// The e-mail address in the token, if it has a valid one.
    pub email: Option<EmailAddress>,
    /// True if the identity provider has verified the address.
    pub email_verified: bool,
    /// The name in the token, cleaned by [`clean_name`].
    pub name: Option<String>,
}

impl Person {
    /// Returns the address if it is verified. A person can accept an invitation only with a
    /// verified address.
    #[must_use]
    pub fn verified_email(&self) -> Option<&EmailAddress> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

/// Makes a name from a token safe to show: removes deceptive characters and truncates the name to
/// 100 characters. Returns `None` if nothing is left, and for a name with an `@`, because such a
/// name is an e-mail address that other members would see in full. The name is cleaned rather than
/// rejected, because a person cannot change it when they sign in.
#[must_use]
pub fn clean_name(name: &str) -> Option<String> {
    let shown: String =
        text::normalized(name).chars().filter(|c| !text::is_deceptive(*c)).take(100).collect();
    // Some identity providers use the e-mail address as the name.
    if shown.contains('@') {
        return None;
    }
    // Mail clients turn text that looks like a link into a link, and decode `=?`.
    let shown = if text::is_link_or_encoded(&shown) {
        shown.replace(['.', '/', ':', '?'], " ")
    } else {
        shown
    };
    let words: Vec<&str> = shown.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cleaned_and_not_rejected() {
        assert_eq!(clean_name(" Ada\r\nBcc: x\u{202E} "), Some("AdaBcc: x".to_owned()));
        assert_eq!(
            clean_name("Win at https://evil.example"),
            Some("Win at https evil example".to_owned())
        );
        assert_eq!(clean_name("www.evil.example/login"), Some("www evil example login".to_owned()));
        assert_eq!(clean_name("=?utf-8?q?Pay?="), Some("= utf-8 q Pay =".to_owned()));
        assert_eq!(
            clean_name("Ada K. Lovelace / Byron"),
            Some("Ada K. Lovelace / Byron".to_owned())
        );
        assert_eq!(clean_name("nn.secret@example.com"), None);
        assert_eq!(clean_name("\u{200B} "), None);
        assert_eq!(clean_name(&"a".repeat(300)).map(|name| name.len()), Some(100));
    }
}
