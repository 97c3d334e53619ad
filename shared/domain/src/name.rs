//! An organization's own words: name, description, metadata.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::invalid::{InvalidError, text_value};
use crate::text;

/// An organization's name: 1 to 64 characters after NFC and trimming. It stands in mail subjects
/// and pages, so it holds no control, bidirectional or zero-width character, no link with a scheme,
/// `www.` or a path, no address and no encoded word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgName(String);

impl OrgName {
    /// Reads a name.
    ///
    /// # Errors
    /// `empty`, `too_long` or `forbidden_characters`.
    pub fn parse(name: &str) -> Result<Self, InvalidError> {
        let name = text::normalized(name);
        // Variation selectors are part of emoji, and show nothing alone.
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
                "must hold no control, bidirectional or zero-width character, no link, no `@` and no `=?`",
            ));
        }
        Ok(Self(name))
    }

    /// The name.
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

/// What an organization says of itself: at most 500 characters; line breaks and tabs are its only
/// controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// `too_long` or `forbidden_characters`.
    pub fn parse(description: &str) -> Result<Self, InvalidError> {
        let description = text::normalized(description);
        text::at_most(&description, 500)?;
        if description
            .chars()
            .any(|c| text::is_deceptive(c) && !matches!(c, '\n' | '\r' | '\t' | '\u{200D}'))
        {
            return Err(InvalidError::new(
                "forbidden_characters",
                "must hold no control or bidirectional character",
            ));
        }
        Ok(Self(description))
    }

    fn owned(&self) -> String {
        self.0.clone()
    }
}

text_value!(Description, owned);

/// The deployer's own values on an object: at most 20, keys of 1 to 40 characters, values of at
/// most 500, 12 KiB of UTF-8 in all. Keys hold no control character, values no other than line
/// breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Metadata(BTreeMap<String, String>);

/// The most bytes of keys and values together.
const METADATA_BYTES_MAX: usize = 12 * 1024;

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(BTreeMap::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Metadata {
    /// Reads metadata.
    ///
    /// # Errors
    /// `too_many`, `empty`, `too_long`, `too_large` or `forbidden_characters`.
    pub fn parse(values: BTreeMap<String, String>) -> Result<Self, InvalidError> {
        if values.len() > 20 {
            return Err(InvalidError::new("too_many", "must hold at most 20 values"));
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
                    "must hold no control character but line breaks and tabs in values",
                ));
            }
        }
        // A page of a hundred objects has to fit in a response of Lambda, which has 6 MB.
        if values.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>()
            > METADATA_BYTES_MAX
        {
            return Err(InvalidError::new("too_large", "must be at most 12 KiB in all"));
        }
        Ok(Self(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        assert_eq!(
            OrgName::parse("  Cafe\u{301} ").map(|name| name.owned()),
            Ok("Caf\u{e9}".to_owned())
        );
        assert!(OrgName::parse(&"é".repeat(64)).is_ok());
    }

    #[test]
    fn a_name_that_could_deceive_is_refused() {
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
    fn a_name_that_a_mail_program_would_change_is_refused() {
        let is_taken = |name: &str| OrgName::parse(name).is_ok();
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
            assert!(!is_taken(bad), "{bad}");
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
            assert!(is_taken(good), "{good}");
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
        // 20 values of 500 characters pass 12 KiB if they are not ASCII.
        let wide =
            |values: usize| (0..values).map(|n| (n.to_string(), "\u{1F600}".repeat(500))).collect();
        assert_eq!(Metadata::parse(wide(6)).err().map(|invalid| invalid.code), None);
        assert_eq!(Metadata::parse(wide(7)).err().map(|invalid| invalid.code), Some("too_large"));
    }

    #[test]
    fn a_description_may_have_lines_but_no_controls() {
        assert!(Description::parse("one\ntwo").is_ok());
        assert!(Description::parse("one\u{7}").is_err());
        assert!(Description::parse(&"a".repeat(501)).is_err());
    }
}
