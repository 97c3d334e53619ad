//! Lists audit records. Each commit writes one.

use chrono::{DateTime, TimeDelta, Utc};
use orgs_domain::OrgId;
use orgs_domain::audit::AuditRecord;

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{s, value};
use crate::keys;
use crate::list::Part;
use crate::store::Store;
use crate::tx::Expr;

/// The maximum time between the start of a request and the creation of its audit id. A Lambda runs
/// for less than this.
const AUDIT_ID_DELAY_MAX: TimeDelta = TimeDelta::minutes(1);

/// Selects the audit records to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Records from this time on, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// Records before this time, exclusive.
    pub to: Option<DateTime<Utc>>,
    /// Records of this action only.
    pub action: Option<String>,
}

/// Returns the smallest audit id of a time. An id begins with the milliseconds since 1970, in 12
/// hex digits.
fn first_of(time: DateTime<Utc>) -> String {
    format!("{}{:012x}", keys::AUDIT, time.timestamp_millis().max(0))
}

impl Store {
    /// Returns a page of an organization's audit records, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn audit(
        &self,
        org: &OrgId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>, StoreError> {
        let from = filter.from.map_or_else(|| keys::AUDIT.to_owned(), first_of);
        let to = filter.to.map_or_else(
            || format!("{}{}", keys::AUDIT, char::MAX),
            |to| first_of(to + AUDIT_ID_DELAY_MAX),
        );
        if from > to {
            return Ok(Page::default());
        }
        let expr = match &filter.action {
            Some(action) => Expr::when("#action = :action").bind(":action", s(action)),
            None => Expr::default(),
        };
        let part = Part::between(keys::audit_partition(org), from, to).backward();
        let mut found = self.page(part, expr, page, value::<AuditRecord>).await?;
        found.data.retain(|record| {
            filter.from.is_none_or(|from| record.at >= from)
                && filter.to.is_none_or(|to| record.at < to)
        });
        Ok(found)
    }
}
