//! What each function called: counted, and refused where it was not granted.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use tokio::sync::watch;

use orgs_functions::registry::Grant;

/// The operations that use read units; others use write units.
const READS: [&str; 5] = ["BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"];

/// What a function called since it was last asked about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallCounts {
    /// The operations, in the order in which they began.
    pub calls: Vec<String>,
    /// How many of them, at most, waited for one another.
    pub round_trips: usize,
    /// The read units that they used, where [`CallLog::meter`] was called.
    pub read_units: f64,
    /// The write units that they used, likewise.
    pub write_units: f64,
    /// The deepest that has ended.
    ended: usize,
    /// How many have not.
    open: usize,
}

/// The tallies of all functions.
#[derive(Debug, Default)]
pub struct CallLog {
    tallies: Mutex<HashMap<&'static str, CallCounts>>,
    /// How many transactions were committed.
    committed: watch::Sender<u64>,
    meters: AtomicBool,
}

impl CallLog {
    /// Takes what a function called since the last time.
    pub fn take(&self, function: &str) -> CallCounts {
        self.tallies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(function)
            .unwrap_or_default()
    }

    /// Whether every call of a function has ended.
    pub fn is_idle(&self, function: &str) -> bool {
        self.tallies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(function)
            .is_none_or(|tally| tally.open == 0)
    }

    /// Has every call tell from now on what capacity it uses.
    pub fn meter(&self) {
        self.meters.store(true, Ordering::Relaxed);
    }

    fn used(&self, function: &'static str, operation: &str, units: f64) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(function).or_default();
        *(if READS.contains(&operation) {
            &mut tally.read_units
        } else {
            &mut tally.write_units
        }) += units;
    }

    /// Where it shows that a transaction was committed.
    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    fn begin(&self, function: &'static str, operation: &str) -> usize {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(function).or_default();
        // Nobody may be asking: a host that runs for weeks keeps no more than this.
        if tally.calls.len() >= 1000 {
            *tally = CallCounts::default();
        }
        tally.calls.push(operation.to_owned());
        tally.open += 1;
        let depth = tally.ended + 1;
        tally.round_trips = tally.round_trips.max(depth);
        depth
    }

    fn end(&self, function: &'static str, depth: usize, operation: &str) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(function).or_default();
        tally.ended = tally.ended.max(depth);
        tally.open = tally.open.saturating_sub(1);
        if operation == "TransactWriteItems" {
            self.committed.send_modify(|commits| *commits += 1);
        }
    }
}

/// Sees every call of one function's clients.
#[derive(Debug, Clone)]
pub(crate) struct Watcher {
    pub(crate) function: &'static str,
    pub(crate) grants: &'static [Grant],
    pub(crate) journal: Arc<CallLog>,
    /// The deployment's names of the tables `core` and `usage`.
    pub(crate) tables: [String; 2],
}

/// How deep a call is among those that wait for one another.
#[derive(Debug)]
struct Depth(usize);

impl Storable for Depth {
    type Storer = StoreReplace<Self>;
}

impl Watcher {
    fn allows(&self, operation: &str, tables: &[String]) -> bool {
        let allowed = |table: Option<&str>| {
            self.grants
                .iter()
                .any(|grant| grant.table() == table && grant.calls().contains(&operation))
        };
        // A name may be followed by that of an index.
        let logical = |name: &str| {
            let (table, index) = name.split_at(name.find('/').unwrap_or(name.len()));
            let table = match self.tables.iter().position(|known| known == table) {
                Some(0) => "core",
                Some(_) => "usage",
                None => "another table",
            };
            format!("{table}{index}")
        };
        if tables.is_empty() {
            allowed(None)
        } else {
            tables.iter().all(|table| allowed(Some(&logical(table))))
        }
    }
}

fn operation(cfg: &ConfigBag) -> String {
    cfg.load::<Metadata>().map(|metadata| metadata.name().to_owned()).unwrap_or_default()
}

/// The part of a request of DynamoDB that names tables.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    table_name: Option<String>,
    index_name: Option<String>,
    #[serde(default)]
    #[expect(clippy::zero_sized_map_values, reason = "the values are there, and are read over")]
    request_items: HashMap<String, IgnoredAny>,
    #[serde(default)]
    transact_items: Vec<HashMap<String, Part>>,
}

/// A part of a transaction.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    table_name: Option<String>,
}

/// The tables that a request of DynamoDB names, or the index of one (`table/index`).
fn tables(body: &[u8]) -> Vec<String> {
    // SES's requests are no JSON, and name no tables.
    let named: Named = serde_json::from_slice(body).unwrap_or_default();
    let one = named.table_name.map(|table| match named.index_name {
        Some(index) => format!("{table}/{index}"),
        None => table,
    });
    let parts = named
        .transact_items
        .into_iter()
        .flat_map(HashMap::into_values)
        .filter_map(|part| part.table_name);
    one.into_iter().chain(named.request_items.into_keys()).chain(parts).collect()
}

/// What an answer of DynamoDB says was used, of one table or of several.
fn units(answer: &Value) -> f64 {
    let one = |used: &Value| used["CapacityUnits"].as_f64().unwrap_or_default();
    match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(one).sum(),
        used => one(used),
    }
}

impl Intercept for Watcher {
    fn name(&self) -> &'static str {
        "Watcher"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.journal.meters.load(Ordering::Relaxed) {
            let request = context.request_mut();
            let mut body: Value =
                serde_json::from_slice(request.body().bytes().unwrap_or_default())?;
            body["ReturnConsumedCapacity"] = "TOTAL".into();
            let text = body.to_string();
            request.headers_mut().insert("content-length", text.len().to_string());
            *request.body_mut() = SdkBody::from(text);
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.journal.meters.load(Ordering::Relaxed) {
            let answer: Value =
                serde_json::from_slice(context.response().body().bytes().unwrap_or_default())?;
            self.journal.used(self.function, &operation(cfg), units(&answer));
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = operation(cfg);
        let tables = tables(context.request().body().bytes().unwrap_or_default());
        if !self.allows(&operation, &tables) {
            let function = self.function;
            return Err(format!("{function} was not granted {operation} on {tables:?}: see its line in functions/registry.rs").into());
        }
        let depth = self.journal.begin(self.function, &operation);
        cfg.interceptor_state().store_put(Depth(depth));
        Ok(())
    }

    fn read_after_execution(
        &self,
        _: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(Depth(depth)) = cfg.load::<Depth>() {
            self.journal.end(self.function, *depth, &operation(cfg));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_judged_by_its_operation_and_every_table_in_it() {
        let watcher = Watcher {
            function: "f",
            grants: &[Grant::ReadCore, Grant::CommitUsage],
            journal: Arc::default(),
            tables: ["c1".into(), "u1".into()],
        };
        let judge =
            |operation: &str, body: &str| watcher.allows(operation, &tables(body.as_bytes()));
        assert!(judge("BatchGetItem", r#"{"RequestItems":{"c1":{}}}"#));
        assert!(!judge("BatchGetItem", r#"{"RequestItems":{"c1":{},"u1":{}}}"#));
        assert!(judge("TransactGetItems", r#"{"TransactItems":[{"Get":{"TableName":"c1"}}]}"#));
        assert!(!judge("Query", r#"{"TableName":"c1"}"#));
        assert!(!judge("Query", r#"{"TableName":"c1","IndexName":"listing"}"#));
        assert!(judge("TransactWriteItems", r#"{"TransactItems":[{"Put":{"TableName":"u1"}}]}"#));
        assert!(!judge(
            "TransactWriteItems",
            r#"{"TransactItems":[{"Put":{"TableName":"u1"}},{"Update":{"TableName":"c1"}}]}"#
        ));
        assert!(!judge("BatchGetItem", r#"{"RequestItems":{"other":{}}}"#));
        assert!(!judge("SendRawEmail", "{}"));
    }

    #[test]
    fn calls_side_by_side_are_one_round_trip() {
        let journal = CallLog::default();
        let (a, b) = (journal.begin("f", "A"), journal.begin("f", "B"));
        journal.end("f", a, "A");
        journal.end("f", b, "B");
        let c = journal.begin("f", "C");
        journal.end("f", c, "C");
        let tally = journal.take("f");
        assert_eq!((tally.calls.len(), tally.round_trips), (3, 2));
        assert_eq!(journal.take("f"), CallCounts::default());
    }
}
