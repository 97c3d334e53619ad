//! Statements: the usage that an account owes for a month, by organization and kind.
//!
//! The usage of a month is final soon after the month closes ([`Month::final_at`]). Changes after
//! that are adjustments: lines in the statement of a later month, which name the month that they
//! correct. So a statement never changes once it is final.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountId;
use crate::credits::CreditBalance;
use crate::id::OrgId;
use crate::month::Month;
use crate::text;

/// A line of a statement: the usage of one kind in one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatementLine)]
pub struct Line {
    /// The id of the organization: `org_` and 32 hex digits.
    #[schema(value_type = String, example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: OrgId,
    /// The kind of usage.
    #[schema(example = "chat.completion")]
    pub kind: String,
    /// The closed month that this line corrects; null for usage of the statement's own month.
    #[schema(value_type = Option<String>, example = "2026-10")]
    pub adjustment_of: Option<Month>,
    /// The sum of the credits, as a decimal string with at most 6 decimals. It is negative if an
    /// adjustment takes usage back.
    #[schema(value_type = String, pattern = r"^-?\d+(\.\d{1,6})?$", example = "12.5")]
    pub credits: CreditBalance,
    /// The number of events. It is negative if an adjustment takes usage back.
    #[schema(example = 50)]
    pub events: i64,
}

/// The total of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = StatementTotal)]
pub struct Total {
    /// The sum of the credits, adjustments included, as a decimal string with at most 6 decimals.
    #[schema(value_type = String, pattern = r"^-?\d+(\.\d{1,6})?$", example = "12.5")]
    pub credits: CreditBalance,
    /// The number of events, adjustments included.
    #[schema(example = 50)]
    pub events: i64,
}

/// The header line of a statement in CSV.
pub const CSV_HEADER: &str = "org_id,kind,adjustment_of,credits,events\n";

/// The usage that an account owes for a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The account.
    pub account_id: AccountId,
    /// The month.
    pub month: Month,
    /// The lines with usage, sorted by organization, kind and corrected month. The line of a kind's
    /// own usage comes before its adjustments.
    pub lines: Vec<Line>,
    /// The total of all lines.
    pub total: Total,
    /// The hash of the whole statement as CSV: `sha256:` and 64 hex digits.
    pub hash: String,
}

/// The organization, kind and corrected month of a line, by which lines are sorted.
type LineKey = (String, String, Option<Month>);

/// Adds up a statement from counters, in any order.
#[derive(Debug, Default)]
pub struct Builder(BTreeMap<LineKey, (OrgId, CreditBalance, i64)>);

impl Builder {
    /// Adds a counter to its line.
    pub fn add(
        &mut self,
        org: OrgId,
        kind: &str,
        adjustment_of: Option<Month>,
        credits: CreditBalance,
        events: i64,
    ) {
        let key = (org.to_string(), kind.to_owned(), adjustment_of);
        let line = self.0.entry(key).or_insert((org, CreditBalance::default(), 0));
        line.1 += credits;
        line.2 += events;
    }

    /// Returns the statement. A kind whose events are all voided has no line.
    #[must_use]
    pub fn statement(self, account_id: AccountId, month: Month) -> Statement {
        let lines =
            self.0.into_iter().map(|((_, kind, adjustment_of), (org_id, credits, events))| Line {
                org_id,
                kind,
                adjustment_of,
                credits,
                events,
            });
        let is_empty = |line: &Line| line.events == 0 && line.credits == CreditBalance::default();
        let lines: Vec<Line> = lines.filter(|line| !is_empty(line)).collect();
        let mut total = Total::default();
        for line in &lines {
            total.credits += line.credits;
            total.events += line.events;
        }
        let hash = text::hex(&text::sha256((CSV_HEADER.to_owned() + &csv(&lines)).as_bytes()));
        Statement { account_id, month, lines, total, hash: format!("sha256:{hash}") }
    }
}

/// Returns lines as CSV (RFC 4180, but with line feeds only), without the header line. No value
/// needs quotes: kinds have only the characters `a-z`, `0-9`, `_`, `.` and `-`.
#[must_use]
pub fn csv(lines: &[Line]) -> String {
    let line = |line: &Line| {
        let Line { org_id, kind, adjustment_of, credits, events } = line;
        let of = adjustment_of.map(|month| month.to_string()).unwrap_or_default();
        format!("{org_id},{kind},{of},{credits},{events}\n")
    };
    lines.iter().map(line).collect()
}

/// Parses the lines that [`csv`] wrote. Returns `None` for any other text.
#[must_use]
pub fn parse_csv(text: &str) -> Option<Vec<Line>> {
    let line = |line: &str| {
        let [org_id, kind, of, credits, events] = line.split(',').collect::<Vec<_>>()[..] else {
            return None;
        };
        Some(Line {
            org_id: OrgId::parse(org_id).ok()?,
            kind: kind.to_owned(),
            adjustment_of: if of.is_empty() { None } else { Some(Month::parse(of).ok()?) },
            credits: CreditBalance::parse(credits).ok()?,
            events: events.parse().ok()?,
        })
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn org(id: u128) -> OrgId {
        OrgId::new(Uuid::from_u128(id))
    }

    fn credits(text: &str) -> CreditBalance {
        CreditBalance::parse(text).unwrap()
    }

    fn november() -> Statement {
        let mut builder = Builder::default();
        let october = Month::parse("2026-10").ok();
        builder.add(org(2), "chat", None, credits("1.5"), 2);
        builder.add(org(1), "embed", None, credits("3"), 1);
        builder.add(org(1), "chat", october, credits("-0.25"), -1);
        builder.add(org(1), "chat", None, credits("0.000001"), 1);
        // Another shard of the same counter.
        builder.add(org(2), "chat", None, credits("2"), 1);
        builder.add(org(3), "chat", None, credits("7"), 1);
        builder.add(org(3), "chat", None, credits("-7"), -1);
        builder.statement(AccountId::of_org(&org(9)), Month::parse("2026-11").unwrap())
    }

    #[test]
    fn a_statement_is_sorted_and_added_up_without_empty_lines() {
        let statement = november();
        let lines: Vec<_> = statement
            .lines
            .iter()
            .map(|line| {
                let of = line.adjustment_of.map(|month| month.to_string());
                (line.org_id, line.kind.as_str(), of, line.credits.to_string(), line.events)
            })
            .collect();
        assert_eq!(
            lines,
            [
                (org(1), "chat", None, "0.000001".to_owned(), 1),
                (org(1), "chat", Some("2026-10".to_owned()), "-0.25".to_owned(), -1),
                (org(1), "embed", None, "3".to_owned(), 1),
                (org(2), "chat", None, "3.5".to_owned(), 3),
            ]
        );
        assert_eq!(statement.total, Total { credits: credits("6.250001"), events: 4 });
    }

    #[test]
    fn the_hash_is_that_of_the_csv() {
        // printf 'org_id,kind,adjustment_of,credits,events\n' | sha256sum
        let empty = Builder::default()
            .statement(AccountId::of_org(&org(9)), Month::parse("2026-11").unwrap());
        assert_eq!(
            empty.hash,
            "sha256:e592011f7b159aea655aa73ff40e0e93b5e7b9c1fb5bc999fc0c0fe88dc8ff28"
        );
        assert_ne!(november().hash, empty.hash);
    }

    #[test]
    fn lines_survive_a_round_trip_through_csv() {
        let lines = november().lines;
        assert_eq!(parse_csv(&csv(&lines)), Some(lines));
        assert_eq!(parse_csv(""), Some(Vec::new()));
        for bad in [
            "org_id,kind,adjustment_of,credits,events\n",
            "org_00000000000000000000000000000001,chat,,1\n",
            "org_00000000000000000000000000000001,chat,,1,1,1\n",
            "org_00000000000000000000000000000001,chat,2026,1,1\n",
            "org_00000000000000000000000000000001,chat,,1e3,1\n",
            "org_00000000000000000000000000000001,chat,,1,one\n",
        ] {
            assert_eq!(parse_csv(bad), None, "{bad}");
        }
    }
}
