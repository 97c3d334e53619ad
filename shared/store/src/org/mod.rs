//! Commits the creation of an organization.

pub(crate) mod purge;
pub(crate) mod recount;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use orgs_domain::org::CreateOrg;
use orgs_domain::{OrgId, Role, UserId};
use orgs_views::OrgView;
use serde_json::json;

use crate::error::StoreError;
use crate::item::{item, n};
use crate::keys;
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

/// The creation of an organization, within its creator's limit.
#[derive(Debug)]
pub struct NewOrg<'a> {
    pub(crate) create: &'a CreateOrg,
    pub(crate) limit: u32,
}

impl<'a> NewOrg<'a> {
    /// Creates the decision to commit `create` if its creator has created fewer than `limit`
    /// organizations that still exist.
    #[must_use]
    pub fn new(create: &'a CreateOrg, limit: u32) -> Self {
        Self { create, limit }
    }
}

impl Transaction for NewOrg<'_> {
    fn org(&self) -> OrgId {
        self.create.org().id
    }

    fn writes_member(&self, user: &UserId) -> bool {
        *user == self.create.owner().user_id
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let (org, owner) = (self.create.org(), self.create.owner());
        tx.update(
            Condition::OrgLimit,
            &keys::profile(&owner.user_id),
            Expr::update("ADD #orgs_created :one")
                .and_when("attribute_not_exists(#orgs_created) OR #orgs_created < :most")
                .bind(":one", n(1))
                .bind(":most", n(self.limit)),
        )?;
        tx.put_new(Condition::OrgIdUnused, item(&keys::org(&org.id), org)?)?;
        crate::member::join(tx, owner)?;
        tx.put_new(Condition::Address, crate::member::address_item(owner)?)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        AuditDiff {
            target: self.org().to_string(),
            before: None,
            after: Some(json!(OrgView::of(self.create.org(), Role::Owner))),
            mail: None,
        }
    }
}
