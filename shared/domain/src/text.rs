//! Checks and normalization of text that people enter, and hashes.

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::invalid::InvalidError;

/// Returns true for a character that can deceive a reader or break a line: a control character, a
/// bidirectional override, or a character without width.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{13439}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Returns true for text that contains a link with a scheme, `www.` or a path, and for text that
/// mail clients decode (an encoded word of RFC 2047 begins with `=?`). A bare host name is not a
/// link: `Booking.com` is a valid name.
#[must_use]
pub fn is_link_or_encoded(text: &str) -> bool {
    // NFKC maps full-width letters and punctuation to the ASCII characters that they look like.
    let plain = text.nfkc().collect::<String>().to_lowercase();
    let ends: Vec<&str> = plain.split(['/', '?', '#', '\\']).collect();
    let is_host = |part: &&str| {
        let host =
            part.rsplit(char::is_whitespace).next().unwrap_or_default().trim_end_matches('.');
        host.rsplit_once('.').is_some_and(|(name, last)| {
            name.ends_with(char::is_alphanumeric) && last.starts_with(char::is_alphanumeric)
        })
    };
    let has_path = ends.split_last().is_some_and(|(_, before)| before.iter().any(is_host));
    has_path
        || ["://", "www.", "=?", "\\\\", "http:", "https:", "mailto:", "tel:"]
            .iter()
            .any(|mark| plain.contains(mark))
}

/// Deserializes a flag in a query, which is text.
///
/// # Errors
/// An error for any other text than `true` and `false`.
pub fn true_or_false<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match &*<std::borrow::Cow<'de, str>>::deserialize(deserializer)? {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(serde::de::Error::custom("must be `true` or `false`")),
    }
}

/// Deserializes a number from 1 to `MAX` in a query, which is text.
///
/// # Errors
/// An error for any other text.
pub fn number_up_to<'de, const MAX: u16, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u16>, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    let number = text.parse().ok().filter(|number| (1..=MAX).contains(number));
    number.map(Some).ok_or_else(|| serde::de::Error::custom(format!("must be 1 to {MAX}")))
}

/// Returns the text in NFC, without leading and trailing white space.
#[must_use]
pub fn normalized(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Rejects text of more than `max` characters.
///
/// # Errors
/// Returns `too_long`.
pub fn at_most(text: &str, max: usize) -> Result<(), InvalidError> {
    if text.chars().count() > max {
        return Err(InvalidError::new("too_long", format!("must be at most {max} characters")));
    }
    Ok(())
}

/// Returns the SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let mut out = [0; 32];
    out.copy_from_slice(digest.as_ref());
    out
}

/// Returns `bytes` as lowercase hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Returns the first 32 hex digits of the SHA-256 of `text`.
#[must_use]
pub fn short_hash(text: &str) -> String {
    hex(&sha256(text.as_bytes())[..16])
}
