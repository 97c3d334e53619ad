//! Publishes events. No other crate calls EventBridge.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::retry::RetryConfig;
use aws_sdk_eventbridge::config::timeout::TimeoutConfig;
use aws_sdk_eventbridge::error::ProvideErrorMetadata;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_types::SdkConfig;
use orgs_domain::audit::AuditRecord;
use serde::Serialize;
use serde_json::Value;

/// The `source` of the events about changes.
pub const SOURCE: &str = "organizations";
/// The `source` of mail requests. A rule of the bus forwards them to the mail queue. They are not a
/// part of the public contract.
pub const MAIL_SOURCE: &str = "organizations.mail";
/// The largest number of entries in one `PutEvents` call.
const CALL_ENTRIES_MAX: usize = 10;
/// The largest total size of the entries in one `PutEvents` call, in bytes.
const CALL_BYTES_MAX: usize = 256 * 1024;
/// The number of bytes that EventBridge counts for the time of an entry.
const TIME_BYTES: usize = 14;

/// A committed change to publish.
#[derive(Debug, Clone)]
pub struct Change {
    /// The audit record of the change, which becomes the event's detail.
    pub record: AuditRecord,
    /// The mail request, from the attribute `mail` of the audit record's item.
    pub mail: Option<Value>,
}

/// A mail request. It contains only ids; the mailer loads everything else from the table.
#[derive(Serialize)]
struct MailRequest<'a> {
    org_id: orgs_domain::OrgId,
    audit_id: orgs_domain::AuditId,
    at: chrono::DateTime<chrono::Utc>,
    mail: &'a Value,
}

/// The error that a `PutEvents` call failed as a whole.
#[derive(Debug, thiserror::Error)]
#[error("EventBridge: {reason}")]
struct NotPublished {
    reason: String,
    /// True if EventBridge rejected the content of the call, for example because of its size.
    is_refused: bool,
}

/// A publisher of events. A clone is cheap, and the client is created on first use.
#[derive(Debug, Clone)]
pub struct Publisher {
    sdk: SdkConfig,
    bus: String,
    client: OnceLock<Client>,
}

impl Publisher {
    /// Creates a publisher for the event bus `bus`, at the endpoint and with the credentials of
    /// `sdk`.
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

    /// Publishes each change as an event. Its `detail-type` is the action, and its `detail` is the
    /// audit record. A change with a mail request is also published as a second event, with the
    /// source [`MAIL_SOURCE`]. Returns the positions of the changes with an event that EventBridge
    /// did not accept.
    ///
    /// Each call contains as many entries as fit. If EventBridge rejects the content of a call, the
    /// publisher sends each of its entries alone, so that one event cannot block the others.
    pub async fn publish(&self, changes: &[Change]) -> Vec<usize> {
        let mut failed = Vec::new();
        let mut entries = Vec::with_capacity(changes.len());
        for (position, change) in changes.iter().enumerate() {
            match Entry::all_of(position, change, &self.bus) {
                Ok(all) => entries.extend(all),
                Err(error) => {
                    tracing::error!(%error, audit_id = %change.record.id, "an audit record cannot be written as JSON");
                    failed.push(position);
                }
            }
        }
        for call in calls(entries) {
            failed.extend(self.put_call(call).await);
        }
        failed.sort_unstable();
        failed.dedup();
        failed
    }

    /// Sends the entries of a call. Returns the positions of the entries that EventBridge did not
    /// accept.
    async fn put_call(&self, call: Vec<Entry>) -> Vec<usize> {
        match self.put(&call).await {
            Ok(failed) => failed,
            Err(error) if error.is_refused && call.len() > 1 => {
                tracing::warn!(%error, entries = call.len(), "EventBridge rejected a call, sending each entry alone");
                let mut failed = Vec::new();
                for entry in call {
                    failed.extend(self.put(std::slice::from_ref(&entry)).await.unwrap_or_else(
                        |error| {
                            tracing::error!(%error, bytes = entry.bytes, "EventBridge rejected an event");
                            vec![entry.position]
                        },
                    ));
                }
                failed
            }
            Err(error) => {
                let bytes = call.iter().map(|entry| entry.bytes).sum::<usize>();
                tracing::warn!(%error, entries = call.len(), bytes, "the call to EventBridge failed");
                call.into_iter().map(|entry| entry.position).collect()
            }
        }
    }

    async fn put(&self, call: &[Entry]) -> Result<Vec<usize>, NotPublished> {
        let entries = call.iter().map(|entry| entry.request.clone()).collect();
        let response = self.client().put_events().set_entries(Some(entries)).send().await.map_err(
            |error| NotPublished {
                // Throttling and missing permissions are also client errors, but sending the
                // entries alone does not help against them.
                is_refused: error.code() == Some("ValidationException")
                    || error
                        .raw_response()
                        .is_some_and(|response| response.status().as_u16() == 413),
                // The error message can quote the event, which contains names and addresses, so
                // only the error code is logged.
                reason: error.code().map_or_else(|| "no usable response".to_owned(), str::to_owned),
            },
        )?;
        let outcomes = response.entries.unwrap_or_default();
        // An entry without a result counts as rejected.
        let is_failed =
            |at: usize| outcomes.get(at).is_none_or(|outcome| outcome.event_id.is_none());
        for outcome in outcomes.iter().filter(|outcome| outcome.event_id.is_none()) {
            tracing::warn!(code = outcome.error_code(), "EventBridge rejected an entry");
        }
        Ok(call
            .iter()
            .enumerate()
            .filter(|(at, _)| is_failed(*at))
            .map(|(_, entry)| entry.position)
            .collect())
    }
}

/// An entry of `PutEvents`, with the position of its change.
struct Entry {
    position: usize,
    request: PutEventsRequestEntry,
    /// The size of the entry in bytes, as EventBridge counts it.
    /// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>
    bytes: usize,
}

impl Entry {
    /// Returns the entries of a change: the event, and the mail request if there is one.
    fn all_of(
        position: usize,
        Change { record, mail }: &Change,
        bus: &str,
    ) -> serde_json::Result<Vec<Self>> {
        let entry = |source: &str, detail_type: &str, detail: String| {
            let org = record.org_id.to_string();
            let bytes = TIME_BYTES + source.len() + detail_type.len() + detail.len() + org.len();
            let request = PutEventsRequestEntry::builder()
                .source(source)
                .detail_type(detail_type)
                .detail(detail)
                .event_bus_name(bus)
                .resources(org)
                .time(DateTime::from(SystemTime::from(record.at)));
            Self { position, request: request.build(), bytes }
        };
        let mut entries = vec![entry(SOURCE, &record.action, serde_json::to_string(record)?)];
        if let Some(mail) = mail {
            let request =
                MailRequest { org_id: record.org_id, audit_id: record.id, at: record.at, mail };
            entries.push(entry(MAIL_SOURCE, "mail_requested", serde_json::to_string(&request)?));
        }
        Ok(entries)
    }
}

/// Splits entries into calls within the limits of EventBridge.
fn calls(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut calls: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let fits = |call: &&mut Vec<Entry>| {
            call.len() < CALL_ENTRIES_MAX
                && call.iter().map(|entry| entry.bytes).sum::<usize>() + entry.bytes
                    <= CALL_BYTES_MAX
        };
        match calls.last_mut().filter(fits) {
            Some(call) => call.push(entry),
            None => calls.push(vec![entry]),
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of entries in each call, for entries of these sizes.
    fn cut(bytes: &[usize]) -> Vec<usize> {
        let entry = |(position, bytes): (usize, &usize)| Entry {
            position,
            request: PutEventsRequestEntry::builder().build(),
            bytes: *bytes,
        };
        calls(bytes.iter().enumerate().map(entry).collect()).iter().map(Vec::len).collect()
    }

    #[test]
    fn a_call_has_ten_entries_and_256_kib_at_most() {
        assert_eq!(cut(&[]), Vec::<usize>::new());
        assert_eq!(cut(&[100; 25]), [10, 10, 5]);
        assert_eq!(cut(&[64 * 1024; 9]), [4, 4, 1]);
        assert_eq!(cut(&[256 * 1024, 1, 256 * 1024 - 1, 1]), [1, 2, 1]);
        // EventBridge rejects the entry that is too large. No other entry is in its call.
        assert_eq!(cut(&[1, 300 * 1024, 1]), [1, 1, 1]);
    }
}
