//! Scans all organizations in steps, each of which resumes where the last one ended, and counts
//! their members.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use orgs_domain::recount::MemberCounts;
use orgs_domain::{Org, OrgId, Role};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::error::StoreError;
use crate::item::{item, key_of, primary_key, s, value};
use crate::keys::{self, Key};
use crate::store::Store;

/// The number of segments of the table that are scanned in parallel.
pub const SEGMENTS: u8 = 4;

/// The progress of the scan over a segment of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanProgress {
    /// The item after which the scan resumes. `None` stands for the start of the segment.
    pub position: Option<ScanCursor>,
    /// The time at which the last complete scan of the segment ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// The position of a scan: the last item that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanCursor {
    after_pk: String,
    after_sk: String,
}

impl ScanCursor {
    /// Returns the position directly after an organization.
    #[must_use]
    pub fn after(org: &OrgId) -> Self {
        let key = keys::org(org);
        Self { after_pk: key.pk, after_sk: key.sk }
    }
}

impl Store {
    /// Returns the progress of the scan over a segment. Default: the start of the segment.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn scan_progress(&self, segment: u8) -> Result<ScanProgress, StoreError> {
        let key = keys::scan_progress(segment);
        self.get(&[&key]).await?.remove(&key).map(value).transpose().map(Option::unwrap_or_default)
    }

    /// Saves the progress of the scan over a segment.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn save_scan_progress(
        &self,
        segment: u8,
        progress: &ScanProgress,
    ) -> Result<(), StoreError> {
        let saved: HashMap<String, AttributeValue> = item(&keys::scan_progress(segment), progress)?;
        let put = self
            .client()
            .put_item()
            .table_name(&self.settings.core_table)
            .set_item(Some(saved))
            .send()
            .await;
        put.map(drop).map_err(|error| StoreError::sdk("PutItem", error))
    }

    /// Returns the organizations in the next part of a segment, and the position at which the
    /// following part starts. The position is `None` at the end of the segment.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn orgs_after(
        &self,
        segment: u8,
        position: Option<&ScanCursor>,
    ) -> Result<(Vec<OrgId>, Option<ScanCursor>), StoreError> {
        let start = position
            .map(|last| primary_key(&Key { pk: last.after_pk.clone(), sk: last.after_sk.clone() }));
        let scan = self
            .client()
            .scan()
            .table_name(&self.settings.core_table)
            .segment(i32::from(segment))
            .total_segments(i32::from(SEGMENTS))
            .filter_expression("#SK = :meta")
            .projection_expression("#id")
            .expression_attribute_names("#SK", "SK")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":meta", s(keys::META))
            .set_exclusive_start_key(start);
        let answer = scan.send().await.map_err(|error| StoreError::sdk("Scan", error))?;
        let orgs = answer.items.unwrap_or_default().into_iter();
        let orgs = orgs
            .map(|item| value::<Identified>(item).map(|org| org.id))
            .collect::<Result<_, _>>()?;
        let position = answer
            .last_evaluated_key
            .as_ref()
            .and_then(key_of)
            .map(|key| ScanCursor { after_pk: key.pk, after_sk: key.sk });
        Ok((orgs, position))
    }

    /// Counts the members of an organization, and returns the count together with the stored
    /// counts. Gives up at `until`.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn recount(&self, id: &OrgId, until: Instant) -> Result<Recount, StoreError> {
        let Some(before) = self.stored_in(id).await? else { return Ok(Recount::Changed) };
        let Some(counted) = self.count_members(id, until).await? else {
            return Ok(Recount::TooMany);
        };
        let stored = self.stored_in(id).await?.filter(|after| *after == before);
        Ok(stored.map_or(Recount::Changed, |stored| Recount::Done { stored, counted }))
    }

    /// Counts the members, one megabyte per query. Returns `None` if that takes longer than
    /// `until`.
    async fn count_members(
        &self,
        id: &OrgId,
        until: Instant,
    ) -> Result<Option<MemberCounts>, StoreError> {
        let (mut counted, mut start) = (MemberCounts::default(), None);
        loop {
            let query = self
                .client()
                .query()
                .table_name(&self.settings.core_table)
                .key_condition_expression("#PK = :pk AND begins_with(#SK, :members)")
                .projection_expression("#role")
                .expression_attribute_names("#PK", "PK")
                .expression_attribute_names("#SK", "SK")
                .expression_attribute_names("#role", "role")
                .expression_attribute_values(":pk", s(keys::org(id).pk))
                .expression_attribute_values(":members", s(keys::MEMBERS))
                .consistent_read(true)
                .set_exclusive_start_key(start);
            let answer = query.send().await.map_err(|error| StoreError::sdk("Query", error))?;
            for item in answer.items.unwrap_or_default() {
                counted.add(value::<Ranked>(item)?.role);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(Some(counted));
            }
            if Instant::now() > until {
                return Ok(None);
            }
        }
    }

    async fn stored_in(&self, id: &OrgId) -> Result<Option<MemberCounts>, StoreError> {
        let org: Option<Org> = self.orgs(&[*id]).await?.remove(id);
        Ok(org.as_ref().map(MemberCounts::stored_in))
    }
}

/// The result of a recount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recount {
    /// The stored and the fresh counts, from a time in which the stored counts did not change.
    Done {
        /// The counts that the organization stores.
        stored: MemberCounts,
        /// The counts of its members, counted now.
        counted: MemberCounts,
    },
    /// The stored counts changed during the recount, or the organization was removed.
    Changed,
    /// There are too many members to count until the deadline.
    TooMany,
}

#[derive(Deserialize)]
struct Ranked {
    role: Role,
}

#[derive(Deserialize)]
struct Identified {
    id: OrgId,
}
