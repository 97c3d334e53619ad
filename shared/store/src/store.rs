//! The DynamoDB client, with its timeouts and retries.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{KeysAndAttributes, TransactWriteItem};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_types::SdkConfig;
use orgs_domain::{AccountId, Month, OrgId};

use crate::error::StoreError;
use crate::item::{primary_key, s};
use crate::keys;

/// Larger transactions get the two longer timeouts below.
const SMALL_TRANSACTION_ITEMS_MAX: usize = 25;
/// Timeout of one attempt to send a large transaction.
const LARGE_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// Timeout of a large transaction, including the retries of the SDK.
const LARGE_OPERATION_TIMEOUT: Duration = Duration::from_secs(7);

/// The table names of a deployment, and the number of counter shards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// The deployed name of the table `core`. Default: `core`.
    pub core_table: String,
    /// The deployed name of the table `usage`. Default: `usage`.
    pub usage_table: String,
    /// Shards per counter, 1 to 16, by default 4: the number of batches of one organization that
    /// can be counted at the same time.
    pub usage_shards: u8,
}

impl StoreSettings {
    /// Returns the deployed name of the table `usage`, or of `core` for any other `table`.
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

/// The kinds of usage in a month, by organization.
type KnownKinds = HashMap<(OrgId, Month), BTreeSet<String>>;

/// Access to both tables. Cloning is cheap, and the first call creates the SDK client.
#[derive(Debug, Clone)]
pub struct Store {
    config: aws_sdk_dynamodb::config::Builder,
    client: OnceLock<Client>,
    pub(crate) settings: StoreSettings,
    /// Retries since the last call of [`Store::take_retries`].
    pub(crate) retries: Arc<AtomicU64>,
    /// The accounts that this process has listed as accounts with usage in a month.
    pub(crate) billed_accounts: Arc<Mutex<HashSet<(Month, AccountId)>>>,
    /// The kinds of usage that this process has seen.
    pub(crate) known_kinds: Arc<Mutex<KnownKinds>>,
}

impl Store {
    /// Creates a store that uses the endpoint, region and credentials of `sdk`.
    #[must_use]
    pub fn new(sdk: &SdkConfig, settings: StoreSettings) -> Self {
        Self::of(config(sdk), settings)
    }

    /// Creates a store for one of several functions in a process. Every call passes `watcher`: the
    /// local host counts calls this way, and rejects calls that are not granted to the function.
    ///
    /// The SDK has one retry budget per process. On Lambda each function is a process of its own,
    /// so here each name in `process` gets its own budget.
    #[must_use]
    pub fn with_interceptor(
        sdk: &SdkConfig,
        settings: StoreSettings,
        process: String,
        watcher: impl Intercept + 'static,
    ) -> Self {
        let config = config(sdk).retry_partition(RetryPartition::new(process)).interceptor(watcher);
        Self::of(config, settings)
    }

    fn of(config: aws_sdk_dynamodb::config::Builder, settings: StoreSettings) -> Self {
        Self {
            config,
            client: OnceLock::new(),
            settings,
            retries: Arc::default(),
            billed_accounts: Arc::default(),
            known_kinds: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::from_conf(self.config.clone().build()))
    }

    /// Returns the number of retries since the previous call, and resets it. Counts retries after
    /// conflicts with other transactions, throttled transactions and unprocessed items, but not the
    /// retries that the SDK does by itself.
    #[must_use]
    pub fn take_retries(&self) -> u64 {
        self.retries.swap(0, Ordering::Relaxed)
    }

    /// Sends a transaction, with longer timeouts if it is large.
    pub(crate) async fn transaction(
        &self,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let is_large = writes.len() > SMALL_TRANSACTION_ITEMS_MAX;
        let call =
            self.client().transact_write_items().set_transact_items(Some(writes)).customize();
        let call = if is_large {
            let timeouts = TimeoutConfig::builder()
                .operation_attempt_timeout(LARGE_ATTEMPT_TIMEOUT)
                .operation_timeout(LARGE_OPERATION_TIMEOUT)
                .build();
            call.config_override(aws_sdk_dynamodb::Config::builder().timeout_config(timeouts))
        } else {
            call
        };
        call.send().await.map(drop)
    }

    /// Makes one cheap call, so that the TLS connection exists before the first request. Lambda
    /// functions call this at start.
    ///
    /// # Errors
    /// [`StoreError`] if the call fails. The caller may ignore it, because the first request
    /// connects then.
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

/// The warm-up call of a function. Choose a call that the role of the function allows, because
/// denied calls raise alarms in many accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmUp {
    /// Calls `BatchGetItem` on the table `core`.
    GetCore,
    /// Calls `Query` on the table `core`.
    QueryCore,
    /// Calls `Query` on the table `usage`.
    QueryUsage,
}

/// Returns a client configuration with short timeouts and quick retries: a Lambda has ten seconds,
/// and DynamoDB answers in a few milliseconds.
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
