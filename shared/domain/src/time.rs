//! Times as callers write them: RFC 3339, and nothing that is merely like it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

/// Reads a time.
///
/// # Errors
/// Anything but RFC 3339 text.
pub fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time = DateTime::parse_from_rfc3339(&text)
        .ok()
        .filter(|_| text.as_bytes().get(10).is_some_and(|byte| b"Tt".contains(byte)));
    time.map(|time| time.to_utc()).ok_or_else(|| {
        serde::de::Error::custom("must be a time in RFC 3339, such as `2026-11-24T10:15:00Z`")
    })
}

/// Reads a time that may be left out.
///
/// # Errors
/// Anything but RFC 3339 text.
pub fn optional_rfc3339<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    rfc3339(deserializer).map(Some)
}
