//! The usage of an organization in a month, and the alerts that it caused.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use orgs_domain::audit::SYSTEM;
use orgs_domain::budget::BudgetUse;
use orgs_domain::budget_alert::{AlertHistory, HourUsage, NewAlert, earlier_hours};
use orgs_domain::window::{Span, Window};
use orgs_domain::{AuditId, Credits, Month, OrgId, UserId};
use serde_json::json;

use crate::commit::{Actor, AuditRecord, put_audit};
use crate::error::StoreError;
use crate::item::{number, s, text};
use crate::keys::{self, CounterSeries, Ledger};
use crate::store::Store;
use crate::tx::{AuditDiff, Condition, Expr, TransactionBuilder};
use crate::usage::hold;
use crate::usage::rollup::{COVERED, CounterRange, Group, Range, Selection, rollups_in};

/// The audit record of an alert.
#[derive(Debug, Clone, Copy)]
pub struct AlertRecord<'a> {
    /// The id of the record.
    pub id: AuditId,
    /// The id of the request that caused the alert.
    pub request_id: &'a str,
    /// The current time.
    pub now: DateTime<Utc>,
}

impl Store {
    /// Returns the use of an organization's budget in a month, and the alerts that were raised about
    /// it.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a counter has an unexpected format.
    pub async fn spending(
        &self,
        org: &OrgId,
        month: Month,
    ) -> Result<(BudgetUse, AlertHistory), StoreError> {
        let partition =
            keys::rollup_partition(Ledger::Org(org), CounterSeries::Months, month.start());
        let range = Range { partition, from: "!".to_owned(), to: "~".to_owned() };
        let (mut used, mut history) = (BudgetUse::default(), AlertHistory::default());
        let mut next = Some((range, None));
        while let Some((range, start)) = next {
            let (items, more) = self.range(range, start).await?;
            for item in &items {
                for rollup in rollups_in(CounterSeries::Months, item, Group::Own, None)? {
                    used.spent += rollup.amount.credits;
                }
                let micro = |name| number(item, name).map(Credits::from_micro).unwrap_or_default();
                used.covered += micro(COVERED);
                used.reserved += micro(hold::RESERVED);
                if text(item, "SK") == Some(keys::BUDGET_ALERTS) {
                    let raised = item.get("raised").and_then(|set| set.as_ss().ok());
                    history = AlertHistory::new(raised.into_iter().flatten().cloned());
                }
            }
            next = more.map(|(range, start)| (range, Some(start)));
        }
        Ok((used, history))
    }

    /// Returns the usage of an organization in the current hour, and in the same hour of the last
    /// four weeks if the organization is that old.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a counter has an unexpected format.
    pub async fn hour_usage(
        &self,
        org: &OrgId,
        created_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<HourUsage, StoreError> {
        let read = |hour| Box::pin(self.used_in_hour(org, hour));
        let current = read(Window::Hour.floor(now));
        let Some(hours) = earlier_hours(created_at, now) else {
            return Ok(HourUsage { current: current.await?, earlier: None });
        };
        let [first, second, third, fourth] = hours.map(read);
        let (current, first, second, third, fourth) =
            futures::try_join!(current, first, second, third, fourth)?;
        Ok(HourUsage { current, earlier: Some([first, second, third, fourth]) })
    }

    async fn used_in_hour(&self, org: &OrgId, hour: DateTime<Utc>) -> Result<Credits, StoreError> {
        let span = Span { from: hour, to: Window::Hour.next(hour) };
        let ranges = [CounterRange { series: CounterSeries::Hours, span }];
        let selection = Selection {
            ledger: Ledger::Org(org),
            ranges: &ranges,
            group: Group::Own,
            filter: None,
        };
        let mut used = Credits::default();
        let read = self.rollups(selection, |rollup| {
            used += rollup.amount.credits;
            Ok::<_, StoreError>(())
        });
        read.await??;
        Ok(used)
    }

    /// Raises an alert: stores it in the history of the month, with an audit record that requests
    /// the mail. Returns false if another process raised one of its reasons, or as the same record
    /// of the day, or if the organization was purged.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails, or if conflicts persist.
    pub async fn raise_alert(
        &self,
        org: &OrgId,
        new: &NewAlert,
        record: AlertRecord<'_>,
    ) -> Result<bool, StoreError> {
        let alert = new.alert();
        let mut usage = TransactionBuilder::new(&self.settings.usage_table);
        let is_new: Vec<String> =
            (0..new.keys().len()).map(|n| format!("NOT contains(#raised, :key{n})")).collect();
        let mut change = Expr::update("ADD #raised :keys")
            .and_when(is_new.join(" AND "))
            .bind(":keys", AttributeValue::Ss(new.keys().to_vec()));
        for (n, key) in new.keys().iter().enumerate() {
            change = change.bind(&format!(":key{n}"), s(key));
        }
        usage.update(Condition::AlertIsNew, &keys::budget_alerts(org, alert.month), change)?;
        let mut tx = TransactionBuilder::new(&self.settings.core_table);
        let exists = Expr::when("attribute_exists(#PK)");
        tx.check(Condition::OrgExists, &keys::org(org), exists)?;
        let system = UserId::parse(SYSTEM).map_err(|error| StoreError::new(error.to_string()))?;
        let mail = new.mails().then(|| json!({"notice": "budget_alert", "alert": alert}));
        let record = AuditRecord {
            id: record.id,
            org_id: *org,
            at: record.now,
            actor: Actor { user_id: &system, name: Some("System") },
            action: "alert_budget",
            diff: AuditDiff {
                target: org.to_string(),
                before: None,
                after: Some(json!(alert)),
                mail,
            },
            request_id: record.request_id,
        };
        put_audit(&mut tx, &record)?;
        tx.join(usage);
        self.transact_if(&tx).await
    }
}
