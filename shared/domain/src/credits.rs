//! Credits: a decimal string in the API, and an integer of millionths in the code. Floating-point
//! numbers are never used.

use std::fmt;

use crate::invalid::{InvalidError, text_value};

/// An amount of credits, counted in millionths of a credit. It is never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Credits(u128);

/// The number of millionths in a credit.
const UNIT: u128 = 1_000_000;
/// The largest amount that can be parsed: 10^12 credits.
const MICRO_MAX: u128 = 1_000_000_000_000 * UNIT;

impl Credits {
    /// Parses a decimal number from 0 to 10^12 with at most 6 decimals, such as `0.25`.
    ///
    /// # Errors
    /// Returns `invalid_credits` for any other text.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        let digits = |part: &str, max: usize| {
            (1..=max).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let (whole, fraction) =
            text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
        if digits(whole, 20) && fraction.is_none_or(|fraction| digits(fraction, 6)) {
            let fraction = format!("{:0<6}", fraction.unwrap_or_default());
            if let (Ok(whole), Ok(fraction)) = (whole.parse::<u128>(), fraction.parse::<u128>()) {
                let micro = whole * UNIT + fraction;
                if micro <= MICRO_MAX {
                    return Ok(Self(micro));
                }
            }
        }
        Err(InvalidError::new(
            "invalid_credits",
            "must be a decimal string from 0 to 10^12 with at most 6 decimals, such as `0.25`",
        ))
    }

    /// Creates an amount from its number of millionths.
    #[must_use]
    pub fn from_micro(micro: u128) -> Self {
        Self(micro)
    }

    /// Returns the amount in millionths.
    #[must_use]
    pub fn micro(self) -> u128 {
        self.0
    }
}

impl std::ops::AddAssign for Credits {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl fmt::Display for Credits {
    /// Writes the decimal number without trailing zeros after the decimal point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.0 % UNIT);
        let fraction = fraction.trim_end_matches('0');
        write!(f, "{}", self.0 / UNIT)?;
        if fraction.is_empty() { Ok(()) } else { write!(f, ".{fraction}") }
    }
}

text_value!(Credits, to_string);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        Credits::parse(text).ok().map(|credits| credits.to_string())
    }

    #[test]
    fn credits_are_exact_decimals() {
        for (text, want) in [
            ("0", "0"),
            ("0.25", "0.25"),
            ("1.500000", "1.5"),
            ("10", "10"),
            ("007", "7"),
            ("0.000001", "0.000001"),
            ("1000000000000", "1000000000000"),
        ] {
            assert_eq!(shown(text), Some(want.to_owned()), "{text}");
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for bad in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "0.0000001",
            "0.2500000",
            "1000000000000.000001",
            "1,5",
            " 1",
            "NaN",
            "١",
            "99999999999999999999999999",
        ] {
            assert_eq!(shown(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_a_round_trip(micro in 0u128..=MICRO_MAX) {
            prop_assert_eq!(Credits::parse(&Credits(micro).to_string()), Ok(Credits(micro)));
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = Credits::parse(&text);
        }
    }
}
