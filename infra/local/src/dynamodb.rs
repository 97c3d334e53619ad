//! The embedded DynamoDB: an emulator in this process.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::HostError;
use crate::service::{Answer, Service};

/// The storage of a host's data.
#[derive(Debug, Clone)]
pub enum Data {
    /// A file, which the next start opens again.
    File(PathBuf),
    /// A temporary file that is deleted with the host.
    Memory,
}

/// The emulator with its SQLite file.
pub(crate) struct Embedded {
    database: Database,
    done: Mutex<Done>,
}

/// The responses of the latest transactions by `ClientRequestToken`. A retry gets the stored
/// response.
///
/// The emulator would keep tokens for ten minutes and scan all of them at each transaction, which
/// slows it down under load. A client in this process retries soon, so the latest tokens are
/// enough. Unlike DynamoDB, this does not detect a token that is used again with other items.
#[derive(Default)]
struct Done {
    answers: HashMap<String, Vec<u8>>,
    tokens: VecDeque<String>,
}

/// The largest number of transactions in [`Done`].
const TRANSACTIONS_MAX: usize = 1000;

impl Done {
    /// Stores a response, and drops the oldest one beyond the limit.
    fn add(&mut self, token: String, answer: Vec<u8>) {
        if self.tokens.len() == TRANSACTIONS_MAX
            && let Some(oldest) = self.tokens.pop_front()
        {
            self.answers.remove(&oldest);
        }
        self.tokens.push_back(token.clone());
        self.answers.insert(token, answer);
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedded")
    }
}

impl Embedded {
    /// Opens or creates the SQLite file at `path`.
    ///
    /// No commit waits for the disk. A data file keeps every commit if the process is killed; a
    /// power cut can lose the last commits. A temporary file is never synced.
    ///
    /// # Errors
    /// [`HostError`] if the path is not UTF-8 or if the file cannot be opened.
    pub(crate) fn open(path: &Path, data: &Data) -> Result<Self, HostError> {
        let bad = |error| HostError::new("cannot open the data file", error);
        let path = path
            .to_str()
            .ok_or_else(|| HostError::new("cannot open the data file", "its path is not UTF-8"))?;
        let database = Database::new(path).map_err(bad)?;
        database.enable_bulk_loading().map_err(bad)?;
        if matches!(data, Data::File(_)) {
            // Sets `synchronous = NORMAL`: SQLite syncs the write-ahead log at a checkpoint only.
            database.disable_bulk_loading().map_err(bad)?;
        }
        Ok(Self { database, done: Mutex::default() })
    }

    /// Serves the emulator to other processes over HTTP until the host stops.
    pub(crate) fn serve(
        &self,
        listener: TcpListener,
        mut stopped: watch::Receiver<bool>,
    ) -> JoinHandle<()> {
        let database = self.database.clone();
        tokio::spawn(async move {
            let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
            if let Err(error) =
                dynoxide::server::serve_with_shutdown(listener, database, stop).await
            {
                tracing::error!(%error, "the embedded DynamoDB stopped");
            }
        })
    }

    /// Runs an operation. `None` if the emulator does not support it.
    fn run(&self, operation: &str, body: &[u8]) -> Option<dynoxide::Result<Vec<u8>>> {
        let database = &self.database;
        Some(match operation {
            "BatchGetItem" => call(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => call(body, |request| database.batch_write_item(request)),
            "CreateTable" => call(body, |request| database.create_table(request)),
            "DeleteItem" => call(body, |request| database.delete_item(request)),
            "DeleteTable" => call(body, |request| database.delete_table(request)),
            "DescribeStream" => call(body, |request| database.describe_stream(request)),
            "DescribeTable" => call(body, |request| database.describe_table(request)),
            "DescribeTimeToLive" => call(body, |request| database.describe_time_to_live(request)),
            "GetItem" => call(body, |request| database.get_item(request)),
            "GetRecords" => call(body, |request| database.get_records(request)),
            "GetShardIterator" => call(body, |request| database.get_shard_iterator(request)),
            "ListStreams" => call(body, |request| database.list_streams(request)),
            "PutItem" => call(body, |request| database.put_item(request)),
            "Query" => call(body, |request| database.query(request)),
            "Scan" => call(body, |request| database.scan(request)),
            "TransactGetItems" => call(body, |request| database.transact_get_items(request)),
            "TransactWriteItems" => self.transact(body),
            "UpdateItem" => call(body, |request| database.update_item(request)),
            "UpdateTable" => call(body, |request| database.update_table(request)),
            "UpdateTimeToLive" => call(body, |request| database.update_time_to_live(request)),
            _ => return None,
        })
    }

    /// Runs a transaction once per `ClientRequestToken`.
    fn transact(&self, body: &[u8]) -> dynoxide::Result<Vec<u8>> {
        let mut request: TransactWriteItemsRequest = parse(body)?;
        let Some(token) = request.client_request_token.take() else {
            return written(&self.database.transact_write_items(request)?);
        };
        // The lock is held while the transaction runs, so that a second call with the same token
        // waits for the first one's response. The emulator runs one transaction at a time anyway.
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = done.answers.get(&token) {
            return Ok(answer.clone());
        }
        let answer = written(&self.database.transact_write_items(request)?)?;
        done.add(token, answer.clone());
        Ok(answer)
    }
}

impl Service for Embedded {
    fn answer(&self, target: &str, body: &[u8]) -> Answer {
        let operation = target.rsplit('.').next().unwrap_or_default();
        match self.run(operation, body) {
            Some(Ok(body)) => Answer::json(200, body),
            Some(Err(error)) => Answer::json(error.status_code(), error.to_json()),
            None => Answer::json(
                400,
                r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#,
            ),
        }
    }
}

/// Parses a request.
fn parse<Q: DeserializeOwned>(body: &[u8]) -> dynoxide::Result<Q> {
    serde_json::from_slice(body)
        .map_err(|error| DynoxideError::SerializationException(error.to_string()))
}

/// Serializes a response.
fn written(answer: &impl Serialize) -> dynoxide::Result<Vec<u8>> {
    serde_json::to_vec(answer)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// Parses a request, runs the operation, and serializes its response.
fn call<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    run: impl FnOnce(Q) -> dynoxide::Result<A>,
) -> dynoxide::Result<Vec<u8>> {
    written(&run(parse(body)?)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn call(database: &Embedded, operation: &str, body: &Value) -> (u16, Value) {
        let answer =
            database.answer(&format!("DynamoDB_20120810.{operation}"), body.to_string().as_bytes());
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    #[test]
    fn a_repeated_transaction_runs_once() {
        let folder = tempfile::tempdir().unwrap();
        let database = Embedded::open(&folder.path().join("data.db"), &Data::Memory).unwrap();
        let table = json!({
            "TableName": "things", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
        });
        assert_eq!(call(&database, "CreateTable", &table).0, 200);
        let add = |token: &str| {
            json!({"ClientRequestToken": token, "TransactItems": [{"Update": {
                "TableName": "things", "Key": {"PK": {"S": "a"}}, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}},
            }}]})
        };
        for token in ["one", "one", "two", "one"] {
            assert_eq!(call(&database, "TransactWriteItems", &add(token)).0, 200);
        }
        let (_, found) =
            call(&database, "GetItem", &json!({"TableName": "things", "Key": {"PK": {"S": "a"}}}));
        assert_eq!(found["Item"]["n"]["N"], "2");
    }

    #[test]
    fn a_failed_transaction_runs_again_when_it_is_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let database = Embedded::open(&folder.path().join("data.db"), &Data::Memory).unwrap();
        let put = json!({"ClientRequestToken": "one", "TransactItems": [{"Put": {"TableName": "things", "Item": {"PK": {"S": "a"}}}}]});
        let (status, answer) = call(&database, "TransactWriteItems", &put);
        assert!(
            status == 400
                && answer["__type"].as_str().unwrap().ends_with("#ResourceNotFoundException"),
            "{answer}"
        );
        assert_eq!(call(&database, "TransactWriteItems", &put).0, 400);
        assert_eq!(call(&database, "Unknown", &json!({})).0, 400);
        assert_eq!(database.answer("DynamoDB_20120810.GetItem", b"no JSON").status, 400);
    }

    #[test]
    fn only_the_latest_transactions_are_stored() {
        let mut done = Done::default();
        for n in 0..=TRANSACTIONS_MAX {
            done.add(n.to_string(), Vec::new());
        }
        assert_eq!((done.answers.len(), done.tokens.len()), (TRANSACTIONS_MAX, TRANSACTIONS_MAX));
        assert!(!done.answers.contains_key("0"));
    }
}
