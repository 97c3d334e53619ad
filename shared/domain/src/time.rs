//! Parsing of the times in requests, which must be in the format of RFC 3339.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

/// Deserializes a time and converts it to UTC. The date and the time must be separated by `T` or
/// `t`.
///
/// # Errors
/// Returns an error for any text that is not in the format of RFC 3339.
pub fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time = DateTime::parse_from_rfc3339(&text)
        .ok()
        .filter(|_| text.as_bytes().get(10).is_some_and(|byte| b"Tt".contains(byte)));
    time.map(|time| time.to_utc()).ok_or_else(|| {
        serde::de::Error::custom("must be an RFC 3339 time, such as `2026-11-24T10:15:00Z`")
    })
}

/// Deserializes a time for an optional field. The field needs `#[serde(default)]`, and null is an
/// error.
///
/// # Errors
/// Returns an error for any text that is not in the format of RFC 3339.
pub fn optional_rfc3339<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    rfc3339(deserializer).map(Some)
}
