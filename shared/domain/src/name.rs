//! The texts of an organization: its name, description and metadata.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::invalid::{InvalidError, text_value};
use crate::text;

/// The name of an organization: 1 to 64 characters after NFC normalization and trimming. It appears
/// in mail subjects and on pages. It therefore contains no control, bidirectional or zero-width
/// characters, no link with a scheme, `www.` or a path, no `@`, and no encoded word of RFC 2047.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgName(String);

impl OrgName {
    /// Parses a name.
    ///
    /// # Errors
    /// Returns `empty`, `too_long` or `forbidden_characters`.
    pub fn parse(name: &str) -> Result<Self, InvalidError> {
        let name = text::normalized(name);
        // Variation selectors are allowed as a part of emoji, but alone they are invisible.
        if name.chars().all(|c| c.is_whitespace() || ('\u{FE00}'..='\u{FE0F}').contains(&c)) {
            return Err(InvalidError::new("empty", "must not be empty"));
        }
        text::at_most(&name, 64)?;
        if name.chars().any(text::is_deceptive)
            || text::is_link_or_encoded(&name)
            || name.contains(['@', '＠'])
        {
            return Err(InvalidError::new(
                "forbidden_characters",
                "must not contain control, bidirectional or zero-width characters, links, `@` or `=?`",
            ));
        }
        Ok(Self(name))
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value!(OrgName, owned);

impl OrgName {
    fn owned(&self) -> String {
        self.0.clone()
    }
}

/// The description of an organization: at most 500 characters. Line breaks and tabs are the only
/// control characters that it may contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// Parses a description.
    ///
    /// # Errors
    /// Returns `too_long` or `forbidden_characters`.
    pub fn parse(description: &str) -> Result<Self, InvalidError> {
        let description = text::normalized(description);
        text::at_most(&description, 500)?;
        if description
            .chars()
            .any(|c| text::is_deceptive(c) && !matches!(c, '\n' | '\r' | '\t' | '\u{200D}'))
        {
            return Err(InvalidError::new(
                "forbidden_characters",
                "must not contain control, bidirectional or zero-width characters",
            ));
        }
        Ok(Self(description))
    }

    fn owned(&self) -> String {
        self.0.clone()
    }
}

text_value!(Description, owned);

/// Values of the deployer's application on an object: at most 20 entries, keys of 1 to 40
/// characters, values of at most 500 characters, 12 KiB of UTF-8 in total. Keys contain no control
/// characters. Values contain none except line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Metadata(BTreeMap<String, String>);

/// The largest total size of the keys and values, in bytes.
const METADATA_BYTES_MAX: usize = 12 * 1024;

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(BTreeMap::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Metadata {
    /// Parses metadata.
    ///
    /// # Errors
    /// Returns `too_many`, `empty`, `too_long`, `too_large` or `forbidden_characters`.
    pub fn parse(values: BTreeMap<String, String>) -> Result<Self, InvalidError> {
        if values.len() > 20 {
            return Err(InvalidError::new("too_many", "must have at most 20 entries"));
        }
        for (key, value) in &values {
            if key.is_empty() {
                return Err(InvalidError::new("empty", "a key must not be empty"));
            }
            text::at_most(key, 40).map_err(|_| {
                InvalidError::new("too_long", "a key must be at most 40 characters")
            })?;
            text::at_most(value, 500).map_err(|_| {
                InvalidError::new("too_long", "a value must be at most 500 characters")
            })?;
            if key.chars().any(char::is_control)
                || value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            {
                return Err(InvalidError::new(
                    "forbidden_characters",
                    "must not contain control characters, except line breaks and tabs in values",
                ));
            }
        }
        // A page of 100 objects must fit in a Lambda response, which has at most 6 MB.
        if values.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>()
            > METADATA_BYTES_MAX
        {
            return Err(InvalidError::new("too_large", "must be at most 12 KiB in total"));
        }
        Ok(Self(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_normalized() {
        assert_eq!(
            OrgName::parse("  Cafe\u{301} ").map(|name| name.owned()),
            Ok("Caf\u{e9}".to_owned())
        );
        assert!(OrgName::parse(&"é".repeat(64)).is_ok());
    }

    #[test]
    fn deceptive_names_are_rejected() {
        let code = |name: &str| OrgName::parse(name).err().map(|invalid| invalid.code);
        assert_eq!(code(" \t "), Some("empty"));
        assert_eq!(code("\u{FE0F}"), Some("empty"));
        assert_eq!(code(&"a".repeat(65)), Some("too_long"));
        for bad in [
            "a\nb",
            "a\0b",
            "a\u{202E}b",
            "a\u{200B}b",
            "a\u{FEFF}",
            "\u{2066}a",
            "https://evil.example",
            "a@b",
            "a\u{2800}",
        ] {
            assert_eq!(code(bad), Some("forbidden_characters"), "{bad:?}");
        }
    }

    #[test]
    fn names_that_mail_clients_would_change_are_rejected() {
        let is_valid = |name: &str| OrgName::parse(name).is_ok();
        for bad in [
            "www.evil.example",
            "see WWW.evil",
            "evil.example/login",
            "go to evil.example/",
            "=?utf-8?q?Pay=40evil?=",
            "a =?",
            "evil.example?x=login",
            "evil.example#login",
            "evil.example./login",
            "http:evil.example",
            "mailto:x",
            "TEL:+1900",
            r"\\evil.example\share",
            "https：//evil",
            "evil．example／login",
            "pay＠evil.example",
            "a\u{E0100}",
            "a\u{1D159}",
            "a\u{180B}",
        ] {
            assert!(!is_valid(bad), "{bad}");
        }
        for good in [
            "Booking.com",
            "A/B tests",
            "Dr. No/Sons",
            "R&D / Ops 2.0",
            "a=b?",
            "...",
            "St. Mary's / North",
            "Team:Alpha",
            "I \u{2764}\u{FE0F} tea",
            "Why? #1",
        ] {
            assert!(is_valid(good), "{good}");
        }
    }

    #[test]
    fn metadata_has_limits() {
        let of = |n: usize, key: usize, value: usize| {
            Metadata::parse((0..n).map(|i| (format!("{i:0key$}"), "v".repeat(value))).collect())
                .err()
                .map(|invalid| invalid.code)
        };
        assert_eq!(of(20, 40, 500), None);
        assert_eq!(of(21, 4, 1), Some("too_many"));
        assert_eq!(of(1, 41, 1), Some("too_long"));
        assert_eq!(of(1, 1, 501), Some("too_long"));
        let value = |value: String| {
            Metadata::parse([("k".to_owned(), value)].into()).err().map(|invalid| invalid.code)
        };
        assert_eq!(value("two\nlines\tand \"quotes\" \u{1F600}".to_owned()), None);
        for bad in ["\u{1}", "a\0", "\u{1b}[0m", "\u{85}"] {
            assert_eq!(value(bad.to_owned()), Some("forbidden_characters"), "{bad:?}");
        }
        assert_eq!(
            Metadata::parse([("\n".to_owned(), String::new())].into())
                .err()
                .map(|invalid| invalid.code),
            Some("forbidden_characters")
        );
        // Seven values of 500 four-byte characters exceed 12 KiB.
        let wide =
            |values: usize| (0..values).map(|n| (n.to_string(), "\u{1F600}".repeat(500))).collect();
        assert_eq!(Metadata::parse(wide(6)).err().map(|invalid| invalid.code), None);
        assert_eq!(Metadata::parse(wide(7)).err().map(|invalid| invalid.code), Some("too_large"));
    }

    #[test]
    fn a_description_may_have_line_breaks_but_no_other_controls() {
        assert!(Description::parse("one\ntwo").is_ok());
        assert!(Description::parse("one\u{7}").is_err());
        assert!(Description::parse(&"a".repeat(501)).is_err());
    }
}
