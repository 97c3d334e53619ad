//! Counts the AWS calls of each function and rejects the calls that its grants do not allow.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
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

use orgs_runtime::action::Grant;

/// The operations that use read units. All others use write units.
const READ_OPERATIONS: [&str; 5] = ["BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"];

/// The calls of a function since [`CallLog::take`] was last called for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallCounts {
    /// The names of the operations, in the order in which the calls started.
    pub calls: Vec<String>,
    /// The longest chain of calls in which each started after the one before had ended. Concurrent
    /// calls are one round trip.
    pub round_trips: usize,
    /// The read units that the calls used; 0 unless [`CallLog::meter`] was called.
    pub read_units: f64,
    /// The write units that the calls used; 0 unless [`CallLog::meter`] was called.
    pub write_units: f64,
    /// The greatest depth of an ended call; see [`Depth`].
    ended: usize,
    /// The number of calls that have not ended.
    open: usize,
}

/// The call counts of all functions.
#[derive(Debug, Default)]
pub struct CallLog {
    tallies: Mutex<HashMap<&'static str, CallCounts>>,
    /// The number of ended transactions. The stream pollers watch it.
    committed: watch::Sender<u64>,
    /// True if calls request the capacity that they use.
    meters: AtomicBool,
}

impl CallLog {
    /// Returns a function's call counts and resets them.
    pub fn take(&self, function: &str) -> CallCounts {
        self.tallies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(function)
            .unwrap_or_default()
    }

    /// Returns whether every call of a function has ended.
    pub fn is_idle(&self, function: &str) -> bool {
        self.tallies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(function)
            .is_none_or(|tally| tally.open == 0)
    }

    /// Makes every later call count the capacity that it uses.
    pub fn meter(&self) {
        self.meters.store(true, Ordering::Relaxed);
    }

    /// Adds the capacity of a call.
    fn used(&self, function: &'static str, operation: &str, units: f64) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(function).or_default();
        *(if READ_OPERATIONS.contains(&operation) {
            &mut tally.read_units
        } else {
            &mut tally.write_units
        }) += units;
    }

    /// Returns a receiver that changes when a transaction ends.
    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// Counts the start of a call and returns its depth.
    fn begin(&self, function: &'static str, operation: &str) -> usize {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(function).or_default();
        // Without a reader the counts would grow for as long as the host runs.
        if tally.calls.len() >= 1000 {
            *tally = CallCounts::default();
        }
        tally.calls.push(operation.to_owned());
        tally.open += 1;
        let depth = tally.ended + 1;
        tally.round_trips = tally.round_trips.max(depth);
        depth
    }

    /// Counts the end of a call.
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

/// An SDK interceptor that checks and counts the DynamoDB calls of one function.
#[derive(Debug, Clone)]
pub(crate) struct Watcher {
    pub(crate) function: &'static str,
    pub(crate) grants: &'static [Grant],
    pub(crate) call_log: Arc<CallLog>,
    /// The host's names of the tables `core` and `usage`, in this order.
    pub(crate) tables: [String; 2],
}

/// The position of a call in a chain of calls that waited for each other; the first is 1.
#[derive(Debug)]
struct Depth(usize);

impl Storable for Depth {
    type Storer = StoreReplace<Self>;
}

impl Watcher {
    /// Returns whether the grants allow an operation with all of these accesses. IAM checks each part
    /// of a transaction as the operation that it stands for.
    fn allows(&self, operation: &str, accesses: &[Access]) -> bool {
        let allowed = |table: Option<&str>, part: Option<&str>| {
            let mut grants = self.grants.iter().filter(|grant| grant.table() == table);
            let calls = |grant: &Grant| grant.calls().contains(&operation);
            match part {
                None => grants.any(calls),
                Some(part) => grants.any(|grant| {
                    calls(grant) && grant.iam_actions().iter().any(|action| action.ends_with(part))
                }),
            }
        };
        // A table's name may be followed by `/` and the name of an index.
        let logical = |name: &str| {
            let (table, index) = name.split_at(name.find('/').unwrap_or(name.len()));
            let table = match self.tables.iter().position(|known| known == table) {
                Some(0) => "core",
                Some(_) => "usage",
                None => "another table",
            };
            format!("{table}{index}")
        };
        if accesses.is_empty() {
            return allowed(None, None);
        }
        accesses.iter().all(|Access { table, part }| {
            allowed(
                Some(&logical(table)),
                part.as_ref().map(|part| format!(":{part}Item")).as_deref(),
            )
        })
    }
}

/// Returns the name of the running operation.
fn operation(cfg: &ConfigBag) -> String {
    cfg.load::<Metadata>().map(|metadata| metadata.name().to_owned()).unwrap_or_default()
}

/// The fields of a DynamoDB request that name tables.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    table_name: Option<String>,
    index_name: Option<String>,
    #[serde(default)]
    #[expect(clippy::zero_sized_map_values, reason = "the values exist but are not read")]
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

/// A table that a request names, and the kind of the part of a transaction, such as `Put`. An index is
/// `table/index`.
struct Access {
    table: String,
    part: Option<String>,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table)?;
        self.part.as_ref().map_or(Ok(()), |part| write!(f, " ({part})"))
    }
}

/// Returns the tables that a DynamoDB request names.
fn accesses(body: &[u8]) -> Vec<Access> {
    // A request that is not JSON names no tables.
    let named: Named = serde_json::from_slice(body).unwrap_or_default();
    let one = named.table_name.map(|table| match named.index_name {
        Some(index) => format!("{table}/{index}"),
        None => table,
    });
    let whole = one.into_iter().chain(named.request_items.into_keys());
    let parts = named
        .transact_items
        .into_iter()
        .flatten()
        .filter_map(|(kind, part)| Some(Access { table: part.table_name?, part: Some(kind) }));
    whole.map(|table| Access { table, part: None }).chain(parts).collect()
}

/// Returns the capacity units in a DynamoDB response, for one table or several.
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
        if self.call_log.meters.load(Ordering::Relaxed) {
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
        if self.call_log.meters.load(Ordering::Relaxed) {
            let answer: Value =
                serde_json::from_slice(context.response().body().bytes().unwrap_or_default())?;
            self.call_log.used(self.function, &operation(cfg), units(&answer));
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
        let accesses = accesses(context.request().body().bytes().unwrap_or_default());
        if !self.allows(&operation, &accesses) {
            let function = self.function;
            let accesses: BTreeSet<String> = accesses.iter().map(Access::to_string).collect();
            return Err(format!("{function} has no grant for {operation} on {accesses:?}: add it to the function's line in functions/registry.rs").into());
        }
        let depth = self.call_log.begin(self.function, &operation);
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
            self.call_log.end(self.function, *depth, &operation(cfg));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_needs_grants_for_its_operation_on_all_of_its_tables() {
        let watcher = Watcher {
            function: "f",
            grants: &[Grant::ReadCore, Grant::CommitUsage],
            call_log: Arc::default(),
            tables: ["c1".into(), "u1".into()],
        };
        let allows =
            |operation: &str, body: &str| watcher.allows(operation, &accesses(body.as_bytes()));
        assert!(allows("BatchGetItem", r#"{"RequestItems":{"c1":{}}}"#));
        assert!(!allows("BatchGetItem", r#"{"RequestItems":{"c1":{},"u1":{}}}"#));
        assert!(allows("TransactGetItems", r#"{"TransactItems":[{"Get":{"TableName":"c1"}}]}"#));
        assert!(!allows("Query", r#"{"TableName":"c1"}"#));
        assert!(!allows("Query", r#"{"TableName":"c1","IndexName":"listing"}"#));
        assert!(allows("TransactWriteItems", r#"{"TransactItems":[{"Put":{"TableName":"u1"}}]}"#));
        // IAM would reject the deletion.
        let delete = r#"{"TransactItems":[{"Delete":{"TableName":"u1"}}]}"#;
        assert!(!allows("TransactWriteItems", delete));
        assert!(!allows(
            "TransactWriteItems",
            r#"{"TransactItems":[{"Put":{"TableName":"u1"}},{"Update":{"TableName":"c1"}}]}"#
        ));
        assert!(!allows("BatchGetItem", r#"{"RequestItems":{"other":{}}}"#));
        assert!(!allows("SendRawEmail", "{}"));
    }

    #[test]
    fn concurrent_calls_are_one_round_trip() {
        let call_log = CallLog::default();
        let (a, b) = (call_log.begin("f", "A"), call_log.begin("f", "B"));
        call_log.end("f", a, "A");
        call_log.end("f", b, "B");
        let c = call_log.begin("f", "C");
        call_log.end("f", c, "C");
        let tally = call_log.take("f");
        assert_eq!((tally.calls.len(), tally.round_trips), (3, 2));
        assert_eq!(call_log.take("f"), CallCounts::default());
    }
}
