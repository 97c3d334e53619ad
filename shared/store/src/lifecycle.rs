//! What becomes of an organization itself: its fields, its plan, its deletion, and its own
//! policies.

use chrono::{DateTime, Utc};
use orgs_domain::billing::BillingChange;
use orgs_domain::budget::BudgetChange;
use orgs_domain::lifecycle::OrgChange;
use orgs_domain::own_policies::PoliciesChange;
use orgs_domain::{Org, OrgId, UserId};
use serde::Serialize;
use serde_json::json;

use crate::change::{Change, Changed};
use crate::failure::Unavailable;
use crate::item::{Item, item, n};
use crate::keys;
use crate::member::BILLING_AS_READ;
use crate::plan::{Expr, Guard, Plan};

/// The change from one version of an item to the next: the attributes that differ, where the first
/// is still there. What other commits change meanwhile without a new version (an organization's
/// counts) stays.
fn differing<T: Serialize>(before: &T, after: &T, version: u32) -> Result<Expr, Unavailable> {
    let (before, mut after): (Item, Item) =
        (serde_dynamo::to_item(before)?, serde_dynamo::to_item(after)?);
    let mut removed: Vec<&String> =
        before.keys().filter(|name| !after.contains_key(*name)).collect();
    removed.sort();
    let removed: Vec<String> = removed.into_iter().map(|name| format!("#{name}")).collect();
    after.retain(|name, value| before.get(name) != Some(value));
    let mut set: Vec<String> = after.keys().map(|name| format!("#{name} = :{name}")).collect();
    set.sort();
    let mut update = format!("SET {}", set.join(", "));
    if !removed.is_empty() {
        update = format!("{update} REMOVE {}", removed.join(", "));
    }
    let expr = Expr::update(update).and_when("#version = :as_read").bind(":as_read", n(version));
    Ok(after.into_iter().fold(expr, |expr, (name, value)| expr.bind(&format!(":{name}"), value)))
}

/// That the plan allows the ways to pay that were read. Items that are older than the attribute
/// allow each.
const BILLING_MODES_AS_READ: &str =
    "(#billing_modes = :billing_modes OR attribute_not_exists(#billing_modes))";

/// That an organization is due to be purged.
#[derive(Serialize)]
struct Due {
    org_id: OrgId,
}

impl Change for OrgChange {
    fn org(&self) -> OrgId {
        self.after().id
    }

    fn covers(&self, _user: &UserId) -> bool {
        false
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        let (before, after) = (self.before(), self.after());
        plan.update(Guard::Org, &keys::org(&after.id), differing(before, after, before.version)?)?;
        let due = |org: &Org| org.gone_at().map(|at| keys::due_purge(&org.id, at));
        match (due(before), due(after)) {
            (None, Some(key)) => {
                plan.put(Guard::Purge, item(&key, &Due { org_id: after.id })?, Expr::default())
            }
            (Some(key), None) => plan.delete(Guard::Purge, &key, Expr::default()),
            _ => Ok(()),
        }
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let view = |org: &Org| Some(json!(org.view(None)));
        Changed {
            target: self.after().id.to_string(),
            before: view(self.before()),
            after: view(self.after()),
            mail: None,
        }
    }
}

/// That an item has the version that was read: 0 is none yet.
fn version_as_read(version: u32) -> Expr {
    match version {
        0 => Expr::when("attribute_not_exists(#PK)"),
        version => Expr::when("#version = :as_read").bind(":as_read", n(version)),
    }
}

impl Change for PoliciesChange {
    fn org(&self) -> OrgId {
        PoliciesChange::org(self)
    }

    fn covers(&self, _user: &UserId) -> bool {
        false
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        let key = keys::policies(&PoliciesChange::org(self));
        plan.put(Guard::Policies, item(&key, self.after())?, version_as_read(self.before().version))
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let before = (self.before().version > 0).then(|| json!(self.before()));
        Changed {
            target: PoliciesChange::org(self).to_string(),
            before,
            after: Some(json!(self.after())),
            mail: None,
        }
    }
}

impl Change for BudgetChange {
    fn org(&self) -> OrgId {
        BudgetChange::org(self)
    }

    fn covers(&self, _user: &UserId) -> bool {
        false
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        let key = keys::budget(&BudgetChange::org(self));
        plan.put(Guard::Budget, item(&key, self.after())?, version_as_read(self.before().version))
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let before = (self.before().version > 0).then(|| json!(self.before().terms()));
        let after = Some(json!(self.after().terms()));
        Changed { target: BudgetChange::org(self).to_string(), before, after, mail: None }
    }
}

impl Change for BillingChange {
    fn org(&self) -> OrgId {
        BillingChange::org(self).id
    }

    fn covers(&self, _user: &UserId) -> bool {
        false
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        let org = BillingChange::org(self);
        // The plan that it was judged by is the plan.
        let expr = Expr::update("SET #billing = :billing")
            .and_when(format!(
                "attribute_exists(#PK) AND {BILLING_AS_READ} AND {BILLING_MODES_AS_READ}"
            ))
            .bind(":billing", serde_dynamo::to_attribute_value(self.after())?)
            .bind(":billing_version", n(org.billing.version))
            .bind(":billing_modes", serde_dynamo::to_attribute_value(&org.billing_modes)?);
        plan.update(Guard::Org, &keys::org(&org.id), expr)
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let org = BillingChange::org(self);
        Changed {
            target: org.id.to_string(),
            before: Some(json!(org.billing_view())),
            after: Some(json!(self.view())),
            mail: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn only_what_differs_is_written() -> Result<(), Unavailable> {
        let before = BTreeMap::from([("kept", "a"), ("changed", "b"), ("gone", "c")]);
        let after = BTreeMap::from([("kept", "a"), ("changed", "x"), ("new", "y")]);
        let written = format!("{:?}", differing(&before, &after, 7)?);
        assert!(written.contains("SET #changed = :changed, #new = :new REMOVE #gone"), "{written}");
        assert!(!written.contains("kept"), "{written}");
        Ok(())
    }
}
