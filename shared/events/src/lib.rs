//! The events, and the only code that talks to EventBridge.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::retry::RetryConfig;
use aws_sdk_eventbridge::config::timeout::TimeoutConfig;
use aws_sdk_eventbridge::error::DisplayErrorContext;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_types::SdkConfig;
use orgs_domain::audit::AuditRecord;

/// What every event says that it is from.
pub const SOURCE: &str = "organizations";
/// How many events EventBridge takes at once.
pub const MOST: usize = 10;

/// EventBridge took none of the events; trying again may help.
#[derive(Debug, thiserror::Error)]
#[error("EventBridge: {0}")]
pub struct NotPublished(String);

/// Publishes events. Cheap to clone; its client is made when it is first used.
#[derive(Debug, Clone)]
pub struct Publisher {
    sdk: SdkConfig,
    bus: String,
    client: OnceLock<Client>,
}

impl Publisher {
    /// A publisher in the place that `sdk` names, to this bus.
    #[must_use]
    pub fn new(sdk: &SdkConfig, bus: String) -> Self {
        Self { sdk: sdk.clone(), bus, client: OnceLock::new() }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let timeouts = TimeoutConfig::builder()
                .connect_timeout(Duration::from_millis(500))
                .operation_attempt_timeout(Duration::from_secs(2))
                .operation_timeout(Duration::from_secs(5))
                .build();
            let config = aws_sdk_eventbridge::config::Builder::from(&self.sdk)
                .timeout_config(timeouts)
                .retry_config(RetryConfig::standard().with_max_attempts(3))
                .build();
            Client::from_conf(config)
        })
    }

    /// Publishes up to [`MOST`] records, each as an event whose `detail-type` is the action and whose `detail` is the record. Returns the
    /// positions of those that EventBridge did not take.
    ///
    /// # Errors
    /// [`NotPublished`] when it took none.
    pub async fn publish(&self, records: &[AuditRecord]) -> Result<Vec<usize>, NotPublished> {
        let mut entries = Vec::with_capacity(records.len());
        for record in records {
            let detail = serde_json::to_string(record).map_err(|error| NotPublished(error.to_string()))?;
            let entry = PutEventsRequestEntry::builder()
                .source(SOURCE)
                .detail_type(&record.action)
                .detail(detail)
                .event_bus_name(&self.bus)
                .resources(record.org_id.to_string())
                .time(DateTime::from(SystemTime::from(record.at)));
            entries.push(entry.build());
        }
        let answer = self.client().put_events().set_entries(Some(entries)).send().await;
        let answer = answer.map_err(|error| NotPublished(DisplayErrorContext(error).to_string()))?;
        let outcomes = answer.entries.unwrap_or_default();
        // What EventBridge says nothing of was not taken.
        Ok((0..records.len()).filter(|at| outcomes.get(*at).is_none_or(|outcome| outcome.event_id.is_none())).collect())
    }
}
