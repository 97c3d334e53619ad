//! The client and its settings.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{KeysAndAttributes, TransactWriteItem};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_types::SdkConfig;

use crate::error::StoreError;
use crate::item::{primary_key, s};
use crate::keys;

/// A transaction with more items than this is large: it may take this long, once and with what the
/// SDK repeats.
const LARGE: usize = 25;
const ATTEMPT: Duration = Duration::from_secs(4);
const OPERATION: Duration = Duration::from_secs(7);

/// What the store is told about its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// The name of the table `core`.
    pub core_table: String,
    /// The name of the table `usage`.
    pub usage_table: String,
    /// Counter shards per rollup, 1 to 16: how many batches of one organization can be counted at
    /// the same moment.
    pub usage_shards: u8,
}

impl StoreSettings {
    /// The deployment's name of the table `usage`, or else of `core`.
    #[must_use]
    pub fn table(&self, table: &str) -> &str {
        if table == "usage" { &self.usage_table } else { &self.core_table }
    }
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self { core_table: "core".to_owned(), usage_table: "usage".to_owned(), usage_shards: 4 }
    }
}

/// The data. Cheap to clone; its client is made when it is first used.
#[derive(Debug, Clone)]
pub struct Store {
    config: aws_sdk_dynamodb::config::Builder,
    client: OnceLock<Client>,
    pub(crate) settings: StoreSettings,
    /// How often something was sent again since the last look.
    pub(crate) retries: Arc<AtomicU64>,
}

impl Store {
    /// A store in the place that `sdk` names.
    #[must_use]
    pub fn new(sdk: &SdkConfig, settings: StoreSettings) -> Self {
        Self { config: config(sdk), client: OnceLock::new(), settings, retries: Arc::default() }
    }

    /// A store for one of several functions in a process, whose every call passes `watcher`: the
    /// local host counts calls this way, and refuses those that a function was not granted.
    ///
    /// The SDK keeps one budget of retries per process; on Lambda that is one per function, so
    /// `process` gives each its own.
    #[must_use]
    pub fn with_interceptor(
        sdk: &SdkConfig,
        settings: StoreSettings,
        process: String,
        watcher: impl Intercept + 'static,
    ) -> Self {
        let config = config(sdk).retry_partition(RetryPartition::new(process)).interceptor(watcher);
        Self { config, client: OnceLock::new(), settings, retries: Arc::default() }
    }

    pub(crate) fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::from_conf(self.config.clone().build()))
    }

    /// How often something was sent again, because others were at work on the same items, since
    /// this was last asked.
    #[must_use]
    pub fn take_retries(&self) -> u64 {
        self.retries.swap(0, Ordering::Relaxed)
    }

    /// Sends a transaction, and waits longer for a large one.
    pub(crate) async fn transaction(
        &self,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let is_large = writes.len() > LARGE;
        let call =
            self.client().transact_write_items().set_transact_items(Some(writes)).customize();
        let call = if is_large {
            let patient = TimeoutConfig::builder()
                .operation_attempt_timeout(ATTEMPT)
                .operation_timeout(OPERATION)
                .build();
            call.config_override(aws_sdk_dynamodb::Config::builder().timeout_config(patient))
        } else {
            call
        };
        call.send().await.map(drop)
    }

    /// One cheap call, so that the first TLS connection is made before the first request: at the
    /// start of a Lambda.
    ///
    /// # Errors
    /// [`StoreError`], which a caller may pass over: the first request will then connect.
    pub async fn warm_up(&self, by: WarmUp) -> Result<(), StoreError> {
        let key = keys::idempotency("warm-up");
        let StoreSettings { core_table, usage_table, .. } = &self.settings;
        match by {
            WarmUp::GetCore => {
                let keys = KeysAndAttributes::builder().keys(primary_key(&key)).build();
                let keys = keys.map_err(|error| StoreError::new(error.to_string()))?;
                let call =
                    self.client().batch_get_item().request_items(core_table, keys).send().await;
                call.map(drop).map_err(|error| StoreError::sdk("BatchGetItem", error))
            }
            WarmUp::QueryCore | WarmUp::QueryUsage => {
                let table = if by == WarmUp::QueryCore { core_table } else { usage_table };
                let query = self
                    .client()
                    .query()
                    .table_name(table)
                    .key_condition_expression("PK = :pk")
                    .limit(1);
                let call = query.expression_attribute_values(":pk", s(key.pk)).send().await;
                call.map(drop).map_err(|error| StoreError::sdk("Query", error))
            }
        }
    }
}

/// The warm-up call of a function: one that its role allows. Denied calls set off alarms in many
/// accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmUp {
    /// `BatchGetItem` on `core`.
    GetCore,
    /// `Query` on `core`.
    QueryCore,
    /// `Query` on `usage`.
    QueryUsage,
}

/// Short timeouts and quick retries: a Lambda has ten seconds, and DynamoDB answers in a few
/// milliseconds.
fn config(sdk: &SdkConfig) -> aws_sdk_dynamodb::config::Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(1500))
        .operation_timeout(Duration::from_secs(5))
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(Duration::from_millis(25));
    aws_sdk_dynamodb::config::Builder::from(sdk).timeout_config(timeouts).retry_config(retries)
}
