//! Text that people typed, and hashes that stand in its place.

use unicode_normalization::UnicodeNormalization;

use crate::invalid::InvalidError;

/// Whether a character can deceive or break a line: a control, a bidirectional override, or one
/// without width.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{13439}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Returns true for text with a link that has a scheme, `www.` or a path, and for text that mail
/// programs decode (an encoded word of RFC 2047 begins with `=?`). A bare host is not a link here:
/// `Booking.com` is a name.
#[must_use]
pub fn is_link_or_encoded(text: &str) -> bool {
    // Full-width letters and signs look like the plain ones.
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

/// NFC, without white space at its ends.
#[must_use]
pub fn normalized(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Refuses text of more than `most` characters.
///
/// # Errors
/// `too_long`.
pub fn at_most(text: &str, most: usize) -> Result<(), InvalidError> {
    if text.chars().count() > most {
        return Err(InvalidError::new("too_long", format!("must be at most {most} characters")));
    }
    Ok(())
}

/// The SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let mut out = [0; 32];
    out.copy_from_slice(digest.as_ref());
    out
}

/// Bytes in lower case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The first 32 hex digits of the SHA-256 of `text`.
#[must_use]
pub fn short_hash(text: &str) -> String {
    hex(&sha256(text.as_bytes())[..16])
}
