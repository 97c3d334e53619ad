//! Builds a transaction, and remembers for each of its items what it guards.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};

use crate::error::StoreError;
use crate::item::{Item, key_of, primary_key};
use crate::keys::Key;

/// What a condition in a transaction stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The key has not been used, or its record is over.
    Idempotency,
    /// The actor still has the role that was judged.
    ActorRole,
    /// The organization is as it was judged.
    Org,
    /// The member is as it was judged.
    Member,
    /// The user's own entry.
    UserMembership,
    /// The address is as it was judged.
    Address,
    /// The address is free to be invited.
    AddressFree,
    /// The new address of a member is free.
    NewAddress,
    /// The user has created fewer organizations than the limit.
    OrgLimit,
    /// The invitation is as it was judged.
    Invitation,
    /// The inviter of an owner is an owner still.
    InviterIsOwner,
    /// The sender has not sent too many.
    SenderRate,
    /// The address takes invitations.
    AddressOpen,
    /// The address has not got too many.
    RecipientRate,
    /// The resource is as it was judged.
    Resource,
    /// The organization's own policies are as they were judged.
    Policies,
    /// The organization's budget is as it was judged.
    Budget,
    /// When the organization is purged: no condition.
    Purge,
    /// The audit record is new.
    Audit,
}

/// The writes of one transaction, in order.
#[derive(Debug)]
pub struct TransactionBuilder {
    table: String,
    writes: Vec<TransactWriteItem>,
    conditions: Vec<Condition>,
    keys: HashSet<Key>,
}

/// A condition or update in DynamoDB's expression language. Attribute names are written `#name`,
/// values are bound by name.
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

    /// The condition, which is a filter where items are listed.
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

struct Parts {
    update: Option<String>,
    condition: Option<String>,
    names: Option<HashMap<String, String>>,
    values: Option<HashMap<String, AttributeValue>>,
}

/// The names that an expression uses: each `#name` stands for the attribute `name` (many are words
/// of the language).
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

    /// Whether the item with this key is in the transaction: it can be in it once.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    fn push(&mut self, condition: Condition, key: Option<Key>, write: TransactWriteItem) {
        self.keys.extend(key);
        self.conditions.push(condition);
        self.writes.push(write);
    }

    /// Puts an item where `condition` holds.
    pub(crate) fn put(
        &mut self,
        condition: Condition,
        item: Item,
        expression: Expr,
    ) -> Result<(), StoreError> {
        let parts = expression.parts();
        let key = key_of(&item);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .set_condition_expression(parts.condition)
            .set_expression_attribute_names(parts.names)
            .set_expression_attribute_values(parts.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            condition,
            key,
            TransactWriteItem::builder().put(put.map_err(incomplete)?).build(),
        );
        Ok(())
    }

    /// Puts an item where there is none.
    pub(crate) fn put_new(&mut self, condition: Condition, item: Item) -> Result<(), StoreError> {
        self.put(condition, item, Expr::when("attribute_not_exists(#PK)"))
    }

    /// Changes an item where the expression's condition holds.
    pub(crate) fn update(
        &mut self,
        condition: Condition,
        key: &Key,
        change: Expr,
    ) -> Result<(), StoreError> {
        let parts = change.parts();
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(primary_key(key)))
            .set_update_expression(parts.update)
            .set_condition_expression(parts.condition)
            .set_expression_attribute_names(parts.names)
            .set_expression_attribute_values(parts.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            condition,
            Some(key.clone()),
            TransactWriteItem::builder().update(update.map_err(incomplete)?).build(),
        );
        Ok(())
    }

    /// Deletes an item where `condition` holds.
    pub(crate) fn delete(
        &mut self,
        condition: Condition,
        key: &Key,
        expression: Expr,
    ) -> Result<(), StoreError> {
        let parts = expression.parts();
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(primary_key(key)))
            .set_condition_expression(parts.condition)
            .set_expression_attribute_names(parts.names)
            .set_expression_attribute_values(parts.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            condition,
            Some(key.clone()),
            TransactWriteItem::builder().delete(delete.map_err(incomplete)?).build(),
        );
        Ok(())
    }

    /// Commits only where `condition` holds of an item that is not changed.
    pub(crate) fn check(
        &mut self,
        condition: Condition,
        key: &Key,
        expression: Expr,
    ) -> Result<(), StoreError> {
        let parts = expression.parts();
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(primary_key(key)))
            .set_condition_expression(parts.condition)
            .set_expression_attribute_names(parts.names)
            .set_expression_attribute_values(parts.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            condition,
            Some(key.clone()),
            TransactWriteItem::builder().condition_check(check.map_err(incomplete)?).build(),
        );
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::new(format!("a write is incomplete: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_expressions() {
        let names = attribute_names("SET #role = :r ADD #v :one, #owner_count :d");
        let mut names: Vec<(&str, &str)> =
            names.iter().map(|(alias, name)| (alias.as_str(), name.as_str())).collect();
        names.sort_unstable();
        assert_eq!(names, [("#owner_count", "owner_count"), ("#role", "role"), ("#v", "v")]);
        assert!(attribute_names("a = :b").is_empty());
    }
}
