//! A pass over all organizations, in parts that go on where the one before ended.

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

/// How many parts of the table are passed over at the same time.
pub const SEGMENTS: u8 = 4;

/// How far the pass over a segment is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanProgress {
    /// Behind which item it goes on; at the start where there is none.
    pub position: Option<ScanCursor>,
    /// When the last whole pass ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// An item that a pass has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanCursor {
    after_pk: String,
    after_sk: String,
}

impl ScanCursor {
    /// Where a pass goes on that has come to this organization.
    #[must_use]
    pub fn after(org: &OrgId) -> Self {
        let key = keys::org(org);
        Self { after_pk: key.pk, after_sk: key.sk }
    }
}

impl Store {
    /// How far the pass over a segment is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scan_progress(&self, segment: u8) -> Result<ScanProgress, StoreError> {
        let key = keys::scan_progress(segment);
        self.get(&[&key]).await?.remove(&key).map(value).transpose().map(Option::unwrap_or_default)
    }

    /// Keeps how far the pass over a segment is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_scan_progress(
        &self,
        segment: u8,
        pass: &ScanProgress,
    ) -> Result<(), StoreError> {
        let kept: HashMap<String, AttributeValue> = item(&keys::scan_progress(segment), pass)?;
        let put = self
            .client()
            .put_item()
            .table_name(&self.settings.core_table)
            .set_item(Some(kept))
            .send()
            .await;
        put.map(drop).map_err(|error| StoreError::sdk("PutItem", error))
    }

    /// The organizations in the next part of a segment, and where the part after it begins; nothing
    /// when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn orgs_after(
        &self,
        segment: u8,
        position: Option<&ScanCursor>,
    ) -> Result<(Vec<OrgId>, Option<ScanCursor>), StoreError> {
        let start = position
            .map(|at| primary_key(&Key { pk: at.after_pk.clone(), sk: at.after_sk.clone() }));
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

    /// Compares the stored member counts of an organization with a fresh count, until `until`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn recount(&self, id: &OrgId, until: Instant) -> Result<Recount, StoreError> {
        let Some(before) = self.stored_in(id).await? else { return Ok(Recount::Changed) };
        let Some(counted) = self.count_members(id, until).await? else {
            return Ok(Recount::TooMany);
        };
        let said = self.stored_in(id).await?.filter(|after| *after == before);
        Ok(said.map_or(Recount::Changed, |said| Recount::Done { said, counted }))
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
    /// Both counts.
    Done {
        /// The stored counts.
        said: MemberCounts,
        /// The fresh counts.
        counted: MemberCounts,
    },
    /// The organization changed during the count, or was removed.
    Changed,
    /// The count did not end in time.
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
