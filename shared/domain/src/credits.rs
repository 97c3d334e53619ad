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

/// A sum of credits that can be negative, counted in millionths of a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CreditBalance(i128);

impl CreditBalance {
    /// Parses what [`Display`](fmt::Display) writes: a decimal number with at most 6 decimals and
    /// 24 digits before them, such as `-0.25`.
    ///
    /// # Errors
    /// Returns `invalid_credits` for any other text.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        let invalid = || {
            InvalidError::new(
                "invalid_credits",
                "must be a decimal string with at most 6 decimals, such as `-0.25`",
            )
        };
        let (is_negative, digits) =
            text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str, max: usize| {
            (1..=max).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !is_number(whole, 24) || !is_number(fraction, 6) {
            return Err(invalid());
        }
        let micro: i128 = format!("{whole}{fraction:0<6}").parse().map_err(|_| invalid())?;
        Ok(Self(if is_negative { -micro } else { micro }))
    }

    /// Creates a sum from its number of millionths.
    #[must_use]
    pub fn from_micro(micro: i128) -> Self {
        Self(micro)
    }
}

impl std::ops::AddAssign for CreditBalance {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl fmt::Display for CreditBalance {
    /// Writes the decimal number without trailing zeros after the decimal point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", Credits(self.0.unsigned_abs()))
    }
}

text_value!(CreditBalance, to_string);

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

    #[test]
    fn a_balance_can_be_negative() {
        for (text, micro) in [("0", 0), ("-0.25", -250_000), ("12.5", 12_500_000)] {
            let balance = CreditBalance::from_micro(micro);
            assert_eq!(balance.to_string(), text);
            assert_eq!(CreditBalance::parse(text), Ok(balance));
        }
        let mut sum = CreditBalance::from_micro(250_000);
        sum += CreditBalance::from_micro(-1_000_000);
        assert_eq!(sum.to_string(), "-0.75");
        for bad in ["", "-", "+1", "1.", ".5", "1.2345678", "1e3", "--1", "1,5", &"9".repeat(25)] {
            assert!(CreditBalance::parse(bad).is_err(), "{bad}");
        }
    }
}
