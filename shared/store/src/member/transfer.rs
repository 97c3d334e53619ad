//! Commits an ownership transfer: two members and the organization in one transaction.

use chrono::{DateTime, Utc};
use orgs_domain::ownership_transfer::OwnershipTransfer;
use orgs_domain::{OrgId, UserId};
use orgs_views::MemberView;
use serde_json::json;

use crate::error::StoreError;
use crate::item::n;
use crate::keys;
use crate::member::{billing_moved_mail, owner_removed, set_role, unchanged_since_read};
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, TransactionBuilder};

impl Transaction for OwnershipTransfer {
    fn org(&self) -> OrgId {
        self.from_before().org_id
    }

    fn writes_member(&self, user: &UserId) -> bool {
        *user == self.from_before().user_id || *user == self.to_before().user_id
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        set_role(tx, self.from_before(), self.from_after())?;
        if self.is_new_owner() {
            set_role(tx, self.to_before(), self.to_after())?;
        } else {
            tx.check(
                Condition::Member,
                &keys::member(&self.org(), &self.to_before().user_id),
                unchanged_since_read(self.to_before())?,
            )?;
        }
        // If the new owner was an owner before, the number of owners falls by one, and at least one
        // must remain.
        let fewer = i32::from(!self.is_new_owner());
        let expr = owner_removed(
            "ADD #owner_count :change",
            "#owner_count > :fewer",
            &self.from_before().user_id,
            self.billing(),
        )?;
        tx.update(
            Condition::OwnerRemains,
            &keys::org(&self.org()),
            expr.bind(":change", n(-fewer)).bind(":fewer", n(fewer)),
        )
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let mut after = json!({"owner": MemberView::of(self.to_after()), "former_owner": MemberView::of(self.from_after())});
        if let (Some(_), Some(after)) = (self.billing(), after.as_object_mut()) {
            after.insert("billing_mode".to_owned(), json!("independent"));
        }
        AuditDiff {
            target: self.to_before().user_id.to_string(),
            before: Some(
                json!({"owner": MemberView::of(self.from_before()), "member": MemberView::of(self.to_before())}),
            ),
            after: Some(after),
            mail: self.billing().map(|_| billing_moved_mail()),
        }
    }
}
