//! Members: joining, changing roles, going.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use orgs_domain::billing::Billing;
use orgs_domain::invitation::AddressLock;
use orgs_domain::membership::{Keeps, MembershipEnd, Ownership, RoleChange};
use orgs_domain::{Member, OrgId, Role, UserId};
use serde_json::{Value, json};

use crate::error::StoreError;
use crate::item::{Item, item, n, s};
use crate::keys;
use crate::search;
use crate::transaction::{AuditDiff, Transaction};
use crate::transaction_builder::{Condition, Expr, TransactionBuilder};

/// Writes a new member and the member's own entry.
pub(crate) fn join(tx: &mut TransactionBuilder, member: &Member) -> Result<(), StoreError> {
    tx.put_new(Condition::Member, member_item(member)?)?;
    let mut user_membership = item(
        &keys::user_membership(&member.user_id, &member.org_id),
        &json!({"org_id": member.org_id, "role": member.role}),
    )?;
    search::by_name(&mut user_membership, member);
    tx.put_new(Condition::UserMembership, user_membership)
}

/// The lock of a member's address.
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

/// The actor's part of a commit: the role that was judged still holds; a name or address that
/// changed is taken over.
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
            Expr::when("#role = :judged").bind(":judged", s(member.role.as_str())),
        );
    };
    // The change itself may be about one of the two addresses; the move then waits for the next
    // write.
    let address = |member: &Member| keys::address(&member.email.key(), &member.org_id);
    if refreshed.email != member.email && (tx.has(&address(member)) || tx.has(&address(refreshed)))
    {
        return require_actor_role(tx, member, renamed(member, refreshed).as_ref(), now);
    }
    tx.put(Condition::ActorRole, member_item(refreshed)?, unchanged_since_read(member)?)?;
    if let Some(name) = refreshed.name.as_ref().filter(|name| member.name.as_ref() != Some(*name)) {
        search::rename(tx, refreshed, name)?;
    }
    move_address(tx, member, refreshed, now)
}

/// The new name without the new address; nothing where the name is the same.
pub(crate) fn renamed(member: &Member, refreshed: &Member) -> Option<Member> {
    (refreshed.name != member.name)
        .then(|| Member { email: member.email.clone(), ..refreshed.clone() })
}

/// The member is as it was read. Each membership starts at version 1: when it began tells one from
/// the next.
pub(crate) fn unchanged_since_read(member: &Member) -> Result<Expr, StoreError> {
    Ok(Expr::when("#role = :role AND #version = :version AND #joined_at = :joined")
        .bind(":role", s(member.role.as_str()))
        .bind(":version", n(member.version))
        .bind(":joined", serde_dynamo::to_attribute_value(member.joined_at)?))
}

/// Lets go of the old address and takes the new one, where it changed.
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
    let mine = Expr::when("attribute_not_exists(#PK) OR #user_id = :user")
        .bind(":user", s(member.user_id.as_str()));
    tx.delete(Condition::Address, &keys::address(&member.email.key(), &member.org_id), mine)
}

/// Gives a member, who is still as it was read, another role.
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

/// A seat for a new member, in an organization that is active.
pub(crate) fn seat(tx: &mut TransactionBuilder, member: &Member) -> Result<(), StoreError> {
    tx.update(
        Condition::Org,
        &keys::org(&member.org_id),
        Expr::update("ADD #member_count :one, #owner_count :owner")
            .and_when("#suspended = :no AND attribute_not_exists(#deleted_at) AND (attribute_not_exists(#seat_limit) OR #member_count < #seat_limit)")
            .bind(":one", n(1))
            .bind(":owner", n(u8::from(member.role == Role::Owner)))
            .bind(":no", AttributeValue::Bool(false)),
    )
}

/// The organization's part of a change in which an owner stops being one: that who pays is as it
/// was read, and how billing is from then on when it was this owner.
pub(crate) fn owner_removed(
    update: &str,
    condition: &str,
    owner: &UserId,
    billing: Option<&(Billing, Billing)>,
) -> Result<Expr, StoreError> {
    let expr = match billing {
        // Items that are older than its version are at its first.
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

/// That billing has the version that was read. Items that are older than the version are at the
/// first.
pub(crate) const BILLING_AS_READ: &str =
    "(#billing.#version = :billing_version OR attribute_not_exists(#billing.#version))";

/// The organization's part of a change of its owners or its size.
fn count(
    tx: &mut TransactionBuilder,
    org: &OrgId,
    member: &Member,
    ownership: &Ownership,
    members: i32,
) -> Result<(), StoreError> {
    let key = keys::org(org);
    let expr = match ownership {
        Ownership::Same if members == 0 => return Ok(()),
        Ownership::Same => Expr::update("ADD #member_count :members")
            .and_when("attribute_exists(#PK)")
            .bind(":members", n(members)),
        Ownership::Gained => Expr::update("ADD #owner_count :one, #member_count :members")
            .and_when("attribute_exists(#PK)")
            .bind(":one", n(1))
            .bind(":members", n(members)),
        Ownership::Lost { billing, keeps } => {
            let update = "ADD #owner_count :minus, #member_count :members";
            let going = match keeps {
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
            going.bind(":minus", n(-1)).bind(":members", n(members))
        }
    };
    tx.update(Condition::Org, &key, expr)
}

/// What the audit record says of billing, when it moves with its payer.
fn billing_moved(ownership: &Ownership) -> Option<&'static str> {
    matches!(ownership, Ownership::Lost { billing: Some(_), .. }).then_some("independent")
}

/// The mail to the owners that an audit record asks for when billing moves with its payer.
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
        count(tx, &after.org_id, before, self.ownership(), 0)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let mut after = json!(self.after().view());
        if let (Some(mode), Some(after)) = (billing_moved(self.ownership()), after.as_object_mut())
        {
            after.insert("billing_mode".to_owned(), json!(mode));
        }
        AuditDiff {
            target: self.after().user_id.to_string(),
            before: Some(json!(self.before().view())),
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
        count(tx, &member.org_id, member, self.ownership(), -1)
    }

    fn audit_entry(&self, _now: DateTime<Utc>) -> AuditDiff {
        let after = billing_moved(self.ownership()).map(|mode| json!({"billing_mode": mode}));
        let mail = after.is_some().then(billing_moved_mail);
        AuditDiff {
            target: self.member().user_id.to_string(),
            before: Some(json!(self.member().view())),
            after,
            mail,
        }
    }
}
