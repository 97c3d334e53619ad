//! Commits changes of resources, and lists them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use orgs_domain::resource::{ResourceChange, ResourceKind};
use orgs_domain::{OrgId, Resource, UserId};
use serde_json::json;

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, item, key_of, n, value};
use crate::keys::{self, Key};
use crate::list;
use crate::list::Part;
use crate::store::Store;
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

fn written(resource: &Resource) -> Result<Item, StoreError> {
    let mut written = item(&keys::resource(&resource.org_id, &resource.id), resource)?;
    list::entry(
        &mut written,
        keys::resources_by_kind(&resource.org_id, resource.kind),
        resource.id.to_string(),
    );
    Ok(written)
}

impl Transaction for ResourceChange {
    fn org(&self) -> OrgId {
        self.resource().org_id
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let unchanged_since_read = |before: &Resource| {
            Expr::when("#version = :as_read").bind(":as_read", n(before.version))
        };
        match (self.before(), self.after()) {
            (None, Some(after)) => tx.put_new(Condition::Resource, written(after)?),
            (Some(before), Some(after)) => {
                tx.put(Condition::Resource, written(after)?, unchanged_since_read(before))
            }
            (Some(before), None) => tx.delete(
                Condition::Resource,
                &keys::resource(&before.org_id, &before.id),
                unchanged_since_read(before),
            ),
            (None, None) => Ok(()),
        }
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let view = |resource: Option<&Resource>| resource.map(|resource| json!(resource));
        AuditDiff {
            target: self.resource().id.to_string(),
            before: view(self.before()),
            after: view(self.after()),
            mail: None,
        }
    }
}

impl Store {
    /// Returns a page of an organization's resources, newest first. With `kind`, returns resources
    /// of that kind only.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn resources(
        &self,
        org: &OrgId,
        kind: Option<ResourceKind>,
        page: &PageRequest,
    ) -> Result<Page<Resource>, StoreError> {
        let all = Part::all(keys::resources(org), keys::RESOURCES).backward();
        let Some(kind) = kind else { return self.page(all, Expr::default(), page, value).await };
        let listed = all.listed_in(keys::resources_by_kind(org, kind));
        let ids = self.page(listed, Expr::default(), page, |entry| Ok(key_of(&entry))).await?;
        let keys: Vec<Key> = ids.data.into_iter().flatten().collect();
        let mut items: HashMap<Key, Item> = self.get(&keys.iter().collect::<Vec<_>>()).await?;
        let data =
            keys.iter().filter_map(|key| items.remove(key)).map(value).collect::<Result<_, _>>()?;
        Ok(Page { data, next_cursor: ids.next_cursor })
    }
}
