//! The usage of an organization in a month, compared with its budget.

use chrono::{DateTime, Utc};
use orgs_domain::{Credits, OrgId};

use crate::error::StoreError;
use crate::item::text;
use crate::keys::{self, CounterSeries, Ledger};
use crate::store::Store;
use crate::usage::rollup::{Group, Range, rollups_in};

/// The thresholds of a budget that the owners were notified of in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifiedThresholds {
    /// The thresholds, each as the credits of the budget and the percentage of them.
    pub thresholds: Vec<(Credits, u16)>,
    /// The thresholds that an owner was mailed about, also if other owners still get that mail. A
    /// lower threshold in the same mail is not among them.
    pub mailed: Vec<(Credits, u16)>,
}

impl Store {
    /// Returns the usage of an organization in the month that contains `at`, and the thresholds of
    /// its budget that its owners were notified of.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a counter has an unexpected format.
    pub async fn spending(
        &self,
        org: &OrgId,
        at: DateTime<Utc>,
    ) -> Result<(Credits, NotifiedThresholds), StoreError> {
        let partition = keys::rollup_partition(Ledger::Org(org), CounterSeries::Months, at);
        let range = Range { partition, from: "!".to_owned(), to: "~".to_owned() };
        let (mut spent, mut notified) = (Credits::default(), NotifiedThresholds::default());
        let mut next = Some((range, None));
        while let Some((range, start)) = next {
            let (items, more) = self.range(range, start).await?;
            for item in &items {
                for rollup in rollups_in(CounterSeries::Months, item, Group::Own, None)? {
                    spent += rollup.amount.credits;
                }
                let threshold = text(item, "SK").and_then(|sk| {
                    let (monthly, percent) =
                        sk.strip_prefix(keys::BUDGET_ALERT)?.split_once('#')?;
                    Some((Credits::parse(monthly).ok()?, percent.parse().ok()?))
                });
                if let Some(threshold) = threshold {
                    if item.contains_key("sent_at") {
                        notified.thresholds.push(threshold);
                    }
                    if item.contains_key("told") {
                        notified.mailed.push(threshold);
                    }
                }
            }
            next = more.map(|(range, start)| (range, Some(start)));
        }
        Ok((spent, notified))
    }
}
