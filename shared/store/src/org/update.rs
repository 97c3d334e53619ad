//! Commits changes of an organization itself: its fields, plan, deletion, policies, budget and
//! billing.

use chrono::{DateTime, Utc};
use orgs_domain::billing_change::BillingChange;
use orgs_domain::budget::BudgetChange;
use orgs_domain::org_policies::PoliciesChange;
use orgs_domain::org_update::OrgChange;
use orgs_domain::{Org, OrgId, UserId};
use orgs_views::{BillingView, BudgetSettings, OrgView};
use serde::Serialize;
use serde_json::json;

use crate::error::StoreError;
use crate::item::{Item, item, n};
use crate::keys;
use crate::member::BILLING_AS_READ;
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

/// Returns the update of an item from one version to the next: only the attributes that differ, on
/// the condition of the version before. Attributes that other commits change without a new version
/// (the member counts of an organization) keep their values.
fn changed_attributes<T: Serialize>(
    before: &T,
    after: &T,
    version: u32,
) -> Result<Expr, StoreError> {
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

/// The condition that the plan allows the billing modes that were read. Items from before this
/// attribute existed allow all modes.
const BILLING_MODES_AS_READ: &str =
    "(#billing_modes = :billing_modes OR attribute_not_exists(#billing_modes))";

/// The item of a pending purge.
#[derive(Serialize)]
struct PendingPurge {
    org_id: OrgId,
}

impl Transaction for OrgChange {
    fn org(&self) -> OrgId {
        self.after().id
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let (before, after) = (self.before(), self.after());
        tx.update(
            Condition::OrgUnchanged,
            &keys::org(&after.id),
            changed_attributes(before, after, before.version)?,
        )?;
        let due = |org: &Org| org.gone_at().map(|at| keys::due_purge(&org.id, at));
        match (due(before), due(after)) {
            (None, Some(key)) => tx.put(
                Condition::Purge,
                item(&key, &PendingPurge { org_id: after.id })?,
                Expr::default(),
            ),
            (Some(key), None) => tx.delete(Condition::Purge, &key, Expr::default()),
            _ => Ok(()),
        }
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let view = |org: &Org| Some(json!(OrgView::of(org, None)));
        AuditDiff {
            target: self.after().id.to_string(),
            before: view(self.before()),
            after: view(self.after()),
            mail: None,
        }
    }
}

/// Returns the condition that an item has the version that was read. Version 0 stands for an item
/// that does not exist yet.
fn version_as_read(version: u32) -> Expr {
    match version {
        0 => Expr::when("attribute_not_exists(#PK)"),
        version => Expr::when("#version = :as_read").bind(":as_read", n(version)),
    }
}

impl Transaction for PoliciesChange {
    fn org(&self) -> OrgId {
        PoliciesChange::org(self)
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let key = keys::policies(&PoliciesChange::org(self));
        tx.put(
            Condition::Policies,
            item(&key, self.after())?,
            version_as_read(self.before().version),
        )
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let before = (self.before().version > 0).then(|| json!(self.before()));
        AuditDiff {
            target: PoliciesChange::org(self).to_string(),
            before,
            after: Some(json!(self.after())),
            mail: None,
        }
    }
}

impl Transaction for BudgetChange {
    fn org(&self) -> OrgId {
        BudgetChange::org(self)
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let key = keys::budget(&BudgetChange::org(self));
        tx.put(Condition::Budget, item(&key, self.after())?, version_as_read(self.before().version))
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let before = (self.before().version > 0).then(|| json!(BudgetSettings::of(self.before())));
        let after = Some(json!(BudgetSettings::of(self.after())));
        AuditDiff { target: BudgetChange::org(self).to_string(), before, after, mail: None }
    }
}

impl Transaction for BillingChange {
    fn org(&self) -> OrgId {
        BillingChange::org(self).id
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let org = BillingChange::org(self);
        // The decision depends on the billing modes of the plan, so they must not have changed.
        let expr = Expr::update("SET #billing = :billing")
            .and_when(format!(
                "attribute_exists(#PK) AND {BILLING_AS_READ} AND {BILLING_MODES_AS_READ}"
            ))
            .bind(":billing", serde_dynamo::to_attribute_value(self.after())?)
            .bind(":billing_version", n(org.billing.version))
            .bind(":billing_modes", serde_dynamo::to_attribute_value(&org.billing_modes)?);
        tx.update(Condition::BillingUnchanged, &keys::org(&org.id), expr)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let org = BillingChange::org(self);
        AuditDiff {
            target: org.id.to_string(),
            before: Some(json!(BillingView::of(org, &org.billing))),
            after: Some(json!(BillingView::of(org, self.after()))),
            mail: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn only_attributes_that_differ_are_written() -> Result<(), StoreError> {
        let before = BTreeMap::from([("kept", "a"), ("changed", "b"), ("gone", "c")]);
        let after = BTreeMap::from([("kept", "a"), ("changed", "x"), ("new", "y")]);
        let written = format!("{:?}", changed_attributes(&before, &after, 7)?);
        assert!(written.contains("SET #changed = :changed, #new = :new REMOVE #gone"), "{written}");
        assert!(!written.contains("kept"), "{written}");
        Ok(())
    }
}
