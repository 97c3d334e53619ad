//! The stored answer of a request, so that asking again with the same key does nothing again.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::text;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::item::{Item, item, n};
use crate::keys::{self, Key};
use crate::transaction_builder::{Condition, Expr, TransactionBuilder};

/// For how long an answer is kept.
const KEPT_HOURS: i64 = 24;

/// Who asked what with which `Idempotency-Key`, and the hash of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    hash: String,
    request: String,
}

impl IdempotencyKey {
    /// The key of one caller's request; lengths are hashed too, so that no two requests run
    /// together.
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

/// An answer that was given before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// The hash of the body that it answered.
    request: String,
    /// The HTTP status.
    pub status: u16,
    /// The body; absent for an answer without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The `ETag`, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    exp: i64,
}

impl StoredResponse {
    /// Whether the request that this answered had the same body as the one with `key`.
    #[must_use]
    pub fn answers(&self, key: &IdempotencyKey) -> bool {
        self.request == key.request
    }

    /// Whether the answer still counts; DynamoDB deletes it some time after.
    pub(crate) fn lives(&self, now: DateTime<Utc>) -> bool {
        self.exp > now.timestamp()
    }
}

/// Stores an answer with the effect that it tells of.
pub(crate) fn remember(
    tx: &mut TransactionBuilder,
    key: &IdempotencyKey,
    status: u16,
    body: Option<String>,
    etag: Option<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let exp = (now + Duration::hours(KEPT_HOURS)).timestamp();
    let response = StoredResponse { request: key.request.clone(), status, body, etag, exp };
    let mut record: Item = item(&key.key(), &response)?;
    record.insert("ttl".to_owned(), n(exp));
    tx.put(
        Condition::Idempotency,
        record,
        Expr::when("attribute_not_exists(#PK) OR #exp <= :now").bind(":now", n(now.timestamp())),
    )
}
