//! Commits a member import: the operator adds a member without a mail.

use chrono::{DateTime, Utc};
use orgs_domain::member_import::MemberImport;
use orgs_domain::{OrgId, UserId};
use orgs_views::MemberView;
use serde_json::json;

use crate::error::StoreError;
use crate::item::{n, s};
use crate::keys;
use crate::member::{address_item, join, take_seat};
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

impl Transaction for MemberImport {
    fn org(&self) -> OrgId {
        self.member().org_id
    }

    fn writes_member(&self, user: &UserId) -> bool {
        *user == self.member().user_id
    }

    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError> {
        let member = self.member();
        join(tx, member)?;
        let free = match self.invitation() {
            Some(invitation) => {
                tx.update(
                    Condition::Invitation,
                    &keys::invitation(&member.org_id, &invitation),
                    Expr::update("SET #state = :accepted, #accepted_by = :user ADD #version :one")
                        .and_when("#state = :pending")
                        .bind(":accepted", s("accepted"))
                        .bind(":pending", s("pending"))
                        .bind(":user", s(member.user_id.as_str()))
                        .bind(":one", n(1)),
                )?;
                Expr::when("#invitation_id = :invitation")
                    .bind(":invitation", s(invitation.to_string()))
            }
            None => Expr::when("attribute_not_exists(#PK) OR (#state = :pending AND #exp <= :now)")
                .bind(":pending", s("pending"))
                .bind(":now", n(now.timestamp_millis())),
        };
        tx.put(Condition::Address, address_item(member)?, free)?;
        take_seat(tx, member)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let member = self.member();
        AuditDiff {
            target: member.user_id.to_string(),
            before: None,
            after: Some(json!(MemberView::of(member))),
            mail: None,
        }
    }
}
