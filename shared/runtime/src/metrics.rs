//! Metrics: one line per invocation on standard output, in the embedded metric format. `CloudWatch`
//! turns the lines into metrics.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// A metric. Alarms and dashboards use its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Requests with a response, whatever its status is.
    Requests,
    /// Denied requests: 403, and 404 `org_not_found`. Also with the dimension `code`.
    Denials,
    /// Requests and events that failed because of a bug or a broken setting.
    InternalErrors,
    /// Decisions that denied a request because a policy could not be evaluated.
    PolicyErrors,
    /// Retries of actions, because a condition of their commit failed.
    Conflicts,
    /// Retries of transactions that DynamoDB canceled because of a conflict or throttling.
    Retries,
    /// Mails that SES did not accept. Each attempt counts.
    MailFailures,
    /// The age of the oldest request for a mail, in milliseconds.
    MailAge,
    /// Stream records and messages of the mail queue that a function returned for a retry.
    FailedRecords,
    /// Organizations whose stored number of members or owners is wrong.
    CountDifferences,
    /// Processes that Lambda started.
    ColdStarts,
    /// The time from a process's start until it requests its first event, in milliseconds.
    InitDuration,
}

impl Metric {
    /// All metrics, in the order of a line.
    pub const ALL: [Self; 12] = [
        Self::Requests,
        Self::Denials,
        Self::InternalErrors,
        Self::PolicyErrors,
        Self::Conflicts,
        Self::Retries,
        Self::MailFailures,
        Self::MailAge,
        Self::FailedRecords,
        Self::CountDifferences,
        Self::ColdStarts,
        Self::InitDuration,
    ];

    /// Returns the name in `CloudWatch`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "Requests",
            Self::Denials => "Denials",
            Self::InternalErrors => "InternalErrors",
            Self::PolicyErrors => "PolicyErrors",
            Self::Conflicts => "Conflicts",
            Self::Retries => "Retries",
            Self::MailFailures => "MailFailures",
            Self::MailAge => "MailAge",
            Self::FailedRecords => "FailedRecords",
            Self::CountDifferences => "CountDifferences",
            Self::ColdStarts => "ColdStarts",
            Self::InitDuration => "InitDuration",
        }
    }

    /// Returns true if the metric is a duration: a line has the longest one. The values of other
    /// metrics are added.
    fn is_time(self) -> bool {
        matches!(self, Self::MailAge | Self::InitDuration)
    }
}

/// The values since the last line.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Measured>);

#[derive(Debug, Default)]
struct Measured {
    values: BTreeMap<Metric, u64>,
    code: Option<String>,
}

impl Metrics {
    /// Adds to a count, or records a duration in milliseconds.
    pub fn record(&self, metric: Metric, value: u64) {
        let mut measured = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let total = measured.values.entry(metric).or_default();
        *total = if metric.is_time() { (*total).max(value) } else { total.saturating_add(value) };
    }

    /// Counts a denial under its code.
    pub(crate) fn denied(&self, code: &str) {
        self.record(Metric::Denials, 1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).code = Some(code.to_owned());
    }

    /// Returns the line and resets the values. Returns None if nothing was recorded.
    pub(crate) fn line(&self, namespace: &str, now: DateTime<Utc>) -> Option<String> {
        let Measured { values, code } =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if values.is_empty() {
            return None;
        }
        let directive = |dimensions: &[&str], metrics: &[Metric]| {
            let metrics: Vec<Value> = metrics
                .iter()
                .map(|metric| json!({"Name": metric.name(), "Unit": if metric.is_time() { "Milliseconds" } else { "Count" }}))
                .collect();
            json!({"Namespace": namespace, "Dimensions": [dimensions], "Metrics": metrics})
        };
        let mut directives = vec![directive(&[], &values.keys().copied().collect::<Vec<_>>())];
        directives.extend(code.as_ref().map(|_| directive(&["code"], &[Metric::Denials])));
        let mut line: Map<String, Value> =
            values.iter().map(|(metric, value)| (metric.name().to_owned(), json!(value))).collect();
        line.extend(code.map(|code| ("code".to_owned(), json!(code))));
        line.insert(
            "_aws".to_owned(),
            json!({"Timestamp": now.timestamp_millis(), "CloudWatchMetrics": directives}),
        );
        Some(Value::Object(line).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_what_was_measured_once() {
        let (metrics, now) =
            (Metrics::default(), DateTime::from_timestamp_millis(1_764_000_000_000).unwrap());
        assert_eq!(metrics.line("Organizations/test", now), None);
        metrics.record(Metric::Requests, 1);
        metrics.record(Metric::Conflicts, 2);
        metrics.record(Metric::Conflicts, 1);
        metrics.record(Metric::MailAge, 70);
        metrics.record(Metric::MailAge, 40);
        metrics.denied("owner_protected");
        let line: Value =
            serde_json::from_str(&metrics.line("Organizations/test", now).unwrap()).unwrap();
        let expected = json!({
            "_aws": {"Timestamp": 1_764_000_000_000_i64, "CloudWatchMetrics": [
                {"Namespace": "Organizations/test", "Dimensions": [[]], "Metrics": [
                    {"Name": "Requests", "Unit": "Count"},
                    {"Name": "Denials", "Unit": "Count"},
                    {"Name": "Conflicts", "Unit": "Count"},
                    {"Name": "MailAge", "Unit": "Milliseconds"},
                ]},
                {"Namespace": "Organizations/test", "Dimensions": [["code"]], "Metrics": [{"Name": "Denials", "Unit": "Count"}]},
            ]},
            "Requests": 1, "Denials": 1, "Conflicts": 3, "MailAge": 70, "code": "owner_protected",
        });
        assert_eq!(line, expected);
        assert_eq!(metrics.line("Organizations/test", now), None);
    }
}
