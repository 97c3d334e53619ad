//! The events, and the only code that talks to EventBridge.

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

/// The source of events about changes.
pub const SOURCE: &str = "organizations";
/// The source of requests for mails. A rule of the bus sends them to the mail queue. They are not
/// part of the public contract.
pub const MAIL_SOURCE: &str = "organizations.mail";
/// The most entries that EventBridge takes in a call.
const CALL_ENTRIES_MAX: usize = 10;
/// The most bytes of entries that EventBridge takes in a call.
const CALL_BYTES_MAX: usize = 256 * 1024;
/// The bytes that EventBridge counts for an entry's time.
const TIME_BYTES: usize = 14;

/// A committed change.
#[derive(Debug, Clone)]
pub struct Change {
    /// The audit record, which is the event's detail.
    pub record: AuditRecord,
    /// The attribute `mail` of the audit record: the request for a mail.
    pub mail: Option<Value>,
}

/// A request for a mail. It holds ids alone: the mailer reads the rest from the table.
#[derive(Serialize)]
struct MailRequest<'a> {
    org_id: orgs_domain::OrgId,
    audit_id: orgs_domain::AuditId,
    at: chrono::DateTime<chrono::Utc>,
    mail: &'a Value,
}

/// EventBridge took no entry of a call.
#[derive(Debug, thiserror::Error)]
#[error("EventBridge: {reason}")]
struct NotPublished {
    reason: String,
    /// True if EventBridge rejected the content of the call, such as its size.
    is_refused: bool,
}

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

    /// Publishes each change as an event. Its `detail-type` is the action, its `detail` the audit
    /// record. A change with a request for a mail is published as a second event of
    /// [`MAIL_SOURCE`]. Returns the positions of the changes with an event that EventBridge did not
    /// take.
    ///
    /// One call has the entries that fit. If EventBridge refuses a call as a whole, each of its
    /// entries is sent alone, so that one event cannot keep the others back.
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

    /// Sends the entries of a call, and returns the positions of those that EventBridge did not
    /// take.
    async fn put_call(&self, call: Vec<Entry>) -> Vec<usize> {
        match self.put(&call).await {
            Ok(failed) => failed,
            Err(error) if error.is_refused && call.len() > 1 => {
                tracing::warn!(%error, entries = call.len(), "EventBridge refused a call: each entry is sent alone");
                let mut failed = Vec::new();
                for entry in call {
                    failed.extend(self.put(std::slice::from_ref(&entry)).await.unwrap_or_else(
                        |error| {
                            tracing::error!(%error, entry.bytes, "EventBridge refused an event");
                            vec![entry.position]
                        },
                    ));
                }
                failed
            }
            Err(error) => {
                let bytes = call.iter().map(|entry| entry.bytes).sum::<usize>();
                tracing::warn!(%error, entries = call.len(), bytes, "EventBridge took no event");
                call.into_iter().map(|entry| entry.position).collect()
            }
        }
    }

    async fn put(&self, call: &[Entry]) -> Result<Vec<usize>, NotPublished> {
        let entries = call.iter().map(|entry| entry.request.clone()).collect();
        let answer = self.client().put_events().set_entries(Some(entries)).send().await.map_err(
            |error| NotPublished {
                // Throttling and missing permissions are client errors too, but more calls do not
                // help there.
                is_refused: error.code() == Some("ValidationException")
                    || error
                        .raw_response()
                        .is_some_and(|response| response.status().as_u16() == 413),
                // The message of a refusal can quote the event, which holds names and addresses.
                reason: error.code().map_or_else(|| "no usable answer".to_owned(), str::to_owned),
            },
        )?;
        let outcomes = answer.entries.unwrap_or_default();
        // What EventBridge says nothing of was not taken.
        let is_failed =
            |at: usize| outcomes.get(at).is_none_or(|outcome| outcome.event_id.is_none());
        for outcome in outcomes.iter().filter(|outcome| outcome.event_id.is_none()) {
            tracing::warn!(code = outcome.error_code(), "EventBridge did not take an event");
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
    /// Its size as EventBridge counts it.
    /// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>
    bytes: usize,
}

impl Entry {
    /// Returns the entries of a change.
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

/// Cuts entries into calls that EventBridge takes.
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

    /// The numbers of entries of the calls that entries of these sizes are cut into.
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
        // EventBridge refuses it; it refuses nothing else with it.
        assert_eq!(cut(&[1, 300 * 1024, 1]), [1, 1, 1]);
    }
}
