//! The event sources: reads the stream of a table and hands its records to functions, at least
//! once.
//!
//! What a function reports as failed it gets again, alone, a little later each time; after so many
//! tries the record is put aside, so that it does not hold up the others. A batch that brings the
//! function down is cut in halves.

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
use orgs_functions::registry::Records;

/// How often a record is handed over.
const TRIES: u32 = 10;
/// The number of handled records that stay while new ones keep coming. Each trim is a write.
const KEPT: usize = 1000;
/// How long it waits when nothing wakes it.
const IDLE: Duration = Duration::from_secs(1);
/// What the public sequence numbers of the embedded DynamoDB are above the stored ones.
const SEQUENCE_OFFSET: u128 = 100_000_000_000_000_000_000;

/// The source of a table's stream.
#[derive(Debug)]
pub(crate) enum Source {
    /// In the embedded DynamoDB.
    Embedded(Arc<dyn Service>),
    /// Over HTTP, at an address.
    At(String, reqwest::Client),
}

/// Reads a table's stream by the protocol of DynamoDB Streams.
#[derive(Debug)]
pub(crate) struct Streams {
    source: Source,
    table: String,
    iterators: HashMap<String, String>,
    /// The last record of each shard that was read: after a fault a shard is read from its oldest
    /// record again.
    seen: HashMap<String, u128>,
}

impl Streams {
    pub(crate) fn new(source: Source, table: String) -> Self {
        Self { source, table, iterators: HashMap::new(), seen: HashMap::new() }
    }

    async fn call(&self, operation: &str, body: Value) -> Result<Value, String> {
        let (target, text) = (format!("DynamoDBStreams_20120810.{operation}"), body.to_string());
        let (is_done, answer): (bool, Value) = match &self.source {
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
                    // Emulators want a signature and do not look at it.
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
        if is_done { Ok(answer) } else { Err(format!("{operation}: {answer}")) }
    }

    /// Finds the shards, each from its oldest record.
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

    /// The records that came since the last time.
    async fn next(&mut self) -> Vec<Value> {
        if self.iterators.is_empty()
            && let Err(error) = self.find().await
        {
            tracing::warn!(error, "the stream is not found");
        }
        let mut records = Vec::new();
        for (shard, iterator) in std::mem::take(&mut self.iterators) {
            let mut answer = match self.call("GetRecords", json!({"ShardIterator": iterator})).await
            {
                Ok(answer) => answer,
                Err(error) => {
                    // An iterator can be too old, or point before what is kept: the shard is then
                    // found again.
                    tracing::debug!(error, "a shard is not read");
                    continue;
                }
            };
            if let Some(next) = answer["NextShardIterator"].as_str() {
                self.iterators.insert(shard.clone(), next.to_owned());
            }
            let Value::Array(read) = answer["Records"].take() else { continue };
            let seen = self.seen.entry(shard).or_default();
            for record in read {
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

/// The event sources of a table's stream.
#[derive(Debug)]
pub(crate) struct StreamPoller {
    pub(crate) streams: Streams,
    pub(crate) readers: Vec<EventSourceMapping>,
    /// Trims the handled records of the embedded DynamoDB.
    pub(crate) log: Option<Arc<StreamLog>>,
    /// Whether each record is handed over twice, for tests.
    pub(crate) repeats: bool,
}

/// An event source: a function, and which records it is handed.
#[derive(Debug)]
pub(crate) struct EventSourceMapping {
    function: Function,
    app: Arc<AppState>,
    pattern: Value,
    batch: usize,
    again: Vec<PendingRetry>,
}

/// A record that is to be handed over again.
#[derive(Debug)]
struct PendingRetry {
    record: Value,
    tries: u32,
    at: Instant,
}

impl StreamPoller {
    pub(crate) async fn run(mut self, journal: Arc<CallLog>, mut stopped: watch::Receiver<bool>) {
        let mut commits = journal.commits();
        // The last record that was read, and the number of records that are not trimmed yet.
        let (mut read, mut kept) = (None, 0);
        loop {
            commits.mark_unchanged();
            let records = self.streams.next().await;
            for _ in 0..=usize::from(self.repeats) {
                join_all(self.readers.iter_mut().map(|reader| reader.take(&records))).await;
            }
            let open = || self.readers.iter().flat_map(|reader| &reader.again);
            kept += records.len();
            read = records.last().and_then(sequence).or(read);
            // A record that waits for a retry stays, and so do all the others.
            let is_handled = open().next().is_none();
            let next = open().map(|again| again.at).min().unwrap_or_else(|| Instant::now() + IDLE);
            let (is_busy, is_stopped) = tokio::select! {
                _ = commits.changed() => (true, false),
                () = tokio::time::sleep_until(next) => (false, false),
                _ = stopped.wait_for(|stopped| *stopped) => (false, true),
            };
            if is_handled && (!is_busy || kept > KEPT) {
                self.trim(read.take()).await;
                kept = 0;
            }
            if is_stopped {
                return;
            }
        }
    }

    /// Deletes handled records. The stream stays short, and the next start does not deliver them
    /// again.
    async fn trim(&self, handled: Option<i64>) {
        let (Some(log), Some(last)) = (self.log.clone(), handled) else { return };
        let table = self.streams.table.clone();
        // SQLite may wait here for a write of the embedded DynamoDB.
        let trimmed = tokio::task::spawn_blocking(move || log.trim(&table, last)).await;
        if let Err(error) = trimmed
            .map_err(|error| error.to_string())
            .and_then(|trimmed| trimmed.map_err(|error| error.to_string()))
        {
            tracing::warn!(error, "the stream was not trimmed");
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

    /// Hands over what is new, and what is due again.
    async fn take(&mut self, records: &[Value]) {
        let wanted: Vec<Value> =
            records.iter().filter(|record| matches(&self.pattern, record)).cloned().collect();
        for batch in wanted.chunks(self.batch) {
            let failed = self.hand_over(batch.to_vec()).await;
            self.again.extend(failed.into_iter().map(|record| PendingRetry {
                record,
                tries: 1,
                at: Instant::now() + Duration::from_millis(100),
            }));
        }
        let (due, rest) = std::mem::take(&mut self.again)
            .into_iter()
            .partition(|again: &PendingRetry| again.at <= Instant::now());
        self.again = rest;
        for PendingRetry { record, tries, .. } in due {
            for record in self.hand_over(vec![record]).await {
                if tries + 1 == TRIES {
                    tracing::error!(function = self.function.name, record = %record["dynamodb"]["Keys"], "put aside after {TRIES} tries");
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

    /// Hands a batch over and returns what is to be handed over again.
    async fn hand_over(&self, batch: Vec<Value>) -> Vec<Value> {
        let event: Event = match serde_json::from_value(json!({"Records": batch})) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(%error, "records of the stream cannot be read");
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

/// Whether a record is what an event source's filter wants, as far as `Records::pattern` speaks
/// EventBridge's patterns.
fn matches(pattern: &Value, value: &Value) -> bool {
    match pattern {
        Value::Object(fields) => {
            fields.iter().all(|(name, pattern)| matches(pattern, &value[name]))
        }
        Value::Array(wanted) => wanted.iter().any(|wanted| {
            if wanted["exists"] == true { !value.is_null() } else { wanted == value }
        }),
        _ => false,
    }
}

fn public_sequence(record: &Value) -> Option<u128> {
    record["dynamodb"]["SequenceNumber"].as_str()?.parse().ok()
}

/// A record's number as the embedded DynamoDB stores it.
fn sequence(record: &Value) -> Option<i64> {
    i64::try_from(public_sequence(record)?.checked_sub(SEQUENCE_OFFSET)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_handed_what_its_filter_wants() {
        let record = |event: &str, image: Value| json!({"eventName": event, "dynamodb": {"NewImage": image}});
        let change = json!({"action": {"S": "a"}, "request_id": {"S": "r"}});
        let member = json!({"user_id": {"S": "u"}});
        let month = json!({"month": {"S": "2026-11"}});
        let wanted = |records: Records| {
            let all = [
                record("INSERT", change.clone()),
                record("INSERT", member.clone()),
                record("MODIFY", change.clone()),
                record("MODIFY", month.clone()),
            ];
            all.map(|record| matches(&records.pattern(), &record))
        };
        assert_eq!(wanted(Records::All), [true, false, false, false]);
        assert_eq!(wanted(Records::UsageMonth), [false, false, false, true]);
    }
}
