//! Bounds the kinds of usage that an organization has in a month, so that a counter stays small.
//!
//! A counter holds all kinds of its window in one item. One item per organization and month has the
//! set of its kinds. A kind is added to the set before its first event of the month is counted, on
//! the condition that the set has room. Each process remembers the sets that it has seen.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use futures::future::try_join_all;
use orgs_domain::booking::BookedEvent;
use orgs_domain::usage::KINDS_MAX;
use orgs_domain::{Month, OrgId};

use crate::commit::CommitError;
use crate::error::StoreError;
use crate::item::{Item, SCHEMA, n, primary_key};
use crate::keys;
use crate::store::Store;
use crate::usage::ATTEMPTS_MAX;

/// The number of sets that a process remembers. A set has at most 13 KB.
const REMEMBERED_MAX: usize = 500;

/// The kinds of each month that have no room.
pub(crate) type RejectedKinds<'e> = BTreeSet<(Month, &'e str)>;

impl Store {
    /// Adds the kinds of events to the sets of their months. Returns the kinds that have no room.
    pub(crate) async fn add_kinds<'e>(
        &self,
        org: &OrgId,
        events: &'e [BookedEvent],
    ) -> Result<RejectedKinds<'e>, CommitError> {
        let mut months: BTreeMap<Month, BTreeSet<&str>> = BTreeMap::new();
        for BookedEvent { event, .. } in events {
            months.entry(Month::of(event.timestamp)).or_default().insert(&event.kind);
        }
        let months = months.into_iter().map(|(month, kinds)| async move {
            let rejected = self.add_kinds_of_month(org, month, kinds).await?;
            Ok::<_, CommitError>(rejected.into_iter().map(move |kind| (month, kind)))
        });
        Ok(try_join_all(months).await?.into_iter().flatten().collect())
    }

    async fn add_kinds_of_month<'e>(
        &self,
        org: &OrgId,
        month: Month,
        mut kinds: BTreeSet<&'e str>,
    ) -> Result<BTreeSet<&'e str>, CommitError> {
        let mut known = self.remembered_kinds(org, month);
        // Only the stored set rejects a kind, because an operator can delete it.
        let mut room = KINDS_MAX;
        for _ in 0..ATTEMPTS_MAX {
            kinds.retain(|kind| !known.contains(*kind));
            let added: BTreeSet<&str> = kinds.iter().take(room).copied().collect();
            if added.is_empty() {
                return Ok(kinds);
            }
            known = match self.add_to_set(org, month, &added).await? {
                Ok(()) => known.into_iter().chain(added.into_iter().map(str::to_owned)).collect(),
                Err(stored) => {
                    room = KINDS_MAX.saturating_sub(stored.len());
                    stored
                }
            };
            self.remember_kinds(org, month, &known);
        }
        // Other requests added kinds each time.
        Err(CommitError::Contention)
    }

    /// Adds kinds to the set of a month. Returns the stored set if the kinds have no room, counting
    /// those that it has already.
    async fn add_to_set(
        &self,
        org: &OrgId,
        month: Month,
        kinds: &BTreeSet<&str>,
    ) -> Result<Result<(), BTreeSet<String>>, StoreError> {
        let added = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let call = self
            .client()
            .update_item()
            .table_name(&self.settings.usage_table)
            .set_key(Some(primary_key(&keys::kinds(org, month))))
            .update_expression("ADD #kinds :added SET #schema = :schema")
            .condition_expression("attribute_not_exists(#kinds) OR size(#kinds) <= :most")
            .expression_attribute_names("#kinds", "kinds")
            .expression_attribute_names("#schema", "schema")
            .expression_attribute_values(":added", AttributeValue::Ss(added))
            .expression_attribute_values(":most", n(KINDS_MAX - kinds.len()))
            .expression_attribute_values(":schema", n(SCHEMA))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Err(failed.item.as_ref().map(kinds_in).unwrap_or_default()))
                }
                _ => Err(StoreError::sdk("UpdateItem", error)),
            },
        }
    }

    fn remembered_kinds(&self, org: &OrgId, month: Month) -> BTreeSet<String> {
        // A poisoned lock costs another write.
        let known = self.known_kinds.lock().ok();
        known.and_then(|known| known.get(&(*org, month)).cloned()).unwrap_or_default()
    }

    fn remember_kinds(&self, org: &OrgId, month: Month, kinds: &BTreeSet<String>) {
        if let Ok(mut known) = self.known_kinds.lock() {
            if known.len() >= REMEMBERED_MAX {
                let mut is_kept = false;
                known.retain(|_, _| {
                    is_kept = !is_kept;
                    is_kept
                });
            }
            known.entry((*org, month)).or_default().extend(kinds.iter().cloned());
        }
    }
}

fn kinds_in(item: &Item) -> BTreeSet<String> {
    let kinds = item.get("kinds").and_then(|kinds| kinds.as_ss().ok());
    kinds.into_iter().flatten().cloned().collect()
}
