//! Invitations: made, accepted, listed.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::invitation::{Acceptance, AddressLock, Invite, Status};
use orgs_domain::limits::Limits;
use orgs_domain::{EmailKey, Invitation, OrgId, Role, UserId};
use serde_json::json;

use crate::change::{Change, Changed};
use crate::cursor::{Page, Paged};
use crate::failure::Unavailable;
use crate::item::{Item, item, n, s};
use crate::keys::{self, Key};
use crate::plan::{Expr, Guard, Plan};
use crate::read::read_invitation;
use crate::store::Store;

/// A new invitation within the limits of its inviter and its recipient.
///
/// An organization-wide counter would make inviters wait for each other, so there is none.
#[derive(Debug)]
pub struct RateLimits<'a> {
    invite: &'a Invite,
    limits: &'a Limits,
}

impl<'a> RateLimits<'a> {
    /// Puts `limits` around an invitation.
    #[must_use]
    pub fn around(invite: &'a Invite, limits: &'a Limits) -> Self {
        Self { invite, limits }
    }

    /// Seconds until the limit that `guard` names has a new window; nothing for other guards.
    #[must_use]
    pub fn retry_after(guard: Guard, now: DateTime<Utc>) -> Option<i64> {
        let window = match guard {
            Guard::InviterRate => Duration::hours(1),
            Guard::RecipientRate => Duration::days(1),
            _ => return None,
        };
        Some(window_start(window, now) + window.num_seconds() - now.timestamp())
    }
}

fn window_start(window: Duration, now: DateTime<Utc>) -> i64 {
    now.timestamp() - now.timestamp().rem_euclid(window.num_seconds())
}

fn count(plan: &mut Plan, guard: Guard, key: &Key, most: u32, ends: i64) -> Result<(), Unavailable> {
    let counted = Expr::update("ADD #n :one SET #ttl = :ends")
        .and_when("attribute_not_exists(#n) OR #n < :most")
        .bind(":one", n(1))
        .bind(":most", n(most))
        .bind(":ends", n(ends));
    plan.update(guard, key, counted)
}

fn invitation_item(invitation: &Invitation) -> Result<Item, Unavailable> {
    let mut written = item(&keys::invitation(&invitation.org_id, &invitation.id), invitation)?;
    written.insert("ek".to_owned(), s(invitation.email.key().as_str()));
    written.insert("exp".to_owned(), n(invitation.expires_at.timestamp_millis()));
    Ok(written)
}

impl Change for RateLimits<'_> {
    fn org(&self) -> OrgId {
        self.invite.invitation().org_id
    }

    fn covers(&self, _user: &UserId) -> bool {
        false
    }

    fn plan(&self, plan: &mut Plan, now: DateTime<Utc>) -> Result<(), Unavailable> {
        let invitation = self.invite.invitation();
        let email = invitation.email.key();
        plan.put_new(Guard::Invitation, invitation_item(invitation)?)?;
        let lock = AddressLock::Pending { invitation_id: invitation.id, exp: invitation.expires_at.timestamp() };
        plan.put(
            Guard::Address,
            item(&keys::address(&email, &invitation.org_id), &lock)?,
            Expr::when("attribute_not_exists(#PK) OR (#state = :pending AND #exp <= :now)")
                .bind(":pending", s("pending"))
                .bind(":now", n(now.timestamp())),
        )?;
        let (hour, day) = (Duration::hours(1), Duration::days(1));
        if let Some(most) = self.limits.invitations_per_inviter_hour {
            let start = window_start(hour, now);
            count(
                plan,
                Guard::InviterRate,
                &keys::inviter_rate(&invitation.invited_by.user_id, start),
                most,
                start + 2 * hour.num_seconds(),
            )?;
        }
        if let Some(most) = self.limits.invitations_per_recipient_day {
            let start = window_start(day, now);
            count(plan, Guard::RecipientRate, &keys::recipient_rate(&email, start), most, start + 2 * day.num_seconds())?;
        }
        Ok(())
    }

    fn audited(&self, now: DateTime<Utc>) -> Changed {
        let invitation = self.invite.invitation();
        Changed {
            target: invitation.id.to_string(),
            before: None,
            after: Some(json!(invitation.view(now))),
            mail: Some(json!({"invitation_id": invitation.id, "send_seq": invitation.send_seq})),
        }
    }
}

impl Change for Acceptance {
    fn org(&self) -> OrgId {
        self.member().org_id
    }

    fn covers(&self, user: &UserId) -> bool {
        *user == self.member().user_id
    }

    fn plan(&self, plan: &mut Plan, now: DateTime<Utc>) -> Result<(), Unavailable> {
        let (before, after, member) = (self.before(), self.after(), self.member());
        let email = member.email.key();
        // The mail that is open now must not have been replaced by a resend, nor its time have run out.
        plan.update(
            Guard::Invitation,
            &keys::invitation(&after.org_id, &after.id),
            Expr::update("SET #state = :accepted, #accepted_by = :user ADD #version :one")
                .and_when("#state = :pending AND #send_seq = :seq AND #exp > :now AND #ek = :ek")
                .bind(":accepted", s("accepted"))
                .bind(":pending", s("pending"))
                .bind(":user", s(member.user_id.as_str()))
                .bind(":one", n(1))
                .bind(":seq", n(before.send_seq))
                .bind(":now", n(now.timestamp_millis()))
                .bind(":ek", s(email.as_str())),
        )?;
        crate::member::join(plan, member)?;
        plan.put(
            Guard::Address,
            item(&keys::address(&email, &member.org_id), &AddressLock::Member { user_id: member.user_id.clone() })?,
            Expr::when("#invitation_id = :invitation").bind(":invitation", s(after.id.to_string())),
        )?;
        plan.update(
            Guard::Org,
            &keys::org(&member.org_id),
            Expr::update("ADD #member_count :one, #owner_count :owner")
                .and_when("#suspended = :no AND attribute_not_exists(#deleted_at) AND (attribute_not_exists(#seat_limit) OR #member_count < #seat_limit)")
                .bind(":one", n(1))
                .bind(":owner", n(u8::from(member.role == Role::Owner)))
                .bind(":no", aws_sdk_dynamodb::types::AttributeValue::Bool(false)),
        )?;
        if member.role == Role::Owner {
            let inviter = keys::member(&member.org_id, &before.invited_by.user_id);
            plan.check(Guard::InviterIsOwner, &inviter, Expr::when("#role = :owner").bind(":owner", s(Role::Owner.as_str())))?;
        }
        Ok(())
    }

    fn audited(&self, now: DateTime<Utc>) -> Changed {
        Changed {
            target: self.after().id.to_string(),
            before: Some(json!(self.before().view(now))),
            after: Some(json!({"invitation": self.after().view(now), "member": self.member().view()})),
            mail: None,
        }
    }
}

/// Which invitations are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvitationFilter {
    /// Those with this status.
    pub status: Option<Status>,
    /// Those to this address.
    pub email: Option<EmailKey>,
}

impl Store {
    /// A page of an organization's invitations, newest first, with their status at `now`.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn invitations(
        &self,
        org: &OrgId,
        filter: &InvitationFilter,
        now: DateTime<Utc>,
        page: &Page,
    ) -> Result<Paged<Invitation>, Unavailable> {
        let mut conditions = Vec::new();
        let mut expr = Expr::default();
        if let Some(status) = filter.status {
            let (state, time) = match status {
                Status::Pending => ("pending", Some("#exp > :now")),
                Status::Expired => ("pending", Some("#exp <= :now")),
                Status::Accepted => ("accepted", None),
                Status::Declined => ("declined", None),
                Status::Revoked => ("revoked", None),
            };
            conditions.push("#state = :state");
            expr = expr.bind(":state", s(state));
            if let Some(time) = time {
                conditions.push(time);
                expr = expr.bind(":now", n(now.timestamp_millis()));
            }
        }
        if let Some(email) = &filter.email {
            conditions.push("#ek = :ek");
            expr = expr.bind(":ek", s(email.as_str()));
        }
        if !conditions.is_empty() {
            expr = expr.and_when(conditions.join(" AND "));
        }
        self.page(keys::org_partition(org), keys::INVITATIONS, false, expr, page, read_invitation).await
    }
}
