//! Leases for mails to the owners of an organization. Each mail is sent at least once, and rarely
//! twice.
//!
//! The audit record that requests the mail also records who was notified. A process takes a lease
//! on it before it sends mails. If two processes try, one gets the lease, and the other retries
//! later. If a process ends between a mail and its record, the lease expires, and that one mail is
//! sent again.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use chrono::{DateTime, Duration, Utc};
use orgs_domain::{AuditId, OrgId, UserId, text};
use uuid::Uuid;

use crate::error::StoreError;
use crate::item::{Item, n, primary_key, s};
use crate::keys;
use crate::store::Store;
use crate::tx::attribute_names;

/// The length of a lease: longer than sending a mail takes. Each mail renews the lease.
const LEASE_SECONDS: i64 = 15;

/// The most changes per day that the owners get mails about, so that one owner cannot flood the
/// others.
const CHANGES_PER_DAY_MAX: usize = 5;

/// The result of acquiring a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// The caller has the lease. It has to notify every owner who is not among these recipients.
    Acquired(Recipients),
    /// Another process holds the lease.
    HeldElsewhere,
    /// All owners were notified, or the record does not exist.
    Completed,
}

/// The members who were notified, as hashes of their user ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients(BTreeSet<String>);

impl Recipients {
    /// Returns true if this member was notified.
    #[must_use]
    pub fn contains(&self, user: &UserId) -> bool {
        self.0.contains(&text::short_hash(user.as_str()))
    }
}

/// The condition of every update: an audit record that was purged with its organization must not be
/// created again.
const RECORD_EXISTS: &str = "attribute_exists(#PK)";

impl Store {
    /// Returns true if the owners may get a mail about a change made `at`, and counts the change
    /// towards the limit of that day. Repeated calls for a change return the same and count once.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails.
    pub async fn may_notify(
        &self,
        org: &OrgId,
        change: AuditId,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let condition = "attribute_not_exists(#changes) OR contains(#changes, :change) OR size(#changes) < :most";
        let values = [
            (":changes", AttributeValue::Ss(vec![change.to_string()])),
            (":change", s(change.to_string())),
            (":most", n(CHANGES_PER_DAY_MAX)),
            // Longer than a mail can wait in the queue: SQS keeps a message for at most 14 days.
            (":ttl", n((at + Duration::days(20)).timestamp())),
        ];
        let counted = self
            .update(
                &keys::billing_notices(org, at),
                "ADD #changes :changes SET #ttl = :ttl",
                condition,
                values,
            )
            .await?;
        Ok(counted.is_some())
    }

    /// Acquires the lease on the notice of an audit record for `holder`, a unique id. Retrying with the same id
    /// succeeds, so a lost response does no harm. The lease lasts 15 seconds.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails.
    pub async fn acquire_notice(
        &self,
        org: &OrgId,
        record: AuditId,
        holder: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Lease, StoreError> {
        let condition = format!(
            "attribute_not_exists(#sent_at) AND (attribute_not_exists(#lease) OR #lease <= :now OR #holder = :holder) AND {RECORD_EXISTS}"
        );
        let until = now + Duration::seconds(LEASE_SECONDS);
        let times = [(":until", n(until.timestamp_millis())), (":now", n(now.timestamp_millis()))];
        let values = times.into_iter().chain([(":holder", s(holder.to_string()))]);
        match self
            .note(org, record, "SET #lease = :until, #holder = :holder", &condition, values)
            .await?
        {
            Ok(item) => {
                let recipients = item
                    .get("told")
                    .and_then(|set| set.as_ss().ok())
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect();
                Ok(Lease::Acquired(Recipients(recipients)))
            }
            Err(Some(item)) if !item.contains_key("sent_at") => Ok(Lease::HeldElsewhere),
            Err(_) => Ok(Lease::Completed),
        }
    }

    /// Records that a member was notified, and renews the lease.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails.
    pub async fn mark_notified(
        &self,
        org: &OrgId,
        record: AuditId,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let until = now + Duration::seconds(LEASE_SECONDS);
        let values = [
            (":user", AttributeValue::Ss(vec![text::short_hash(user.as_str())])),
            (":until", n(until.timestamp_millis())),
        ];
        self.note(org, record, "SET #lease = :until ADD #told :user", RECORD_EXISTS, values)
            .await
            .map(drop)
    }

    /// Records that all owners were notified, and ends the lease.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails.
    pub async fn complete_notice(
        &self,
        org: &OrgId,
        record: AuditId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let values = [(":now", serde_dynamo::to_attribute_value(now)?)];
        self.note(org, record, "SET #sent_at = :now REMOVE #lease, #holder", RECORD_EXISTS, values)
            .await
            .map(drop)
    }

    /// Releases the lease, so that another process can acquire it at once.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails.
    pub async fn release_notice(&self, org: &OrgId, record: AuditId) -> Result<(), StoreError> {
        self.note(org, record, "REMOVE #lease, #holder", RECORD_EXISTS, []).await.map(drop)
    }

    /// Updates an audit record if the condition holds. Otherwise returns the current item, if
    /// it exists.
    async fn note<'a>(
        &self,
        org: &OrgId,
        record: AuditId,
        update: &str,
        condition: &str,
        values: impl IntoIterator<Item = (&'a str, AttributeValue)>,
    ) -> Result<Result<Item, Option<Item>>, StoreError> {
        let mut names = attribute_names(update);
        names.extend(attribute_names(condition));
        let values: Item =
            values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let call = self
            .client()
            .update_item()
            .table_name(&self.settings.core_table)
            .set_key(Some(primary_key(&keys::audit(org, &record))))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => Ok(Ok(answer.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Err(failed.item.clone()))
                }
                _ => Err(StoreError::sdk("UpdateItem", error)),
            },
        }
    }
}
