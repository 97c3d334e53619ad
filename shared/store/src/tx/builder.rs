//! Builds a transaction, and records the reason for the condition of each write.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};

use crate::error::StoreError;
use crate::item::{Item, key_of, primary_key};
use crate::keys::Key;

/// The reason for a condition in a transaction. A failed commit reports the reasons of the failed
/// conditions, and the logs show their names.
///
/// If a condition fails, another change was committed after the read. The action then runs again
/// from the read, unless the variant says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The idempotency key is unused, or its stored response has expired. Guarantees that a
    /// repeated request commits once: if this fails, the caller gets the stored response.
    Idempotency,
    /// The actor still has the role that was authorized. A commit that also refreshes the actor's
    /// name or address requires the same version and joining date as well. Stops a change by an
    /// actor who was removed or lost the role after the read.
    ActorRole,
    /// No organization with this id exists before it is created.
    OrgIdUnused,
    /// The organization has the version that was read.
    OrgUnchanged,
    /// The organization is neither suspended nor deleted, and has a free seat for a new member.
    FreeSeat,
    /// The organization exists when its numbers of members and owners change.
    OrgExists,
    /// Another owner remains when a member stops being an owner, or the organization is still
    /// deleted. The payer is as it was read, so that a former owner does not keep paying.
    OwnerRemains,
    /// The billing version and the billing modes that the plan allows are as they were read.
    BillingUnchanged,
    /// The organization is marked as being purged, so it can no longer be restored.
    Purging,
    /// The membership does not exist before a member joins. Otherwise it has the role, version and
    /// joining date that were read. The joining date matters because every membership starts at
    /// version 1.
    Member,
    /// The user membership does not exist before a member joins, and exists before it is changed or
    /// deleted. Keeps the user's list of organizations in agreement with the members.
    UserMembership,
    /// The address lock belongs to the invitation or member that the change is about, or is free.
    /// Keeps each address unique in an organization.
    Address,
    /// The address can be invited: it has no lock, or its pending invitation has expired or is the
    /// one that is sent again. If only this fails, the current lock tells the caller whether the
    /// address is invited or a member, and the action does not run again.
    AddressFree,
    /// The new address from the actor's token has no lock, or an invitation that has expired. If
    /// only this fails, [`Store::commit`] commits without the new address.
    ///
    /// [`Store::commit`]: crate::Store::commit
    NewAddress,
    /// The user has created fewer existing organizations than the limit. If only this fails, the
    /// action does not run again. When a purge lowers the number, the profile of the user exists.
    OrgLimit,
    /// The invitation does not exist before it is created. Afterwards it is pending, and:
    ///
    /// - A resend requires the version that was read.
    /// - A revocation or a decline also requires that it has not expired.
    /// - An acceptance requires the last mail's number that was read, the address of the member,
    ///   and that it has not expired.
    Invitation,
    /// The inviter is still an owner, if the invitation is for an owner. If only this fails, the
    /// invitation counts as revoked, and the action does not run again.
    InviterIsOwner,
    /// The mails of this transaction stay within the sender's limit for the current hour. If only
    /// this fails, the action does not run again.
    SenderRate,
    /// No hold with this id exists before it is created.
    HoldIdUnused,
    /// The hold has the version that was read.
    HoldUnchanged,
    /// The holds of the month reserve no more than the budget allows in addition to the usage that
    /// was read. Holds that are created at the same time therefore never exceed the budget.
    BudgetLeft,
    /// None of an alert's reasons was raised before, and no other process wrote the same record of
    /// the day. If this fails, the alert is evaluated again.
    AlertIsNew,
    /// The recipient's address is not blocked by an opt-out or a complaint. If only this fails, the
    /// action does not run again.
    AddressOpen,
    /// This mail stays within the recipient's limit for the current day. If only this fails, the
    /// action does not run again.
    RecipientRate,
    /// The resource does not exist before it is created. Otherwise it has the version that was
    /// read.
    Resource,
    /// The organization's policies have the version that was read, or do not exist yet.
    Policies,
    /// The organization's budget has the version that was read, or does not exist yet.
    Budget,
    /// Marks a write of the pending purge. It has no condition of its own, because the condition on
    /// the organization in the same transaction covers it.
    Purge,
    /// The account has no statement for the month. A statement never changes.
    Statement,
    /// Marks a write beside a statement. It has no condition of its own, because the condition on
    /// the statement covers it.
    StatementPart,
    /// No audit record with this id exists, so a record is never overwritten.
    Audit,
}

/// The writes of one transaction, in order, each with the reason for its condition.
#[derive(Debug)]
pub struct TransactionBuilder {
    table: String,
    writes: Vec<TransactWriteItem>,
    conditions: Vec<Condition>,
    keys: HashSet<Key>,
}

/// A condition or an update in DynamoDB's expression language. Write attribute names as `#name`,
/// and bind each value `:name` with [`Expr::bind`].
#[derive(Debug, Default)]
pub(crate) struct Expr {
    update: Option<String>,
    condition: Option<String>,
    values: HashMap<String, AttributeValue>,
}

impl Expr {
    pub(crate) fn when(condition: impl Into<String>) -> Self {
        Self { condition: Some(condition.into()), ..Self::default() }
    }

    pub(crate) fn update(update: impl Into<String>) -> Self {
        Self { update: Some(update.into()), ..Self::default() }
    }

    pub(crate) fn and_when(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    pub(crate) fn bind(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// Returns the condition. Queries use it as their filter.
    pub(crate) fn condition(&self) -> Option<&str> {
        self.condition.as_deref()
    }

    pub(crate) fn into_values(self) -> HashMap<String, AttributeValue> {
        self.values
    }

    fn parts(self) -> Parts {
        let mut names = HashMap::new();
        for text in [&self.update, &self.condition].into_iter().flatten() {
            names.extend(attribute_names(text));
        }
        Parts {
            update: self.update,
            condition: self.condition,
            names: (!names.is_empty()).then_some(names),
            values: (!self.values.is_empty()).then_some(self.values),
        }
    }
}

/// Sets the table and the condition of a write. A failed condition returns the item.
macro_rules! conditional {
    ($write:expr, $table:expr, $parts:expr) => {
        $write
            .table_name($table)
            .set_condition_expression($parts.condition)
            .set_expression_attribute_names($parts.names)
            .set_expression_attribute_values($parts.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(incomplete)?
    };
}

struct Parts {
    update: Option<String>,
    condition: Option<String>,
    names: Option<HashMap<String, String>>,
    values: Option<HashMap<String, AttributeValue>>,
}

/// Returns the attribute names of an expression: each `#name` stands for the attribute `name`. The
/// `#` is needed because many names are reserved words of DynamoDB.
pub(crate) fn attribute_names(expression: &str) -> HashMap<String, String> {
    expression
        .split('#')
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
        })
        .map(|name| (format!("#{name}"), name.to_owned()))
        .collect()
}

impl TransactionBuilder {
    pub(crate) fn new(table: &str) -> Self {
        Self {
            table: table.to_owned(),
            writes: Vec::new(),
            conditions: Vec::new(),
            keys: HashSet::new(),
        }
    }

    pub(crate) fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    pub(crate) fn writes(&self) -> Vec<TransactWriteItem> {
        self.writes.clone()
    }

    /// Adds the writes of another builder, which can have another table.
    pub(crate) fn join(&mut self, other: Self) {
        self.conditions.extend(other.conditions);
        self.writes.extend(other.writes);
    }

    /// Returns true if the transaction contains the item with this key. DynamoDB allows each item
    /// once per transaction.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    fn push(&mut self, condition: Condition, key: Option<Key>, write: TransactWriteItem) {
        self.keys.extend(key);
        self.conditions.push(condition);
        self.writes.push(write);
    }

    /// Puts an item if `expression` holds for the current item.
    pub(crate) fn put(
        &mut self,
        condition: Condition,
        item: Item,
        expression: Expr,
    ) -> Result<(), StoreError> {
        let parts = expression.parts();
        let key = key_of(&item);
        let put = Put::builder().set_item(Some(item));
        let put = conditional!(put, &self.table, parts);
        self.push(condition, key, TransactWriteItem::builder().put(put).build());
        Ok(())
    }

    /// Puts an item if none with its key exists.
    pub(crate) fn put_new(&mut self, condition: Condition, item: Item) -> Result<(), StoreError> {
        self.put(condition, item, Expr::when("attribute_not_exists(#PK)"))
    }

    /// Updates an item if the condition of `change` holds.
    pub(crate) fn update(
        &mut self,
        condition: Condition,
        key: &Key,
        change: Expr,
    ) -> Result<(), StoreError> {
        let parts = change.parts();
        let update =
            Update::builder().set_key(Some(primary_key(key))).set_update_expression(parts.update);
        let update = conditional!(update, &self.table, parts);
        self.push(
            condition,
            Some(key.clone()),
            TransactWriteItem::builder().update(update).build(),
        );
        Ok(())
    }

    /// Deletes an item if `expression` holds for it.
    pub(crate) fn delete(
        &mut self,
        condition: Condition,
        key: &Key,
        expression: Expr,
    ) -> Result<(), StoreError> {
        let parts = expression.parts();
        let delete = Delete::builder().set_key(Some(primary_key(key)));
        let delete = conditional!(delete, &self.table, parts);
        self.push(
            condition,
            Some(key.clone()),
            TransactWriteItem::builder().delete(delete).build(),
        );
        Ok(())
    }

    /// Requires that `expression` holds for an item that the transaction does not change.
    pub(crate) fn check(
        &mut self,
        condition: Condition,
        key: &Key,
        expression: Expr,
    ) -> Result<(), StoreError> {
        let parts = expression.parts();
        let check = ConditionCheck::builder().set_key(Some(primary_key(key)));
        let check = conditional!(check, &self.table, parts);
        self.push(
            condition,
            Some(key.clone()),
            TransactWriteItem::builder().condition_check(check).build(),
        );
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::new(format!("a write lacks a required field: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_names_are_taken_from_the_expression() {
        let names = attribute_names("SET #role = :r ADD #v :one, #owner_count :d");
        let mut names: Vec<(&str, &str)> =
            names.iter().map(|(alias, name)| (alias.as_str(), name.as_str())).collect();
        names.sort_unstable();
        assert_eq!(names, [("#owner_count", "owner_count"), ("#role", "role"), ("#v", "v")]);
        assert!(attribute_names("a = :b").is_empty());
    }
}
