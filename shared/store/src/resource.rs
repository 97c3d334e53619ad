//! Resources: coming, changing, going, and their lists.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use orgs_domain::resource::{ResourceChange, ResourceKind};
use orgs_domain::{OrgId, Resource, UserId};
use serde_json::json;

use crate::change::{Change, Changed};
use crate::cursor::{Page, Paged};
use crate::failure::Unavailable;
use crate::item::{Item, item, key_of, n, value};
use crate::keys::{self, Key};
use crate::list::Part;
use crate::plan::{Expr, Guard, Plan};
use crate::search;
use crate::store::Store;

fn written(resource: &Resource) -> Result<Item, Unavailable> {
    let mut written = item(&keys::resource(&resource.org_id, &resource.id), resource)?;
    search::entry(
        &mut written,
        keys::resources_by_kind(&resource.org_id, resource.kind),
        resource.id.to_string(),
    );
    Ok(written)
}

impl Change for ResourceChange {
    fn org(&self) -> OrgId {
        self.resource().org_id
    }

    fn covers(&self, _user: &UserId) -> bool {
        false
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        let as_read = |before: &Resource| {
            Expr::when("#version = :as_read").bind(":as_read", n(before.version))
        };
        match (self.before(), self.after()) {
            (None, Some(after)) => plan.put_new(Guard::Resource, written(after)?),
            (Some(before), Some(after)) => {
                plan.put(Guard::Resource, written(after)?, as_read(before))
            }
            (Some(before), None) => plan.delete(
                Guard::Resource,
                &keys::resource(&before.org_id, &before.id),
                as_read(before),
            ),
            (None, None) => Ok(()),
        }
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let view = |resource: Option<&Resource>| resource.map(|resource| json!(resource));
        Changed {
            target: self.resource().id.to_string(),
            before: view(self.before()),
            after: view(self.after()),
            mail: None,
        }
    }
}

impl Store {
    /// A page of an organization's resources, newest first; of one kind, where one is given.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn resources(
        &self,
        org: &OrgId,
        kind: Option<ResourceKind>,
        page: &Page,
    ) -> Result<Paged<Resource>, Unavailable> {
        let all = Part::all(keys::resources(org), keys::RESOURCES).backward();
        let Some(kind) = kind else { return self.page(all, Expr::default(), page, value).await };
        let listed = all.listed_in(keys::resources_by_kind(org, kind));
        let ids = self.page(listed, Expr::default(), page, |entry| Ok(key_of(&entry))).await?;
        let keys: Vec<Key> = ids.data.into_iter().flatten().collect();
        let mut items: HashMap<Key, Item> = self.get(&keys.iter().collect::<Vec<_>>()).await?;
        let data =
            keys.iter().filter_map(|key| items.remove(key)).map(value).collect::<Result<_, _>>()?;
        Ok(Paged { data, next_cursor: ids.next_cursor })
    }
}
