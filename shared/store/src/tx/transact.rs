//! Sends a transaction, and retries it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use crate::error::{StoreError, THROTTLING_CODES};
use crate::item::Item;
use crate::store::Store;
use crate::tx::{Condition, TransactionBuilder};

/// Maximum attempts to send a transaction while only other transactions or throttling prevent it.
pub(crate) const ATTEMPTS_MAX: u32 = 5;
/// Cancellation reasons that a retry can resolve. `None` stands for an item without a failure.
pub(crate) const TRANSIENT_CANCELLATION_CODES: [&str; 4] =
    ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// A condition that failed, with the item that it was about.
#[derive(Debug)]
pub(crate) struct FailedCondition {
    /// The position of the item in the transaction.
    pub(crate) position: usize,
    /// The reason for the condition.
    pub(crate) condition: Condition,
    /// The current item, if it exists.
    pub(crate) item: Option<Item>,
}

/// The reason why a transaction was not applied.
#[derive(Debug)]
pub(crate) enum Cancelled {
    /// One or more conditions failed.
    ConditionsFailed(Vec<FailedCondition>),
    /// Other transactions or throttling prevented every attempt.
    Contention,
    /// DynamoDB failed. It is unknown whether the transaction was committed.
    Store(StoreError),
}

impl From<StoreError> for Cancelled {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Sends a transaction. Returns false if a condition failed, so that nothing was written.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails, or if conflicts persist.
    pub(crate) async fn transact_if(&self, tx: &TransactionBuilder) -> Result<bool, StoreError> {
        match self.transact(tx).await {
            Ok(()) => Ok(true),
            Err(Cancelled::ConditionsFailed(_)) => Ok(false),
            Err(Cancelled::Contention) => Err(StoreError::Transient(
                "TransactWriteItems: conflicts with other transactions in every attempt".to_owned(),
            )),
            Err(Cancelled::Store(error)) => Err(error),
        }
    }

    /// Sends a transaction until it is committed or a condition fails, and retries conflicts with
    /// other transactions and throttling with jitter, up to [`ATTEMPTS_MAX`] times.
    ///
    /// If a response is lost, the SDK sends the call again with the same client request token, so
    /// DynamoDB applies it once. The SDK does not retry a cancelled transaction; this loop does.
    pub(crate) async fn transact(&self, tx: &TransactionBuilder) -> Result<(), Cancelled> {
        for attempt in 0..ATTEMPTS_MAX {
            let Err(error) = self.transaction(tx.writes()).await else { return Ok(()) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                let throttled = error.code().is_some_and(|code| THROTTLING_CODES.contains(&code));
                return Err(if throttled {
                    Cancelled::Contention
                } else {
                    StoreError::sdk("TransactWriteItems", error).into()
                });
            };
            let reasons = cancelled.cancellation_reasons();
            let lost: Vec<FailedCondition> = tx
                .conditions()
                .iter()
                .zip(reasons)
                .enumerate()
                .filter(|(_, (_, reason))| reason.code() == Some("ConditionalCheckFailed"))
                .map(|(position, (condition, reason))| FailedCondition {
                    position,
                    condition: *condition,
                    item: reason.item.clone(),
                })
                .collect();
            if !lost.is_empty() {
                return Err(Cancelled::ConditionsFailed(lost));
            }
            if !reasons
                .iter()
                .filter_map(|reason| reason.code())
                .all(|code| TRANSIENT_CANCELLATION_CODES.contains(&code))
            {
                return Err(StoreError::new(format!("TransactWriteItems: {cancelled}")).into());
            }
            self.pause(attempt).await;
        }
        Err(Cancelled::Contention)
    }
}

impl Store {
    /// Waits before a retry, and counts it. Full jitter: the delay is random, up to 20 ms for
    /// attempt 0, doubled with each attempt up to 640 ms.
    pub(crate) async fn pause(&self, attempt: u32) {
        self.retries.fetch_add(1, Ordering::Relaxed);
        let delay_max_ms = 20_u64 << attempt.min(5);
        let mut random = [0; 8];
        // Without random bytes the delay is the longest, which is slower but safe.
        let delay_ms = aws_lc_rs::rand::fill(&mut random)
            .map_or(delay_max_ms, |()| u64::from_le_bytes(random) % (delay_max_ms + 1));
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
}
