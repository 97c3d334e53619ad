//! Compares the reports with the sent events.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use orgs_domain::{Credits, Month};
use reqwest::Method;
use serde_json::Value;

use super::traffic::{Event, Expected};
use super::{Failed, Host, Org, failed};

/// A function that returns the group of an event, such as its kind.
type Group = fn(&Event) -> Option<String>;
/// The sum of usage in millionths of a credit, and the number of events.
type Sum = (u128, u64);

impl Host {
    /// Compares every report with the sums of the sent events. Returns a table.
    ///
    /// # Errors
    /// [`Failed`] with the table if a report differs, or if a report cannot be requested.
    pub(super) async fn compare(
        &self,
        orgs: &[Org],
        expected: &[Expected],
        now: DateTime<Utc>,
        took: Duration,
    ) -> Result<String, Failed> {
        let start = now - TimeDelta::days(8);
        let from = start.format("%Y-%m-%dT00:00:00Z");
        let (mut rows, mut mismatches) = (Vec::new(), Vec::new());
        let mut paid: BTreeMap<usize, BTreeMap<String, Sum>> = BTreeMap::new();
        for (org, Expected { events, held }) in orgs.iter().zip(expected) {
            let kept: Vec<&Event> = events.iter().filter(|event| !event.voided).collect();
            let groupings: [(&str, Group); 3] = [
                ("kind", |event| Some(event.kind.clone())),
                ("resource", |event| event.resource.clone()),
                ("member", |event| event.member.clone()),
            ];
            let (mut reported, mut differs) = (None, false);
            for (group_by, group) in groupings {
                let path = format!("/v1/orgs/{}/usage?from={from}&group_by={group_by}", org.id);
                let report =
                    self.call(Method::GET, &path, &self.owners[org.owner], None, false).await?;
                let expected =
                    sums(kept.iter().map(|event| (group(event).unwrap_or_default(), event.micro)));
                differs |= groups(&report)? != expected;
                reported.get_or_insert(sum(&report["total"])?);
            }
            differs |= !self.has_budget(org, &kept, *held, now).await?;
            let expected = (kept.iter().map(|event| event.micro).sum(), kept.len() as u64);
            let reported: Sum = reported.unwrap_or_default();
            differs |= reported != expected;
            if !kept.is_empty() {
                paid.entry(org.owner).or_default().insert(org.id.clone(), expected);
            }
            if differs {
                mismatches.push(org.id.clone());
            }
            rows.push((org.id.clone(), events.len(), expected, reported, differs));
        }
        let known: BTreeSet<&str> = orgs.iter().map(|org| org.id.as_str()).collect();
        for (owner, expected) in paid {
            let path = format!("/v1/account/usage?from={from}&group_by=org");
            let report = self.call(Method::GET, &path, &self.owners[owner], None, false).await?;
            let mut paid = groups(&report)?;
            paid.retain(|org, _| known.contains(org.as_str()));
            if paid != expected {
                mismatches.push(format!("the account of owner {owner}"));
            }
            let mut owed = self.statements(owner, start, now).await?;
            owed.retain(|org, _| known.contains(org.as_str()));
            if owed != expected {
                mismatches.push(format!("the statements of owner {owner}"));
            }
        }
        let table = table(rows, took);
        if mismatches.is_empty() {
            Ok(table)
        } else {
            Err(Failed(format!("{table}\nreports that differ: {}", mismatches.join(", "))))
        }
    }
}

impl Host {
    /// Returns true if the budget of an organization has the spent credits of the month of `now`, and
    /// the held ones.
    async fn has_budget(
        &self,
        org: &Org,
        kept: &[&Event],
        held: u128,
        now: DateTime<Utc>,
    ) -> Result<bool, Failed> {
        let path = format!("/v1/orgs/{}/budget", org.id);
        let budget = self.call(Method::GET, &path, &self.owners[org.owner], None, false).await?;
        let this_month = kept.iter().filter(|event| Month::of(event.at) == Month::of(now));
        let spent: u128 = this_month.map(|event| event.micro).sum();
        let is =
            |name: &str, micro: u128| Ok::<_, Failed>(credits(&budget[name])?.micro() == micro);
        Ok(is("spent", spent)? && is("held", held)?)
    }

    /// Adds up the statements of an owner's account by organization, from the month of `start` to
    /// the month of `now`.
    async fn statements(
        &self,
        owner: usize,
        start: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<String, Sum>, Failed> {
        let token = &self.owners[owner];
        let me = self.call(Method::GET, "/v1/me", token, None, false).await?;
        let account = me["account_id"].as_str().unwrap_or_default();
        let months = BTreeSet::from([Month::of(start), Month::of(now)]);
        let mut owed: BTreeMap<String, Sum> = BTreeMap::new();
        for month in months {
            let mut cursor = String::new();
            loop {
                let path = format!("/v1/accounts/{account}/statements/{month}{cursor}");
                let page = self.call(Method::GET, &path, token, None, false).await?;
                for line in page["lines"].as_array().into_iter().flatten() {
                    let (micro, events) = sum(line)?;
                    let org = line["org_id"].as_str().unwrap_or_default().to_owned();
                    let owed = owed.entry(org).or_default();
                    *owed = (owed.0 + micro, owed.1 + events);
                }
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("?cursor={next}");
            }
        }
        Ok(owed)
    }
}

/// Adds up amounts by group.
fn sums(amounts: impl Iterator<Item = (String, u128)>) -> BTreeMap<String, Sum> {
    amounts.fold(BTreeMap::new(), |mut sums, (group, micro)| {
        let sum: &mut Sum = sums.entry(group).or_default();
        *sum = (sum.0 + micro, sum.1 + 1);
        sums
    })
}

fn credits(value: &Value) -> Result<Credits, Failed> {
    Credits::parse(value.as_str().unwrap_or_default()).map_err(failed)
}

/// Parses the sum of a row or of a total.
fn sum(row: &Value) -> Result<Sum, Failed> {
    Ok((credits(&row["credits"])?.micro(), row["events"].as_u64().unwrap_or_default()))
}

/// Parses the rows of a report by group.
fn groups(report: &Value) -> Result<BTreeMap<String, Sum>, Failed> {
    let rows = report["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|row| Ok((row["group"].as_str().unwrap_or_default().to_owned(), sum(row)?)))
        .collect()
}

/// Returns the sent and the reported usage as a table: the 20 busiest organizations, then the sum
/// of all.
fn table(mut rows: Vec<(String, usize, Sum, Sum, bool)>, took: Duration) -> String {
    rows.sort_by_key(|row| std::cmp::Reverse(row.1));
    let mut text = format!(
        "{:<36}  {:>9}  {:>9}  {:>18}  {:>18}\n",
        "organization", "sent", "counted", "credits sent", "credits reported"
    );
    let line = |text: &mut String,
                name: &str,
                sent: usize,
                counted: u64,
                expected: u128,
                reported: u128,
                differs: bool| {
        let (expected, reported) =
            (Credits::from_micro(expected).to_string(), Credits::from_micro(reported).to_string());
        let mark = if differs { "  DIFFERS" } else { "" };
        // Writing to a string does not fail.
        writeln!(text, "{name:<36}  {sent:>9}  {counted:>9}  {expected:>18}  {reported:>18}{mark}")
            .unwrap_or_default();
    };
    for (org, sent, expected, reported, differs) in rows.iter().take(20) {
        line(&mut text, org, *sent, reported.1, expected.0, reported.0, *differs);
    }
    let all = rows.iter().fold((0, 0, 0, 0), |all, (_, sent, expected, reported, _)| {
        (all.0 + sent, all.1 + reported.1, all.2 + expected.0, all.3 + reported.0)
    });
    line(
        &mut text,
        &format!("all {}", rows.len()),
        all.0,
        all.1,
        all.2,
        all.3,
        rows.iter().any(|row| row.4),
    );
    let millis = took.as_millis().max(1);
    writeln!(
        text,
        "{} events in {} s, {} per second",
        all.0,
        millis / 1000,
        all.0 as u128 * 1000 / millis
    )
    .unwrap_or_default();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_marks_differences_and_adds_up_to_the_millionth() {
        let row = |org: &str, reported| {
            (org.to_owned(), 3, (2_000_001, 2), reported, reported != (2_000_001, 2))
        };
        let text = table(
            vec![row("org_1", (2_000_001, 2)), row("org_2", (2_000_000, 2))],
            Duration::from_secs(2),
        );
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            !lines[1].contains("DIFFERS")
                && lines[2].contains("DIFFERS")
                && lines[3].contains("DIFFERS"),
            "{text}"
        );
        assert!(lines[3].contains("4.000002") && lines[3].contains("4.000001"), "{text}");
        assert_eq!(lines[4], "6 events in 2 s, 3 per second");
    }
}
