//! Who calls, as the identity provider describes them.

use crate::email::EmailAddress;
use crate::id::UserId;
use crate::text;

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The token's `sub`.
    pub user_id: UserId,
    /// The token's address, when it has one that mail can be sent to.
    pub email: Option<EmailAddress>,
    /// Whether the identity provider has verified the address.
    pub email_verified: bool,
    /// The token's name, cleaned by [`clean_name`].
    pub name: Option<String>,
}

impl Person {
    /// The address, when it is verified: the one thing that an invitation can be accepted with.
    #[must_use]
    pub fn verified_email(&self) -> Option<&EmailAddress> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

/// A name from a token, made safe to show: characters that could deceive are left out, and it ends
/// after 100 characters. Returns `None` for a name with an `@`, which is an address: others would
/// see it whole. A sign-in cannot be refused for its name, so it is cleaned instead.
#[must_use]
pub fn clean_name(name: &str) -> Option<String> {
    let shown: String =
        text::normalized(name).chars().filter(|c| !text::is_deceptive(*c)).take(100).collect();
    // Some identity providers put the address into the name.
    if shown.contains('@') {
        return None;
    }
    // Mail programs make a link of what looks like one, and decode `=?`.
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
    fn a_name_is_cleaned_not_refused() {
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
