//! Indexes and trims the stream records in the embedded DynamoDB's file.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, params};

/// The largest number of records that one statement deletes. A write of the embedded DynamoDB waits
/// for at most one statement.
const STATEMENT_RECORDS_MAX: usize = 200;

/// A second connection to the SQLite file of the embedded DynamoDB.
#[derive(Debug)]
pub(crate) struct StreamLog(Mutex<Connection>);

impl StreamLog {
    /// Opens the file at `path`, which must already have the emulator's tables, and adds an index.
    ///
    /// With streams on, each write looks up the highest sequence number, and the emulator has no
    /// index for it. Without this index, every write would be slower than the one before.
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.execute_batch(
            "PRAGMA synchronous = NORMAL;
             CREATE INDEX IF NOT EXISTS host_stream ON _stream_records (table_name, CAST(sequence_number AS INTEGER));",
        )?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Deletes a table's stream records before `sequence` and returns their number. The last record
    /// stays, because the emulator derives the next sequence number from it.
    pub(crate) fn trim(&self, table: &str, sequence: i64) -> rusqlite::Result<usize> {
        let mut deleted = 0;
        loop {
            let slice = self.0.lock().unwrap_or_else(PoisonError::into_inner).execute(
                "DELETE FROM _stream_records WHERE rowid IN (
                    SELECT rowid FROM _stream_records WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <
                        min(?2, (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?1))
                    LIMIT ?3)",
                params![table, sequence, STATEMENT_RECORDS_MAX],
            )?;
            deleted += slice;
            if slice < STATEMENT_RECORDS_MAX {
                return Ok(deleted);
            }
        }
    }
}
