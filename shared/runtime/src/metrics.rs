//! Metrics: a line per invocation on standard output in the embedded metric format, which
//! `CloudWatch` turns into metrics.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// What is measured. The names are those that alarms and dashboards watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Requests that were answered, whatever with.
    Requests,
    /// Requests that were denied: 403, and 404 for outsiders. Also by `code`.
    Denials,
    /// Requests and events that met something broken of our own.
    InternalErrors,
    /// Policies that could not be evaluated, and denied.
    PolicyErrors,
    /// Actions that lost to another change, and were judged anew.
    Conflicts,
    /// Transactions that were sent again, because others were at work on the same items.
    Retries,
    /// Attempts to send a mail that SES did not take.
    MailFailures,
    /// The age of the oldest request for a mail, in milliseconds.
    MailAge,
    /// Stream records and messages of the mail queue that a function returned for a retry.
    FailedRecords,
    /// Organizations that do not say what is so of their members.
    CountDifferences,
    /// Processes that started.
    ColdStarts,
    /// From a process's start until it asked for its first event, in milliseconds.
    InitDuration,
}

impl Metric {
    /// Every metric.
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

    /// Its name in `CloudWatch`.
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

    /// Whether it is a length of time, whose greatest value counts; otherwise it is a number, and
    /// values add up.
    fn is_time(self) -> bool {
        matches!(self, Self::MailAge | Self::InitDuration)
    }
}

/// What was measured since the last line.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Measured>);

#[derive(Debug, Default)]
struct Measured {
    values: BTreeMap<Metric, u64>,
    code: Option<String>,
}

impl Metrics {
    /// Adds to a number, or notes a length of time.
    pub fn record(&self, metric: Metric, value: u64) {
        let mut measured = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = measured.values.entry(metric).or_default();
        *noted = if metric.is_time() { (*noted).max(value) } else { noted.saturating_add(value) };
    }

    /// Notes a denial by its code.
    pub(crate) fn denied(&self, code: &str) {
        self.record(Metric::Denials, 1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).code = Some(code.to_owned());
    }

    /// The line, where something was measured; the next begins anew.
    pub(crate) fn line(&self, namespace: &str, now: DateTime<Utc>) -> Option<String> {
        let Measured { values, code } =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if values.is_empty() {
            return None;
        }
        let about = |dimensions: &[&str], metrics: &[Metric]| {
            let metrics: Vec<Value> = metrics
                .iter()
                .map(|metric| json!({"Name": metric.name(), "Unit": if metric.is_time() { "Milliseconds" } else { "Count" }}))
                .collect();
            json!({"Namespace": namespace, "Dimensions": [dimensions], "Metrics": metrics})
        };
        let mut directives = vec![about(&[], &values.keys().copied().collect::<Vec<_>>())];
        directives.extend(code.as_ref().map(|_| about(&["code"], &[Metric::Denials])));
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
