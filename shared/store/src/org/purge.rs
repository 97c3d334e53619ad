//! Purges organizations: removes all data of an organization that can no longer be restored.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveTime, TimeZone, Utc};
use futures::future::try_join_all;
use orgs_domain::usage::BACKFILL_DAYS;
use orgs_domain::{Month, Org, OrgId, UserId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::item::{Item, key_of, n, primary_key, s, text, value};
use crate::keys::{self, CounterSeries, Key, Ledger};
use crate::store::Store;
use crate::tx::{Condition, Expr, TransactionBuilder};

/// The maximum number of items that one `BatchWriteItem` deletes, a limit of DynamoDB.
const BATCH_DELETE_ITEMS_MAX: usize = 25;
/// The maximum number of members and invitations that one query reads. Each has up to two items in
/// other partitions.
const ORG_ITEMS_PER_QUERY_MAX: i32 = 12;

/// An organization that is due to be purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingPurge {
    key: Key,
    /// The id of the organization.
    pub org: OrgId,
}

/// The outcome of a purge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purged {
    /// All data of the organization was removed.
    Gone,
    /// The organization was restored in the meantime.
    Kept,
    /// The time ran out before everything was removed. The next run continues.
    Unfinished,
}

#[derive(Deserialize)]
struct Listed {
    org_id: OrgId,
}

impl Store {
    /// Returns the organizations that are due to be purged at `now`, in the order of their due
    /// times; at most 1,000.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn due_purges(&self, now: DateTime<Utc>) -> Result<Vec<PendingPurge>, StoreError> {
        let query = self
            .client()
            .query()
            .table_name(&self.settings.core_table)
            .consistent_read(true)
            .key_condition_expression("#PK = :partition AND #SK <= :now")
            .expression_attribute_names("#PK", "PK")
            .expression_attribute_names("#SK", "SK")
            .expression_attribute_values(":partition", s(keys::PURGE))
            .expression_attribute_values(":now", s(format!("{}{}", keys::due(now), char::MAX)))
            .limit(1000);
        let answer = query.send().await.map_err(|error| StoreError::sdk("Query", error))?;
        let due = |item: Item| {
            let key = key_of(&item).ok_or_else(|| StoreError::new("an item has no key"))?;
            Ok(PendingPurge { key, org: value::<Listed>(item)?.org_id })
        };
        answer.items.unwrap_or_default().into_iter().map(due).collect()
    }

    /// Removes all data of an organization, its own item last, as long as `should_continue` returns
    /// true. The purge is idempotent: an interrupted run can be repeated.
    ///
    /// The first step marks the organization, on the condition of the version that was read. After
    /// that no restore can commit.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn purge(
        &self,
        due: &PendingPurge,
        now: DateTime<Utc>,
        should_continue: impl Fn() -> bool + Sync,
    ) -> Result<Purged, StoreError> {
        let Some(org) = self.orgs(&[due.org]).await?.remove(&due.org) else {
            self.delete_all(true, vec![due.key.clone()]).await?;
            return Ok(Purged::Gone);
        };
        if !org.is_gone(now) || !self.give_up(&org).await? {
            return Ok(Purged::Kept);
        }
        let partitions = [
            (keys::org_partition(&org.id), ORG_ITEMS_PER_QUERY_MAX),
            (keys::resources(&org.id), 100),
            (keys::audit_partition(&org.id), 100),
        ];
        for (partition, limit) in partitions {
            while should_continue() {
                let items = self.first_of(&self.settings.core_table, &partition, limit).await?;
                let own: Vec<Key> =
                    items.iter().filter_map(key_of).filter(|key| key.sk != keys::META).collect();
                if own.is_empty() {
                    break;
                }
                self.delete_all(true, elsewhere(&org.id, &items)).await?;
                self.delete_all(true, own).await?;
            }
        }
        for month in months(&org, now) {
            self.purge_usage(&org.id, month, &should_continue).await?;
        }
        if !should_continue() {
            return Ok(Purged::Unfinished);
        }
        self.end(&org, due).await?;
        Ok(Purged::Gone)
    }

    /// Marks an organization as being purged. Returns false if it changed after the read.
    async fn give_up(&self, org: &Org) -> Result<bool, StoreError> {
        let mut tx = TransactionBuilder::new(&self.settings.core_table);
        tx.update(
            Condition::OrgUnchanged,
            &keys::org(&org.id),
            Expr::update("SET #purging = :yes, #version = :next")
                .and_when("#version = :as_read")
                .bind(":yes", AttributeValue::Bool(true))
                .bind(":next", n(org.version + 1))
                .bind(":as_read", n(org.version)),
        )?;
        self.transact_if(&tx).await
    }

    /// Deletes the organization and its pending purge, and lowers its creator's count. One
    /// transaction does all three, so the count is lowered once.
    async fn end(&self, org: &Org, due: &PendingPurge) -> Result<(), StoreError> {
        let removal = |counts_down: bool| -> Result<TransactionBuilder, StoreError> {
            let mut tx = TransactionBuilder::new(&self.settings.core_table);
            tx.delete(
                Condition::Purging,
                &keys::org(&org.id),
                Expr::when("#purging = :yes").bind(":yes", AttributeValue::Bool(true)),
            )?;
            if counts_down {
                let down = Expr::update("ADD #orgs_created :minus")
                    .and_when("attribute_exists(#PK)")
                    .bind(":minus", n(-1));
                tx.update(Condition::OrgLimit, &keys::profile(&org.created_by), down)?;
            }
            tx.delete(Condition::Purge, &due.key, Expr::default())?;
            Ok(tx)
        };
        // The conditions also fail if another run already deleted the organization. Then the second
        // transaction changes nothing. If the creator's profile was deleted, the second transaction
        // deletes the organization without lowering a count.
        if !self.transact_if(&removal(true)?).await? {
            self.transact_if(&removal(false)?).await?;
        }
        Ok(())
    }

    /// Deletes the organization's counters of a month. Hours go before days, because the daily
    /// counters show which days have hourly counters. Usage events expire by themselves, and
    /// counters of accounts stay.
    async fn purge_usage(
        &self,
        org: &OrgId,
        month: DateTime<Utc>,
        should_continue: &(impl Fn() -> bool + Sync),
    ) -> Result<(), StoreError> {
        let partition = |series, at| keys::rollup_partition(Ledger::Org(org), series, at);
        let daily = partition(CounterSeries::Days, month);
        while should_continue() {
            let items = self.first_of(&self.settings.usage_table, &daily, 100).await?;
            let own: Vec<Key> = items.iter().filter_map(key_of).collect();
            if own.is_empty() {
                break;
            }
            let days_of_month: HashSet<u64> =
                own.iter().filter_map(|key| key.sk.get(..2)?.parse().ok()).collect();
            for day in days_of_month {
                let Some(day) = month.checked_add_days(Days::new(day.saturating_sub(1))) else {
                    continue;
                };
                self.purge_partition(&partition(CounterSeries::Hours, day), should_continue)
                    .await?;
            }
            if should_continue() {
                self.delete_all(false, own).await?;
            }
        }
        let others = CounterSeries::OF_ORG
            .into_iter()
            .filter(|series| !matches!(series, CounterSeries::Hours | CounterSeries::Days));
        for series in others {
            self.purge_partition(&partition(series, month), should_continue).await?;
        }
        self.purge_partition(&keys::kinds(org, Month::of(month)).pk, should_continue).await?;
        Ok(())
    }

    async fn purge_partition(
        &self,
        partition: &str,
        should_continue: &(impl Fn() -> bool + Sync),
    ) -> Result<(), StoreError> {
        while should_continue() {
            let items = self.first_of(&self.settings.usage_table, partition, 100).await?;
            if items.is_empty() {
                break;
            }
            self.delete_all(false, items.iter().filter_map(key_of).collect()).await?;
        }
        Ok(())
    }

    /// Returns the first items of a partition, one more than `limit`: an organization's own item is
    /// deleted last, so it must not hide the items after it.
    async fn first_of(
        &self,
        table: &str,
        partition: &str,
        limit: i32,
    ) -> Result<Vec<Item>, StoreError> {
        let query = self
            .client()
            .query()
            .table_name(table)
            .consistent_read(true)
            .key_condition_expression("#PK = :partition")
            .expression_attribute_names("#PK", "PK")
            .expression_attribute_values(":partition", s(partition))
            .limit(limit + 1);
        Ok(query
            .send()
            .await
            .map_err(|error| StoreError::sdk("Query", error))?
            .items
            .unwrap_or_default())
    }

    /// Deletes items by their keys. Retries items that DynamoDB leaves unprocessed.
    async fn delete_all(&self, core: bool, keys: Vec<Key>) -> Result<(), StoreError> {
        let table = if core { &self.settings.core_table } else { &self.settings.usage_table };
        try_join_all(
            keys.chunks(BATCH_DELETE_ITEMS_MAX).map(|batch| self.delete_batch(table, batch)),
        )
        .await
        .map(drop)
    }

    async fn delete_batch(&self, table: &str, batch: &[Key]) -> Result<(), StoreError> {
        let delete = |key| DeleteRequest::builder().set_key(Some(primary_key(key))).build();
        let requests = batch.iter().map(|key| {
            delete(key).map(|delete| WriteRequest::builder().delete_request(delete).build())
        });
        let mut pending: Vec<WriteRequest> = requests
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::new(error.to_string()))?;
        for attempt in 0..5 {
            if attempt > 0 {
                self.pause(attempt).await;
            }
            let answer =
                self.client().batch_write_item().request_items(table, pending).send().await;
            let answer = answer.map_err(|error| StoreError::sdk("BatchWriteItem", error))?;
            pending =
                answer.unprocessed_items.unwrap_or_default().into_values().flatten().collect();
            if pending.is_empty() {
                return Ok(());
            }
        }
        Err(StoreError::Transient(
            "BatchWriteItem: items are still unprocessed after all attempts".to_owned(),
        ))
    }
}

/// Returns the keys of the items that members and invitations have in other partitions: user
/// memberships and address locks.
fn elsewhere(org: &OrgId, items: &[Item]) -> Vec<Key> {
    let user_membership = |item: &Item| {
        Some(keys::user_membership(
            &UserId::parse(text(item, "SK")?.strip_prefix(keys::MEMBERS)?).ok()?,
            org,
        ))
    };
    let lock = |item: &Item| {
        Some(keys::address(&serde_dynamo::from_attribute_value(item.get("ek")?.clone()).ok()?, org))
    };
    let keys: HashSet<Key> =
        items.iter().flat_map(|item| [user_membership(item), lock(item)]).flatten().collect();
    keys.into_iter().collect()
}

/// Returns the first day of each month in which an organization can have usage.
fn months(org: &Org, now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    // A backfilled event may be older than the organization. It adds its kind to those of its month.
    let first = org.created_at - Duration::days(BACKFILL_DAYS);
    let first = first
        .date_naive()
        .with_day(1)
        .map(|day| Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN)));
    std::iter::successors(first, |month| month.checked_add_months(Months::new(1)))
        .take_while(move |month| *month <= now)
}
