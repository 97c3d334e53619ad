//! Commits changes of members: joining, new roles, and the end of a membership.

pub(crate) mod import;
pub(crate) mod transfer;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use orgs_domain::billing::Billing;
use orgs_domain::invitation::AddressLock;
use orgs_domain::membership::{Keeps, MembershipEnd, Ownership, RoleChange};
use orgs_domain::{Member, OrgId, Role, UserId};
use orgs_views::MemberView;
use serde_json::{Value, json};

use crate::error::StoreError;
use crate::item::{Item, item, n, s};
use crate::keys;
use crate::search;
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

/// Adds a new member and the user membership.
pub(crate) fn join(tx: &mut TransactionBuilder, member: &Member) -> Result<(), StoreError> {
    tx.put_new(Condition::Member, member_item(member)?)?;
    let mut user_membership = item(
        &keys::user_membership(&member.user_id, &member.org_id),
        &json!({"org_id": member.org_id, "role": member.role}),
    )?;
    search::by_name(&mut user_membership, member);
    tx.put_new(Condition::UserMembership, user_membership)
}

/// Returns the address lock of a member.
pub(crate) fn address_item(member: &Member) -> Result<Item, StoreError> {
    let lock = AddressLock::Member { user_id: member.user_id.clone() };
    let mut written = item(&keys::address(&member.email.key(), &member.org_id), &lock)?;
    search::by_address(&mut written, member);
    Ok(written)
}

fn member_item(member: &Member) -> Result<Item, StoreError> {
    let mut written = item(&keys::member(&member.org_id, &member.user_id), member)?;
    written.insert("ek".to_owned(), s(member.email.key().as_str()));
    search::by_role(&mut written, member);
    Ok(written)
}

/// Adds the condition that the actor still has the role that was authorized. With `refreshed`, also
/// writes the actor's new name and address.
pub(crate) fn require_actor_role(
    tx: &mut TransactionBuilder,
    member: &Member,
    refreshed: Option<&Member>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let key = keys::member(&member.org_id, &member.user_id);
    let Some(refreshed) = refreshed else {
        return tx.check(
            Condition::ActorRole,
            &key,
            Expr::when("#role = :authorized").bind(":authorized", s(member.role.as_str())),
        );
    };
    // If the decision itself writes one of the two address locks, only the name is refreshed now.
    // The next commit refreshes the address.
    let address = |member: &Member| keys::address(&member.email.key(), &member.org_id);
    if refreshed.email != member.email && (tx.has(&address(member)) || tx.has(&address(refreshed)))
    {
        return require_actor_role(tx, member, renamed(member, refreshed).as_ref(), now);
    }
    tx.put(Condition::ActorRole, member_item(refreshed)?, unchanged_since_read(member)?)?;
    search::rename(tx, member, refreshed)?;
    move_address(tx, member, refreshed, now)
}

/// Returns the member with the new name and the old address, or `None` if the name is the same.
pub(crate) fn renamed(member: &Member, refreshed: &Member) -> Option<Member> {
    (refreshed.name != member.name)
        .then(|| Member { email: member.email.clone(), ..refreshed.clone() })
}

/// Returns the condition that the member is as it was read. Each membership starts at version 1, so
/// the joining date tells a membership from a later one of the same user.
pub(crate) fn unchanged_since_read(member: &Member) -> Result<Expr, StoreError> {
    Ok(Expr::when("#role = :role AND #version = :version AND #joined_at = :joined")
        .bind(":role", s(member.role.as_str()))
        .bind(":version", n(member.version))
        .bind(":joined", serde_dynamo::to_attribute_value(member.joined_at)?))
}

/// Releases the old address and takes the new one, if the address changed.
fn move_address(
    tx: &mut TransactionBuilder,
    before: &Member,
    after: &Member,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if before.email == after.email {
        return Ok(());
    }
    release_address(tx, before)?;
    let free = Expr::when("attribute_not_exists(#PK) OR (#state = :pending AND #exp <= :now)")
        .bind(":pending", s("pending"))
        .bind(":now", n(now.timestamp_millis()));
    tx.put(Condition::NewAddress, address_item(after)?, free)
}

fn release_address(tx: &mut TransactionBuilder, member: &Member) -> Result<(), StoreError> {
    let own = Expr::when("attribute_not_exists(#PK) OR #user_id = :user")
        .bind(":user", s(member.user_id.as_str()));
    tx.delete(Condition::Address, &keys::address(&member.email.key(), &member.org_id), own)
}

/// Changes the role of a member, on the condition that the member is as it was read.
pub(crate) fn set_role(
    tx: &mut TransactionBuilder,
    before: &Member,
    after: &Member,
) -> Result<(), StoreError> {
    tx.put(Condition::Member, member_item(after)?, unchanged_since_read(before)?)?;
    tx.update(
        Condition::UserMembership,
        &keys::user_membership(&after.user_id, &after.org_id),
        Expr::update("SET #role = :role")
            .and_when("attribute_exists(#PK)")
            .bind(":role", s(after.role.as_str())),
    )
}

/// Takes a seat for a new member, on the condition that the organization is active and has a free
/// seat.
pub(crate) fn take_seat(tx: &mut TransactionBuilder, member: &Member) -> Result<(), StoreError> {
    tx.update(
        Condition::FreeSeat,
        &keys::org(&member.org_id),
        Expr::update("ADD #member_count :one, #owner_count :owner")
            .and_when("#suspended = :no AND attribute_not_exists(#deleted_at) AND (attribute_not_exists(#seat_limit) OR #member_count < #seat_limit)")
            .bind(":one", n(1))
            .bind(":owner", n(u8::from(member.role == Role::Owner)))
            .bind(":no", AttributeValue::Bool(false)),
    )
}

/// Returns the organization's update when a member stops being an owner. Its condition requires
/// that the payer is as it was read. If this owner was the payer, the update also sets the new
/// billing.
pub(crate) fn owner_removed(
    update: &str,
    condition: &str,
    owner: &UserId,
    billing: Option<&(Billing, Billing)>,
) -> Result<Expr, StoreError> {
    let expr = match billing {
        // Items from before the billing version existed are at version 1.
        Some((before, after)) => Expr::update(format!("SET #billing = :billing {update}"))
            .and_when(format!("{condition} AND #billing.#payer = :owner AND {BILLING_AS_READ}"))
            .bind(":billing", serde_dynamo::to_attribute_value(after)?)
            .bind(":billing_version", n(before.version)),
        None => Expr::update(update).and_when(format!(
            "{condition} AND (attribute_not_exists(#billing.#payer) OR #billing.#payer <> :owner)"
        )),
    };
    Ok(expr.bind(":owner", s(owner.as_str())))
}

/// The condition that billing has the version that was read. Items from before the billing version
/// existed count as unchanged.
pub(crate) const BILLING_AS_READ: &str =
    "(#billing.#version = :billing_version OR attribute_not_exists(#billing.#version))";

/// Updates the organization's counts of members and owners.
fn update_counts(
    tx: &mut TransactionBuilder,
    org: &OrgId,
    member: &Member,
    ownership: &Ownership,
    members: i32,
) -> Result<(), StoreError> {
    let key = keys::org(org);
    let (condition, expr) = match ownership {
        Ownership::Same if members == 0 => return Ok(()),
        Ownership::Same => (
            Condition::OrgExists,
            Expr::update("ADD #member_count :members")
                .and_when("attribute_exists(#PK)")
                .bind(":members", n(members)),
        ),
        Ownership::Gained => (
            Condition::OrgExists,
            Expr::update("ADD #owner_count :one, #member_count :members")
                .and_when("attribute_exists(#PK)")
                .bind(":one", n(1))
                .bind(":members", n(members)),
        ),
        Ownership::Lost { billing, keeps } => {
            let update = "ADD #owner_count :minus, #member_count :members";
            let expr = match keeps {
                Keeps::OneOwner => owner_removed(
                    update,
                    "#owner_count > :one",
                    &member.user_id,
                    billing.as_deref(),
                )?
                .bind(":one", n(1)),
                Keeps::NoneWhileDeleted => owner_removed(
                    update,
                    "attribute_exists(#deleted_at)",
                    &member.user_id,
                    billing.as_deref(),
                )?,
            };
            (Condition::OwnerRemains, expr.bind(":minus", n(-1)).bind(":members", n(members)))
        }
    };
    tx.update(condition, &key, expr)
}

/// Returns the new billing mode for the audit record, if the payer stops being an owner.
fn billing_moved(ownership: &Ownership) -> Option<&'static str> {
    matches!(ownership, Ownership::Lost { billing: Some(_), .. }).then_some("independent")
}

/// Returns the mail that an audit record requests when billing moves away from its payer.
pub(crate) fn billing_moved_mail() -> Value {
    json!({"notice": "billing_moved", "send_seq": 1})
}

impl Transaction for RoleChange {
    fn org(&self) -> OrgId {
        self.after().org_id
    }

    fn writes_member(&self, user: &UserId) -> bool {
        *user == self.after().user_id
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let (before, after) = (self.before(), self.after());
        set_role(tx, before, after)?;
        update_counts(tx, &after.org_id, before, self.ownership(), 0)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let mut after = json!(MemberView::of(self.after()));
        if let (Some(mode), Some(after)) = (billing_moved(self.ownership()), after.as_object_mut())
        {
            after.insert("billing_mode".to_owned(), json!(mode));
        }
        AuditDiff {
            target: self.after().user_id.to_string(),
            before: Some(json!(MemberView::of(self.before()))),
            after: Some(after),
            mail: billing_moved(self.ownership()).map(|_| billing_moved_mail()),
        }
    }
}

impl Transaction for MembershipEnd {
    fn org(&self) -> OrgId {
        self.member().org_id
    }

    fn writes_member(&self, user: &UserId) -> bool {
        *user == self.member().user_id
    }

    fn build(&self, tx: &mut TransactionBuilder, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let member = self.member();
        tx.delete(
            Condition::Member,
            &keys::member(&member.org_id, &member.user_id),
            unchanged_since_read(member)?,
        )?;
        tx.delete(
            Condition::UserMembership,
            &keys::user_membership(&member.user_id, &member.org_id),
            Expr::when("attribute_exists(#PK)"),
        )?;
        release_address(tx, member)?;
        update_counts(tx, &member.org_id, member, self.ownership(), -1)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let after = billing_moved(self.ownership()).map(|mode| json!({"billing_mode": mode}));
        let mail = after.is_some().then(billing_moved_mail);
        AuditDiff {
            target: self.member().user_id.to_string(),
            before: Some(json!(MemberView::of(self.member()))),
            after,
            mail,
        }
    }
}
