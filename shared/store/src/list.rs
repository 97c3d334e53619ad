//! One page of a partition.

use orgs_domain::{Member, Org, OrgId, Role, UserId};
use serde::Deserialize;

use crate::cursor::{Page, Paged};
use crate::failure::Unavailable;
use crate::item::{Item, s, text, value};
use crate::keys::{self, Key};
use crate::plan::{Expr, attribute_names};
use crate::read::Reading;
use crate::store::Store;

/// How many items a filtered page looks at, at most.
const LOOKED_AT: i32 = 1000;

#[derive(Deserialize)]
struct Mirror {
    org_id: OrgId,
    role: Role,
}

impl Store {
    /// Reads a page of the items whose sort key begins with `prefix`, in order or newest first.
    ///
    /// With a filter the page may be short while it has a next one.
    pub(crate) async fn page<T>(
        &self,
        partition: String,
        prefix: &str,
        forward: bool,
        filter: Expr,
        page: &Page,
        read: impl Fn(Item) -> Result<T, Unavailable>,
    ) -> Result<Paged<T>, Unavailable> {
        let limit = usize::from(page.limit);
        let filtered = filter.condition().is_some();
        let condition = "#PK = :partition AND begins_with(#SK, :prefix)";
        let mut names = attribute_names(condition);
        names.extend(filter.condition().map(attribute_names).unwrap_or_default());
        let start = page.after().map(|after| Item::from([("PK".to_owned(), s(&partition)), ("SK".to_owned(), s(after))]));
        let query = self
            .client
            .query()
            .table_name(&self.settings.core_table)
            .consistent_read(true)
            .key_condition_expression(condition)
            .set_filter_expression(filter.condition().map(str::to_owned))
            .set_expression_attribute_names(Some(names))
            .expression_attribute_values(":partition", s(partition))
            .expression_attribute_values(":prefix", s(prefix))
            .set_exclusive_start_key(start)
            .scan_index_forward(forward)
            // One more than is shown tells whether there is a next page.
            .limit(if filtered { LOOKED_AT } else { i32::from(page.limit) + 1 });
        let query = filter.into_values().into_iter().fold(query, |query, (name, value)| query.expression_attribute_values(name, value));
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

    /// Every membership of a user, with its organization.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn memberships(&self, user: &UserId, reading: Reading) -> Result<Vec<(Org, Member)>, Unavailable> {
        let mut found = Vec::new();
        // Of each membership two items are read, and one call reads at most 100.
        let mut next = Some(Page::first(50));
        while let Some(page) = next {
            let mirrors: Paged<Mirror> = self.page(keys::user_partition(user), keys::MIRRORS, true, Expr::default(), &page, value).await?;
            let keys: Vec<(Key, Key)> =
                mirrors.data.iter().map(|mirror| (keys::org(&mirror.org_id), keys::member(&mirror.org_id, user))).collect();
            let items = self.get_as(&keys.iter().flat_map(|(org, member)| [org, member]).collect::<Vec<_>>(), reading).await?;
            for (org, member) in &keys {
                if let (Some(org), Some(member)) = (items.get(org), items.get(member)) {
                    found.push((value(org.clone())?, value(member.clone())?));
                }
            }
            next = mirrors.next_cursor.and_then(|cursor| Page::new(50, Some(&cursor), &[keys::MIRRORS]));
        }
        Ok(found)
    }

    /// A page of the organizations that a user is a member of, each with the user's role.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn orgs_of(&self, user: &UserId, page: &Page) -> Result<Paged<(Org, Role)>, Unavailable> {
        let mirrors: Paged<Mirror> = self.page(keys::user_partition(user), keys::MIRRORS, true, Expr::default(), page, value).await?;
        let ids: Vec<OrgId> = mirrors.data.iter().map(|mirror| mirror.org_id).collect();
        let mut orgs = self.orgs(&ids).await?;
        let data = mirrors.data.iter().filter_map(|mirror| orgs.remove(&mirror.org_id).map(|org| (org, mirror.role))).collect();
        Ok(Paged { data, next_cursor: mirrors.next_cursor })
    }
}
