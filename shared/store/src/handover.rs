//! An owner's place handed over: two members and the organization in one commit.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use orgs_domain::handover::Handover;
use orgs_domain::{OrgId, UserId};
use serde_json::json;

use crate::change::{Change, Changed};
use crate::failure::Unavailable;
use crate::item::{n, s};
use crate::keys;
use crate::member::{as_read, set_role};
use crate::plan::{Expr, Guard, Plan};

impl Change for Handover {
    fn org(&self) -> OrgId {
        self.giver().org_id
    }

    fn covers(&self, user: &UserId) -> bool {
        *user == self.giver().user_id || *user == self.taker().user_id
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        set_role(plan, self.giver(), self.gave())?;
        let org = keys::org(&self.org());
        let giver = s(self.giver().user_id.as_str());
        let pays = if self.moves_billing() {
            "#billing.#payer = :giver"
        } else {
            "(attribute_not_exists(#billing.#payer) OR #billing.#payer <> :giver)"
        };
        let billing = AttributeValue::M([("mode".to_owned(), s("account")), ("payer".to_owned(), s(self.taker().user_id.as_str()))].into());
        let set = if self.moves_billing() { "SET #billing = :billing" } else { "" };
        let expr = if self.is_new_owner() {
            set_role(plan, self.taker(), self.took())?;
            // One owner goes and one comes: without a move of billing there is nothing to write, but that it stays so.
            if set.is_empty() {
                return plan.check(Guard::Org, &org, Expr::when(pays).bind(":giver", giver));
            }
            Expr::update(set).and_when(pays)
        } else {
            plan.check(Guard::Member, &keys::member(&self.org(), &self.taker().user_id), as_read(self.taker())?)?;
            Expr::update(format!("{set} ADD #owner_count :minus"))
                .and_when(format!("#owner_count > :one AND {pays}"))
                .bind(":minus", n(-1))
                .bind(":one", n(1))
        };
        let expr = if self.moves_billing() { expr.bind(":billing", billing) } else { expr };
        plan.update(Guard::Org, &org, expr.bind(":giver", giver))
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let mut after = json!({"owner": self.took().view(), "former_owner": self.gave().view()});
        if let (true, Some(after)) = (self.moves_billing(), after.as_object_mut()) {
            after.insert("payer".to_owned(), json!(self.took().user_id));
        }
        Changed {
            target: self.taker().user_id.to_string(),
            before: Some(json!({"owner": self.giver().view(), "member": self.taker().view()})),
            after: Some(after),
            mail: None,
        }
    }
}
