//! Stores the response of a request, so that a repeated request with the same `Idempotency-Key`
//! gets it again and changes nothing.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::text;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::item::{Item, item, n};
use crate::keys::{self, Key};
use crate::tx::{Condition, Expr, TransactionBuilder};

/// The time for which a response is stored.
const RESPONSE_RETENTION_HOURS: i64 = 24;

/// The identity of a request with an `Idempotency-Key`: a hash of its caller, method, path and key,
/// and a hash of its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    hash: String,
    request: String,
}

impl IdempotencyKey {
    /// Returns the key of a caller's request. The length of each part is hashed too, so that
    /// different requests never have the same hash input.
    #[must_use]
    pub fn new(principal: &str, method: &str, path: &str, key: &str, body: &[u8]) -> Self {
        let named =
            [principal, method, path, key].map(|part| format!("{}:{part}", part.len())).concat();
        Self {
            hash: text::hex(&text::sha256(named.as_bytes())),
            request: text::hex(&text::sha256(body)),
        }
    }

    pub(crate) fn key(&self) -> Key {
        keys::idempotency(&self.hash)
    }
}

/// The stored response of an earlier request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// The hash of the body of the earlier request.
    request: String,
    /// The HTTP status of the response.
    pub status: u16,
    /// The body of the response. Absent if it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The `ETag` of the response. Absent if it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    exp: i64,
}

impl StoredResponse {
    /// Returns true if the earlier request had the same body as the request with `key`.
    #[must_use]
    pub fn answers(&self, key: &IdempotencyKey) -> bool {
        self.request == key.request
    }

    /// Returns true until the response expires. DynamoDB deletes the item some time after that.
    pub(crate) fn lives(&self, now: DateTime<Utc>) -> bool {
        self.exp > now.timestamp()
    }
}

/// Adds the response to the transaction of the change that it describes.
pub(crate) fn remember(
    tx: &mut TransactionBuilder,
    key: &IdempotencyKey,
    status: u16,
    body: Option<String>,
    etag: Option<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let exp = (now + Duration::hours(RESPONSE_RETENTION_HOURS)).timestamp();
    let response = StoredResponse { request: key.request.clone(), status, body, etag, exp };
    let mut record: Item = item(&key.key(), &response)?;
    record.insert("ttl".to_owned(), n(exp));
    tx.put(
        Condition::Idempotency,
        record,
        Expr::when("attribute_not_exists(#PK) OR #exp <= :now").bind(":now", n(now.timestamp())),
    )
}
