//! Converts between values and DynamoDB items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::keys::Key;

/// A DynamoDB item as the SDK represents it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The version of the item format, so that later versions of the code can recognize older items.
pub(crate) const SCHEMA: u8 = 1;

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

#[expect(clippy::needless_pass_by_value, reason = "callers pass numbers by value")]
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Converts a value to an item with its key and the schema version.
pub(crate) fn item<T: Serialize>(key: &Key, value: &T) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(value)?;
    item.extend(primary_key(key));
    item.insert("schema".to_owned(), n(SCHEMA));
    Ok(item)
}

/// Converts an item to a value. Ignores unknown attributes.
pub(crate) fn value<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    Ok(serde_dynamo::from_item(item)?)
}

pub(crate) fn primary_key(key: &Key) -> Item {
    Item::from([("PK".to_owned(), s(&key.pk)), ("SK".to_owned(), s(&key.sk))])
}

pub(crate) fn key_of(item: &Item) -> Option<Key> {
    Some(Key { pk: text(item, "PK")?.to_owned(), sk: text(item, "SK")?.to_owned() })
}

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
