//! Credits: a decimal on the wire, an integer number of millionths inside, never a float.

use std::fmt;

use crate::invalid::{InvalidError, text_value};

/// An amount of credits, in millionths (micro-credits). Not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Credits(u128);

/// Millionths in a credit.
const UNIT: u128 = 1_000_000;
/// The most that one event may cost: 10^12 credits.
const MOST: u128 = 1_000_000_000_000 * UNIT;

impl Credits {
    /// Reads a decimal: digits, and at most 6 more behind a point; at most 10^12.
    ///
    /// # Errors
    /// `invalid_credits`.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let (whole, fraction) =
            text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
        if digits(whole, 20) && fraction.is_none_or(|fraction| digits(fraction, 6)) {
            let fraction = format!("{:0<6}", fraction.unwrap_or_default());
            if let (Ok(whole), Ok(fraction)) = (whole.parse::<u128>(), fraction.parse::<u128>()) {
                let micro = whole * UNIT + fraction;
                if micro <= MOST {
                    return Ok(Self(micro));
                }
            }
        }
        Err(InvalidError::new(
            "invalid_credits",
            "must be a decimal string from 0 to 10^12 with at most 6 decimals, such as `0.25`",
        ))
    }

    /// So many millionths.
    #[must_use]
    pub fn from_micro(micro: u128) -> Self {
        Self(micro)
    }

    /// The amount in millionths.
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
    /// The decimal without zeros at its end.
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
    fn what_is_not_such_a_decimal_is_refused() {
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
        fn every_amount_reads_back(micro in 0u128..=MOST) {
            prop_assert_eq!(Credits::parse(&Credits(micro).to_string()), Ok(Credits(micro)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = Credits::parse(&text);
        }
    }
}
