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
use crate::member::{as_read, owner_goes, set_role};
use crate::plan::{Guard, Plan};

impl Change for Handover {
    fn org(&self) -> OrgId {
        self.giver().org_id
    }

    fn covers(&self, user: &UserId) -> bool {
        *user == self.giver().user_id || *user == self.taker().user_id
    }

    fn plan(&self, plan: &mut Plan, _now: DateTime<Utc>) -> Result<(), Unavailable> {
        set_role(plan, self.giver(), self.gave())?;
        if self.is_new_owner() {
            set_role(plan, self.taker(), self.took())?;
        } else {
            plan.check(Guard::Member, &keys::member(&self.org(), &self.taker().user_id), as_read(self.taker())?)?;
        }
        // One owner goes, and another comes or was one already.
        let fewer = i32::from(!self.is_new_owner());
        let payer = s(self.taker().user_id.as_str());
        let billing = AttributeValue::M([("mode".to_owned(), s("account")), ("payer".to_owned(), payer)].into());
        let billing = self.moves_billing().then_some(billing);
        let going = owner_goes("ADD #owner_count :change", "#owner_count > :fewer", &self.giver().user_id, billing);
        plan.update(Guard::Org, &keys::org(&self.org()), going.bind(":change", n(-fewer)).bind(":fewer", n(fewer)))
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
