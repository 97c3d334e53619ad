//! An owner's place handed over: two members and the organization in one commit.

use chrono::{DateTime, Utc};
use orgs_domain::handover::Handover;
use orgs_domain::{OrgId, UserId};
use serde_json::json;

use crate::change::{Change, Changed};
use crate::failure::Unavailable;
use crate::item::n;
use crate::keys;
use crate::member::{as_read, owner_goes, set_role, told_of_billing};
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
            plan.check(
                Guard::Member,
                &keys::member(&self.org(), &self.taker().user_id),
                as_read(self.taker())?,
            )?;
        }
        // One owner goes, and another comes or was one already.
        let fewer = i32::from(!self.is_new_owner());
        let going = owner_goes(
            "ADD #owner_count :change",
            "#owner_count > :fewer",
            &self.giver().user_id,
            self.billing(),
        )?;
        plan.update(
            Guard::Org,
            &keys::org(&self.org()),
            going.bind(":change", n(-fewer)).bind(":fewer", n(fewer)),
        )
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let mut after = json!({"owner": self.took().view(), "former_owner": self.gave().view()});
        if let (Some(_), Some(after)) = (self.billing(), after.as_object_mut()) {
            after.insert("billing_mode".to_owned(), json!("independent"));
        }
        Changed {
            target: self.taker().user_id.to_string(),
            before: Some(json!({"owner": self.giver().view(), "member": self.taker().view()})),
            after: Some(after),
            mail: self.billing().map(|_| told_of_billing()),
        }
    }
}
