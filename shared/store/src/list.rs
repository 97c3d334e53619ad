//! Reads a partition page by page.

use chrono::{DateTime, Utc};
use orgs_domain::{Member, Org, OrgId, Role, UserId};
use serde::Deserialize;

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, s, text, value};
use crate::keys::{self, Key};
use crate::read::ReadIsolation;
use crate::store::Store;
use crate::tables::LISTING;
use crate::tx::{Expr, attribute_names};

/// The maximum number of items that the query of a filtered page examines.
const FILTERED_PAGE_ITEMS_MAX: i32 = 1000;

/// A range of sort keys in a partition of the table or of its index.
#[derive(Debug)]
pub(crate) struct Part {
    partition: String,
    from: String,
    to: String,
    forward: bool,
    /// The partition of the index, if the range is read from the index. Its sort keys equal those
    /// of the items.
    listing: Option<String>,
}

/// The position at which a page starts.
enum Start {
    /// At the start of the range.
    First,
    /// After this item, exclusive.
    Behind(Item),
    /// The range is exhausted, so the page is empty.
    Nowhere,
}

impl Part {
    /// Returns the range of sort keys that begin with `prefix`.
    pub(crate) fn all(partition: String, prefix: &str) -> Self {
        // `char::MAX` sorts after every other character, so the range ends after the prefix.
        Self {
            partition,
            from: prefix.to_owned(),
            to: format!("{prefix}{}", char::MAX),
            forward: true,
            listing: None,
        }
    }

    /// Returns the range between two sort keys, both inclusive.
    pub(crate) fn between(partition: String, from: String, to: String) -> Self {
        Self { partition, from, to, forward: true, listing: None }
    }

    /// Reverses the order of the range.
    pub(crate) fn backward(self) -> Self {
        Self { forward: false, ..self }
    }

    /// Reads the range from a partition of the index.
    pub(crate) fn listed_in(self, listing: String) -> Self {
        Self { listing: Some(listing), ..self }
    }

    /// Returns the start of the page after a cursor, which may come from a range with other bounds.
    fn start(&self, cursor: Option<&str>) -> Start {
        let Some(cursor) = cursor else { return Start::First };
        // DynamoDB rejects a start key outside the range. After the last key, the page is empty.
        let (from, to) = (self.from.as_str(), self.to.as_str());
        let (is_ahead, is_behind) = if self.forward {
            (cursor < from, cursor >= to)
        } else {
            (cursor > to, cursor <= from)
        };
        if is_behind {
            return Start::Nowhere;
        }
        if is_ahead {
            return Start::First;
        }
        let mut start =
            Item::from([("PK".to_owned(), s(&self.partition)), ("SK".to_owned(), s(cursor))]);
        if let Some(listing) = &self.listing {
            entry(&mut start, listing.clone(), cursor.to_owned());
        }
        Start::Behind(start)
    }
}

/// Adds the attributes that list an item in the index.
pub(crate) fn entry(item: &mut Item, partition: String, sort: String) {
    item.insert(LISTING.partition_key.to_owned(), s(partition));
    item.insert(LISTING.sort_key.to_owned(), s(sort));
}

#[derive(Deserialize)]
struct UserMembership {
    org_id: OrgId,
    role: Role,
}

impl Store {
    /// Reads a page of a range. Items of the table are strongly consistent; entries of the index
    /// are not.
    ///
    /// With a filter, a page may have fewer entries than its limit although there is a next page.
    pub(crate) async fn page<T>(
        &self,
        part: Part,
        filter: Expr,
        page: &PageRequest,
        read: impl Fn(Item) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let limit = usize::from(page.limit);
        let start = match part.start(page.after()) {
            Start::First => None,
            Start::Behind(item) => Some(item),
            Start::Nowhere => return Ok(Page::default()),
        };
        let condition = if part.listing.is_some() {
            "#LPK = :partition AND #LSK BETWEEN :from AND :to"
        } else {
            "#PK = :partition AND #SK BETWEEN :from AND :to"
        };
        let mut names = attribute_names(condition);
        names.extend(filter.condition().map(attribute_names).unwrap_or_default());
        let filtered = filter.condition().is_some();
        let query = self
            .client()
            .query()
            .table_name(&self.settings.core_table)
            .set_index_name(part.listing.as_ref().map(|_| LISTING.name.to_owned()))
            .consistent_read(part.listing.is_none())
            .key_condition_expression(condition)
            .set_filter_expression(filter.condition().map(str::to_owned))
            .set_expression_attribute_names(Some(names))
            .expression_attribute_values(":partition", s(part.listing.unwrap_or(part.partition)))
            .expression_attribute_values(":from", s(part.from))
            .expression_attribute_values(":to", s(part.to))
            .set_exclusive_start_key(start)
            .scan_index_forward(part.forward)
            // One item more than the limit shows that there is a next page.
            .limit(if filtered { FILTERED_PAGE_ITEMS_MAX } else { i32::from(page.limit) + 1 });
        let query = filter
            .into_values()
            .into_iter()
            .fold(query, |query, (name, value)| query.expression_attribute_values(name, value));
        let answer = query.send().await.map_err(|error| StoreError::sdk("Query", error))?;
        let mut items = answer.items.unwrap_or_default();
        let last = if items.len() > limit {
            items.truncate(limit);
            items.last().and_then(|item| text(item, "SK")).map(str::to_owned)
        } else {
            answer.last_evaluated_key.as_ref().and_then(|key| text(key, "SK")).map(str::to_owned)
        };
        Ok(Page::new(items.into_iter().map(read).collect::<Result<_, _>>()?, last.as_deref()))
    }

    /// Returns every membership of a user, each with its organization. Omits organizations that no
    /// longer exist at `now`.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn memberships(
        &self,
        user: &UserId,
        now: DateTime<Utc>,
        isolation: ReadIsolation,
    ) -> Result<Vec<(Org, Member)>, StoreError> {
        let mut found = Vec::new();
        // Each membership needs two items, and one call reads at most 100.
        let mut next = Some(PageRequest::first(50));
        while let Some(page) = next {
            let user_memberships: Page<UserMembership> = self
                .page(
                    Part::all(keys::user_partition(user), keys::USER_MEMBERSHIPS),
                    Expr::default(),
                    &page,
                    value,
                )
                .await?;
            let keys: Vec<(Key, Key)> = user_memberships
                .data
                .iter()
                .map(|user_membership| {
                    (
                        keys::org(&user_membership.org_id),
                        keys::member(&user_membership.org_id, user),
                    )
                })
                .collect();
            let items = self
                .get_as(
                    &keys.iter().flat_map(|(org, member)| [org, member]).collect::<Vec<_>>(),
                    isolation,
                )
                .await?;
            for (org, member) in &keys {
                if let (Some(org), Some(member)) = (items.get(org), items.get(member)) {
                    let org: Org = value(org.clone())?;
                    if !org.is_gone(now) {
                        found.push((org, value(member.clone())?));
                    }
                }
            }
            next = user_memberships
                .next_cursor
                .and_then(|cursor| PageRequest::new(50, Some(&cursor), &[keys::USER_MEMBERSHIPS]));
        }
        Ok(found)
    }

    /// Returns a page of the organizations that a user is a member of and that exist at `now`, each
    /// with the user's role.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn orgs_of(
        &self,
        user: &UserId,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<(Org, Role)>, StoreError> {
        let user_memberships: Page<UserMembership> = self
            .page(
                Part::all(keys::user_partition(user), keys::USER_MEMBERSHIPS),
                Expr::default(),
                page,
                value,
            )
            .await?;
        let ids: Vec<OrgId> =
            user_memberships.data.iter().map(|user_membership| user_membership.org_id).collect();
        let mut orgs = self.orgs(&ids).await?;
        orgs.retain(|_, org| !org.is_gone(now));
        let data = user_memberships
            .data
            .iter()
            .filter_map(|user_membership| {
                orgs.remove(&user_membership.org_id).map(|org| (org, user_membership.role))
            })
            .collect();
        Ok(Page { data, next_cursor: user_memberships.next_cursor })
    }
}
