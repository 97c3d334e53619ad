//! Runs actions for records of a table's stream.

use std::collections::BTreeMap;
use std::fmt::Display;

use lambda_http::aws_lambda_events::dynamodb::{Event, EventRecord};
use orgs_domain::audit::AuditRecord;
use orgs_events::Change;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::Instrument;

use crate::action::{Function, Handle, HandleChanges, Handler};
use crate::app_state::AppState;
use crate::messages::{RetryableError, UsageMonth};
use crate::metrics::Metric;

/// The records or messages of a batch to retry: the response of `ReportBatchItemFailures`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailures {
    /// The records or messages to retry.
    pub batch_item_failures: Vec<BatchFailure>,
}

impl BatchFailures {
    pub(crate) fn of(app: &AppState, ids: Vec<String>) -> Self {
        if !ids.is_empty() {
            app.metrics.record(Metric::FailedRecords, ids.len() as u64);
        }
        Self {
            batch_item_failures: ids
                .into_iter()
                .map(|item_identifier| BatchFailure { item_identifier })
                .collect(),
        }
    }
}

/// A record or a message to retry.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailure {
    /// The sequence number of the record, or the id of the message.
    pub item_identifier: String,
}

/// A change in the stream: the audit record, and its request for a mail.
#[derive(Deserialize)]
struct ChangeImage {
    #[serde(flatten)]
    record: AuditRecord,
    mail: Option<Value>,
}

/// Logs the outcome of a record or message.
pub(crate) fn log_outcome(
    span: &tracing::Span,
    outcome: Result<(), RetryableError>,
) -> Result<(), RetryableError> {
    span.in_scope(|| match &outcome {
        Ok(()) => tracing::info!("handled"),
        Err(error) => tracing::warn!(%error, "not handled"),
    });
    outcome
}

impl Function {
    /// Handles a batch of the stream. It skips records for other functions, and returns the records
    /// that failed or cannot be read. Lambda retries those for at least half an hour and then
    /// stores them in S3.
    pub async fn deliver(&self, app: &AppState, event: Event) -> BatchFailures {
        let failed = match self.handler {
            Handler::Changes(handle) => self.publish(app, handle, event.records).await,
            Handler::UsageMonth(handle) => self.spend(app, handle, event.records).await,
            Handler::Http(_) | Handler::Schedule(_) | Handler::Feedback(_) | Handler::Mail(_) => {
                Vec::new()
            }
        };
        BatchFailures::of(app, failed)
    }

    /// Handles each month with usage once per batch. Returns the sequence numbers of the records to
    /// retry.
    async fn spend(
        &self,
        app: &AppState,
        handle: Handle<UsageMonth>,
        records: Vec<EventRecord>,
    ) -> Vec<String> {
        let mut failed = Vec::new();
        let mut months: BTreeMap<UsageMonth, Vec<String>> = BTreeMap::new();
        let is_month_of_org = |record: &EventRecord| {
            ["month", "org_id"].iter().all(|name| record.change.new_image.contains_key(*name))
        };
        for record in records.into_iter().filter(is_month_of_org) {
            match self.read(app, record) {
                Ok((sequence, month)) => months.entry(month).or_default().push(sequence),
                Err(sequence) => failed.push(sequence),
            }
        }
        for (spending, sequences) in months {
            let span = tracing::info_span!("spending", function = self.name, org_id = %spending.org_id, month = %spending.month);
            if log_outcome(&span, handle(app, spending).instrument(span.clone()).await).is_err() {
                failed.extend(sequences);
            }
        }
        failed
    }

    /// Handles the audit records of a batch. Returns the sequence numbers of the records to retry.
    async fn publish(
        &self,
        app: &AppState,
        handle: HandleChanges,
        records: Vec<EventRecord>,
    ) -> Vec<String> {
        let (mut failed, mut sequences, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        for record in
            records.into_iter().filter(|record| record.change.new_image.contains_key("action"))
        {
            match self.read(app, record) {
                Ok((sequence, ChangeImage { record, mail })) => {
                    sequences.push(sequence);
                    changes.push(Change { record, mail });
                }
                Err(sequence) => failed.push(sequence),
            }
        }
        let span = tracing::info_span!("records", function = self.name, events = changes.len());
        let positions = handle(app, &changes).instrument(span).await;
        failed.extend(positions.into_iter().filter_map(|at| sequences.get(at).cloned()));
        failed
    }

    /// Returns a record's sequence number and its parsed new image. If the image has another
    /// format, the error is the sequence number.
    fn read<T: DeserializeOwned>(
        &self,
        app: &AppState,
        record: EventRecord,
    ) -> Result<(String, T), String> {
        let sequence = record.change.sequence_number.unwrap_or_default();
        match serde_dynamo::from_item(record.change.new_image) {
            Ok(image) => Ok((sequence, image)),
            Err(error) => {
                self.log_unreadable(app, &sequence, &error);
                Err(sequence)
            }
        }
    }

    /// Logs and counts a record with an unexpected format.
    fn log_unreadable(&self, app: &AppState, sequence: &str, error: &dyn Display) {
        tracing::error!(function = self.name, sequence, %error, "the stream record cannot be read");
        app.metrics.record(Metric::InternalErrors, 1);
    }
}
