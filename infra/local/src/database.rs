//! The embedded DynamoDB.

use std::path::Path;

use dynoxide::Database;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::host::{Data, HostError};
use crate::service::{Answer, Service};

/// A DynamoDB in this process, over a SQLite file.
pub(crate) struct Embedded(Database);

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedded")
    }
}

impl Embedded {
    /// Opens the SQLite file at `path`.
    ///
    /// No commit waits for the disk. A file that is to be kept survives the end of the process at any moment, and after a power
    /// cut has lost the last commits at most; a file that goes with the host is never synced.
    pub(crate) fn open(path: &Path, data: &Data) -> Result<Self, HostError> {
        let bad = |error| HostError::new("the data file", error);
        let path = path.to_str().ok_or_else(|| HostError::new("the data file", "its path is not UTF-8"))?;
        let database = Database::new(path).map_err(bad)?;
        database.enable_bulk_loading().map_err(bad)?;
        if matches!(data, Data::File(_)) {
            // `synchronous = NORMAL`: the write-ahead log is synced when it is moved into the file.
            database.disable_bulk_loading().map_err(bad)?;
        }
        Ok(Self(database))
    }

    /// Serves the wire protocol until it is stopped, for what is outside this process.
    pub(crate) fn serve(&self, listener: TcpListener, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
        let database = self.0.clone();
        tokio::spawn(async move {
            let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, database, stop).await {
                tracing::error!(%error, "the embedded DynamoDB stopped");
            }
        })
    }

    fn run(&self, operation: &str, body: &[u8]) -> Option<dynoxide::Result<Vec<u8>>> {
        let database = &self.0;
        Some(match operation {
            "BatchGetItem" => call(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => call(body, |request| database.batch_write_item(request)),
            "CreateTable" => call(body, |request| database.create_table(request)),
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
            "TransactWriteItems" => call(body, |request| database.transact_write_items(request)),
            "UpdateItem" => call(body, |request| database.update_item(request)),
            "UpdateTable" => call(body, |request| database.update_table(request)),
            "UpdateTimeToLive" => call(body, |request| database.update_time_to_live(request)),
            _ => return None,
        })
    }
}

impl Service for Embedded {
    fn answer(&self, target: &str, body: &[u8]) -> Answer {
        let operation = target.rsplit('.').next().unwrap_or_default();
        match self.run(operation, body) {
            Some(Ok(body)) => Answer::json(200, body),
            Some(Err(error)) => Answer::json(error.status_code(), error.to_json()),
            None => Answer::json(400, r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#),
        }
    }
}

fn call<Q: DeserializeOwned, A: Serialize>(body: &[u8], run: impl FnOnce(Q) -> dynoxide::Result<A>) -> dynoxide::Result<Vec<u8>> {
    let request = serde_json::from_slice(body).map_err(|error| dynoxide::DynoxideError::SerializationException(error.to_string()))?;
    let answer = run(request)?;
    serde_json::to_vec(&answer).map_err(|error| dynoxide::DynoxideError::InternalServerError(error.to_string()))
}
