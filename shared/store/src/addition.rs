//! A member whom the platform's operator adds.

use chrono::{DateTime, Utc};
use orgs_domain::addition::Addition;
use orgs_domain::{OrgId, UserId};
use serde_json::json;

use crate::change::{Change, Changed};
use crate::failure::Unavailable;
use crate::item::{n, s};
use crate::keys;
use crate::member::{address_item, join, seat};
use crate::plan::{Expr, Guard, Plan};

impl Change for Addition {
    fn org(&self) -> OrgId {
        self.member().org_id
    }

    fn covers(&self, user: &UserId) -> bool {
        *user == self.member().user_id
    }

    fn plan(&self, plan: &mut Plan, now: DateTime<Utc>) -> Result<(), Unavailable> {
        let member = self.member();
        join(plan, member)?;
        let free = match self.invitation() {
            Some(invitation) => {
                plan.update(
                    Guard::Invitation,
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
        plan.put(Guard::Address, address_item(member)?, free)?;
        seat(plan, member)
    }

    fn audited(&self, _now: DateTime<Utc>) -> Changed {
        let member = self.member();
        Changed {
            target: member.user_id.to_string(),
            before: None,
            after: Some(json!(member.view())),
            mail: None,
        }
    }
}
