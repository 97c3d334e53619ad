//! One page of a partition.

use chrono::{DateTime, Utc};
use orgs_domain::{Member, Org, OrgId, Role, UserId};
use serde::Deserialize;

use crate::cursor::{Page, Paged};
use crate::failure::Unavailable;
use crate::item::{Item, s, text, value};
use crate::keys::{self, Key};
use crate::plan::{Expr, attribute_names};
use crate::read::Reading;
use crate::search;
use crate::store::Store;
use crate::tables::LISTING;

/// How many items a filtered page looks at, at most.
const LOOKED_AT: i32 = 1000;

/// A part of a partition, of the table or of its index, in order.
#[derive(Debug)]
pub(crate) struct Part {
    partition: String,
    from: String,
    to: String,
    forward: bool,
    /// Of the index: its partition, whose sort keys are those of the items.
    listing: Option<String>,
}

/// Where a page starts.
enum Start {
    /// At the part's own start.
    First,
    /// Behind this item.
    Behind(Item),
    /// Nowhere: the part is over.
    Nowhere,
}

impl Part {
    /// What begins with `prefix`.
    pub(crate) fn all(partition: String, prefix: &str) -> Self {
        // No character comes after the last one: this is where what begins so ends.
        Self {
            partition,
            from: prefix.to_owned(),
            to: format!("{prefix}{}", char::MAX),
            forward: true,
            listing: None,
        }
    }

    /// What is between two sort keys.
    pub(crate) fn between(partition: String, from: String, to: String) -> Self {
        Self { partition, from, to, forward: true, listing: None }
    }

    /// The same, the last first.
    pub(crate) fn backward(self) -> Self {
        Self { forward: false, ..self }
    }

    /// Those that are in a partition of the index.
    pub(crate) fn listed_in(self, listing: String) -> Self {
        Self { listing: Some(listing), ..self }
    }

    /// Where the page after a cursor starts, which may be one of another part.
    fn start(&self, cursor: Option<&str>) -> Start {
        let Some(cursor) = cursor else { return Start::First };
        // Behind a cursor at the last key of the range there is nothing, and DynamoDB refuses it.
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
            search::entry(&mut start, listing.clone(), cursor.to_owned());
        }
        Start::Behind(start)
    }
}

#[derive(Deserialize)]
struct Mirror {
    org_id: OrgId,
    role: Role,
}

impl Store {
    /// Reads a page of a part, whose items are strongly consistent unless they are listed in the
    /// index.
    ///
    /// With a filter the page may be short while it has a next one.
    pub(crate) async fn page<T>(
        &self,
        part: Part,
        filter: Expr,
        page: &Page,
        read: impl Fn(Item) -> Result<T, Unavailable>,
    ) -> Result<Paged<T>, Unavailable> {
        let limit = usize::from(page.limit);
        let start = match part.start(page.after()) {
            Start::First => None,
            Start::Behind(item) => Some(item),
            Start::Nowhere => return Ok(Paged::default()),
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
            // One more than is shown tells whether there is a next page.
            .limit(if filtered { LOOKED_AT } else { i32::from(page.limit) + 1 });
        let query = filter
            .into_values()
            .into_iter()
            .fold(query, |query, (name, value)| query.expression_attribute_values(name, value));
        let answer = query.send().await.map_err(|error| Unavailable::sdk("Query", error))?;
        let mut items = answer.items.unwrap_or_default();
        let last = if items.len() > limit {
            items.truncate(limit);
            items.last().and_then(|item| text(item, "SK")).map(str::to_owned)
        } else {
            answer.last_evaluated_key.as_ref().and_then(|key| text(key, "SK")).map(str::to_owned)
        };
        Ok(Paged::new(items.into_iter().map(read).collect::<Result<_, _>>()?, last.as_deref()))
    }

    /// Every membership of a user in an organization that exists at `now`, with it.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn memberships(
        &self,
        user: &UserId,
        now: DateTime<Utc>,
        reading: Reading,
    ) -> Result<Vec<(Org, Member)>, Unavailable> {
        let mut found = Vec::new();
        // Of each membership two items are read, and one call reads at most 100.
        let mut next = Some(Page::first(50));
        while let Some(page) = next {
            let mirrors: Paged<Mirror> = self
                .page(
                    Part::all(keys::user_partition(user), keys::MIRRORS),
                    Expr::default(),
                    &page,
                    value,
                )
                .await?;
            let keys: Vec<(Key, Key)> = mirrors
                .data
                .iter()
                .map(|mirror| (keys::org(&mirror.org_id), keys::member(&mirror.org_id, user)))
                .collect();
            let items = self
                .get_as(
                    &keys.iter().flat_map(|(org, member)| [org, member]).collect::<Vec<_>>(),
                    reading,
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
            next = mirrors
                .next_cursor
                .and_then(|cursor| Page::new(50, Some(&cursor), &[keys::MIRRORS]));
        }
        Ok(found)
    }

    /// A page of the organizations that a user is a member of and that exist at `now`, each with
    /// the user's role.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn orgs_of(
        &self,
        user: &UserId,
        now: DateTime<Utc>,
        page: &Page,
    ) -> Result<Paged<(Org, Role)>, Unavailable> {
        let mirrors: Paged<Mirror> = self
            .page(
                Part::all(keys::user_partition(user), keys::MIRRORS),
                Expr::default(),
                page,
                value,
            )
            .await?;
        let ids: Vec<OrgId> = mirrors.data.iter().map(|mirror| mirror.org_id).collect();
        let mut orgs = self.orgs(&ids).await?;
        orgs.retain(|_, org| !org.is_gone(now));
        let data = mirrors
            .data
            .iter()
            .filter_map(|mirror| orgs.remove(&mirror.org_id).map(|org| (org, mirror.role)))
            .collect();
        Ok(Paged { data, next_cursor: mirrors.next_cursor })
    }
}
