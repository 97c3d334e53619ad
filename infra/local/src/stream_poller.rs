//! Stands in for Lambda's event source mappings of DynamoDB Streams: reads the stream of a table
//! and delivers its records to functions, at least once.
//!
//! A record that a function reports as failed is delivered again by itself, with a growing delay.
//! After the last attempt it is dropped with a log line, so that it does not block the others. If
//! the function panics, the batch is split in half, and each half is delivered by itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::dynamodb::Event;
use futures::future::join_all;
use orgs_runtime::{AppState, Function};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::call_log::CallLog;
use crate::service::Service;
use crate::stream_log::StreamLog;
use orgs_runtime::action::Records;

/// The number of deliveries before a record is dropped.
const DELIVERIES_MAX: u32 = 10;
/// The number of handled records that may stay in the stream while new ones keep coming. Each trim
/// is a write.
const HANDLED_RECORDS_MAX: usize = 1000;
/// The longest wait between two reads of the stream.
const POLL_INTERVAL_MAX: Duration = Duration::from_secs(1);
/// The difference between a public sequence number of the embedded DynamoDB and the stored one.
const SEQUENCE_OFFSET: u128 = 100_000_000_000_000_000_000;

/// The DynamoDB that has the stream.
#[derive(Debug)]
pub(crate) enum Source {
    /// The embedded DynamoDB, called in process.
    Embedded(Arc<dyn Service>),
    /// Another DynamoDB, called over HTTP at this URL.
    At(String, reqwest::Client),
}

/// A client for a table's stream, with the protocol of DynamoDB Streams.
#[derive(Debug)]
pub(crate) struct Streams {
    source: Source,
    table: String,
    /// The next iterator of each shard.
    iterators: HashMap<String, String>,
    /// The last sequence number that was read from each shard. After an error a shard is read again
    /// from its oldest record, and this number filters the repeated ones.
    seen: HashMap<String, u128>,
}

impl Streams {
    pub(crate) fn new(source: Source, table: String) -> Self {
        Self { source, table, iterators: HashMap::new(), seen: HashMap::new() }
    }

    /// Calls an operation of DynamoDB Streams and returns its response.
    ///
    /// # Errors
    /// A text if the call fails.
    async fn call(&self, operation: &str, body: Value) -> Result<Value, String> {
        let (target, text) = (format!("DynamoDBStreams_20120810.{operation}"), body.to_string());
        let (is_success, answer): (bool, Value) = match &self.source {
            Source::Embedded(service) => {
                let answer = service.answer(&target, text.as_bytes());
                (
                    answer.status == 200,
                    serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?,
                )
            }
            Source::At(endpoint, http) => {
                let request = http
                    .post(endpoint)
                    .header("x-amz-target", target)
                    .header("content-type", "application/x-amz-json-1.0")
                    // Emulators require a signature but do not verify it.
                    .header(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
                    )
                    .header("x-amz-date", "20260101T000000Z")
                    .body(text);
                let answer = request.send().await.map_err(|error| error.to_string())?;
                (
                    answer.status().is_success(),
                    answer.json().await.map_err(|error| error.to_string())?,
                )
            }
        };
        if is_success { Ok(answer) } else { Err(format!("{operation}: {answer}")) }
    }

    /// Looks up the shards and gets an iterator for each, from its oldest record.
    ///
    /// # Errors
    /// A text if a call fails or if the table has no stream.
    async fn find(&mut self) -> Result<(), String> {
        let streams = self.call("ListStreams", json!({"TableName": self.table})).await?;
        let Some(arn) = streams["Streams"][0]["StreamArn"].as_str() else {
            return Err("the table has no stream".to_owned());
        };
        let described = self.call("DescribeStream", json!({"StreamArn": arn})).await?;
        for shard in described["StreamDescription"]["Shards"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|shard| shard["ShardId"].as_str())
        {
            let iterator =
                self.call("GetShardIterator", json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"})).await?;
            if let Some(iterator) = iterator["ShardIterator"].as_str() {
                self.iterators.insert(shard.to_owned(), iterator.to_owned());
            }
        }
        Ok(())
    }

    /// Returns the records since the last call. Logs errors; the next call reads a failed shard
    /// again.
    async fn next(&mut self) -> Vec<Value> {
        if self.iterators.is_empty()
            && let Err(error) = self.find().await
        {
            tracing::warn!(error, "stream not found");
        }
        let mut records = Vec::new();
        for (shard, iterator) in std::mem::take(&mut self.iterators) {
            let mut answer = match self.call("GetRecords", json!({"ShardIterator": iterator})).await
            {
                Ok(answer) => answer,
                Err(error) => {
                    // The iterator may be expired, or point to a record that was trimmed. The shard
                    // is then looked up again.
                    tracing::debug!(error, "shard not read, looking it up again");
                    continue;
                }
            };
            if let Some(next) = answer["NextShardIterator"].as_str() {
                self.iterators.insert(shard.clone(), next.to_owned());
            }
            let Value::Array(read_records) = answer["Records"].take() else { continue };
            let seen = self.seen.entry(shard).or_default();
            for record in read_records {
                let Some(sequence) = public_sequence(&record).filter(|sequence| *sequence > *seen)
                else {
                    continue;
                };
                *seen = sequence;
                records.push(record);
            }
        }
        records
    }
}

/// Polls a table's stream for all of its event source mappings.
#[derive(Debug)]
pub(crate) struct StreamPoller {
    pub(crate) streams: Streams,
    pub(crate) readers: Vec<EventSourceMapping>,
    /// Trims the handled records of the embedded DynamoDB.
    pub(crate) log: Option<Arc<StreamLog>>,
    /// True if each record is delivered twice, for tests.
    pub(crate) repeats: bool,
}

/// The settings and the retries of one function on the stream.
#[derive(Debug)]
pub(crate) struct EventSourceMapping {
    function: Function,
    app: Arc<AppState>,
    /// The filter: the records that the function receives.
    pattern: Value,
    /// The largest number of records in a delivery.
    batch: usize,
    again: Vec<PendingRetry>,
}

/// A failed record with the time of its next delivery.
#[derive(Debug)]
struct PendingRetry {
    record: Value,
    tries: u32,
    at: Instant,
}

impl StreamPoller {
    /// Polls the stream until the host stops. A commit of a function starts the next poll at once.
    pub(crate) async fn run(mut self, call_log: Arc<CallLog>, mut stopped: watch::Receiver<bool>) {
        let mut commits = call_log.commits();
        // The last record that was read, and the number of records that are not trimmed yet.
        let (mut last_read, mut untrimmed) = (None, 0);
        loop {
            commits.mark_unchanged();
            let records = self.streams.next().await;
            for _ in 0..=usize::from(self.repeats) {
                join_all(self.readers.iter_mut().map(|reader| reader.take(&records))).await;
            }
            let retries = || self.readers.iter().flat_map(|reader| &reader.again);
            untrimmed += records.len();
            last_read = records.last().and_then(sequence).or(last_read);
            // While a record waits for a retry, nothing is trimmed.
            let is_handled = retries().next().is_none();
            let next = retries()
                .map(|retry| retry.at)
                .min()
                .unwrap_or_else(|| Instant::now() + POLL_INTERVAL_MAX);
            let (is_busy, is_stopped) = tokio::select! {
                _ = commits.changed() => (true, false),
                () = tokio::time::sleep_until(next) => (false, false),
                _ = stopped.wait_for(|stopped| *stopped) => (false, true),
            };
            if is_handled && (!is_busy || untrimmed > HANDLED_RECORDS_MAX) {
                self.trim(last_read.take()).await;
                untrimmed = 0;
            }
            if is_stopped {
                return;
            }
        }
    }

    /// Deletes the records up to `handled`, so that the stream stays short and the next start does
    /// not deliver them again.
    async fn trim(&self, handled: Option<i64>) {
        let (Some(log), Some(last)) = (self.log.clone(), handled) else { return };
        let table = self.streams.table.clone();
        // SQLite may block here until a write of the embedded DynamoDB ends.
        let trimmed = tokio::task::spawn_blocking(move || log.trim(&table, last)).await;
        if let Err(error) = trimmed
            .map_err(|error| error.to_string())
            .and_then(|trimmed| trimmed.map_err(|error| error.to_string()))
        {
            tracing::warn!(error, "stream not trimmed");
        }
    }
}

impl EventSourceMapping {
    pub(crate) fn new(function: Function, app: Arc<AppState>, records: Records) -> Self {
        Self {
            function,
            app,
            pattern: records.pattern(),
            batch: records.batch_size() as usize,
            again: Vec::new(),
        }
    }

    /// Delivers the new records that match the filter, then the retries that are due.
    async fn take(&mut self, records: &[Value]) {
        let matching: Vec<Value> =
            records.iter().filter(|record| matches(&self.pattern, record)).cloned().collect();
        for batch in matching.chunks(self.batch) {
            let failed = self.hand_over(batch.to_vec()).await;
            self.again.extend(failed.into_iter().map(|record| PendingRetry {
                record,
                tries: 1,
                at: Instant::now() + Duration::from_millis(100),
            }));
        }
        let (due, rest) = std::mem::take(&mut self.again)
            .into_iter()
            .partition(|retry: &PendingRetry| retry.at <= Instant::now());
        self.again = rest;
        for PendingRetry { record, tries, .. } in due {
            for record in self.hand_over(vec![record]).await {
                if tries + 1 == DELIVERIES_MAX {
                    tracing::error!(
                        function = self.function.name,
                        record = %record["dynamodb"]["Keys"],
                        deliveries = DELIVERIES_MAX,
                        "stream record dropped after its last delivery"
                    );
                    continue;
                }
                self.again.push(PendingRetry {
                    record,
                    tries: tries + 1,
                    at: Instant::now() + Duration::from_millis(100 << tries.min(4)),
                });
            }
        }
    }

    /// Delivers a batch and returns the failed records.
    async fn hand_over(&self, batch: Vec<Value>) -> Vec<Value> {
        let event: Event = match serde_json::from_value(json!({"Records": batch})) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(%error, "stream records are not a valid event");
                return Vec::new();
            }
        };
        let (function, app) = (self.function, Arc::clone(&self.app));
        match tokio::spawn(async move { function.deliver(&app, event).await }).await {
            Ok(failures) => {
                let failed = |record: &Value| {
                    failures.batch_item_failures.iter().any(|failure| {
                        record["dynamodb"]["SequenceNumber"] == failure.item_identifier
                    })
                };
                batch.into_iter().filter(failed).collect()
            }
            Err(_) if batch.len() > 1 => {
                let (left, right) = batch.split_at(batch.len() / 2);
                let mut failed = Box::pin(self.hand_over(left.to_vec())).await;
                failed.extend(Box::pin(self.hand_over(right.to_vec())).await);
                failed
            }
            Err(_) => batch,
        }
    }
}

/// Returns whether a record matches a filter. Supports the parts of Lambda's filter syntax that
/// `Records::pattern` uses: nested fields, a list of values, and `exists: true`.
fn matches(pattern: &Value, value: &Value) -> bool {
    match pattern {
        Value::Object(fields) => {
            fields.iter().all(|(name, pattern)| matches(pattern, &value[name]))
        }
        Value::Array(alternatives) => alternatives.iter().any(|alternative| {
            if alternative["exists"] == true { !value.is_null() } else { alternative == value }
        }),
        _ => false,
    }
}

/// Returns a record's sequence number as DynamoDB Streams shows it.
fn public_sequence(record: &Value) -> Option<u128> {
    record["dynamodb"]["SequenceNumber"].as_str()?.parse().ok()
}

/// Returns a record's sequence number as the embedded DynamoDB stores it.
fn sequence(record: &Value) -> Option<i64> {
    i64::try_from(public_sequence(record)?.checked_sub(SEQUENCE_OFFSET)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_source_receives_the_records_that_match_its_filter() {
        let record = |event: &str, image: Value| json!({"eventName": event, "dynamodb": {"NewImage": image}});
        let change = json!({"action": {"S": "a"}, "request_id": {"S": "r"}});
        let member = json!({"user_id": {"S": "u"}});
        let month = json!({"month": {"S": "2026-11"}, "org_id": {"S": "org_1"}});
        let statement = json!({"month": {"S": "2026-11"}, "account_id": {"S": "acct_1"}});
        let matching = |records: Records| {
            let all = [
                record("INSERT", change.clone()),
                record("INSERT", member.clone()),
                record("MODIFY", change.clone()),
                record("MODIFY", month.clone()),
                record("INSERT", statement.clone()),
            ];
            all.map(|record| matches(&records.pattern(), &record))
        };
        assert_eq!(matching(Records::All), [true, false, false, false, false]);
        assert_eq!(matching(Records::UsageMonth), [false, false, false, true, false]);
    }
}
