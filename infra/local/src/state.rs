//! The host's own data: its signing key, the offset of its clock, recent identities, mails, events
//! and the mail queue. It has its own SQLite file, so that its writes do not wait for writes of the
//! embedded DynamoDB.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};

/// The SQLite file of the host.
#[derive(Debug)]
pub(crate) struct State(Mutex<Connection>);

impl State {
    /// Opens or creates the file `<path>-host`, where `path` is the data file.
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let mut beside = path.as_os_str().to_owned();
        beside.push("-host");
        let connection = Connection::open(PathBuf::from(beside))?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS host_settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);
             CREATE TABLE IF NOT EXISTS host_outbox (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, mail TEXT NOT NULL);
             CREATE INDEX IF NOT EXISTS host_outbox_recipient ON host_outbox (recipient);
             CREATE TABLE IF NOT EXISTS host_events (id INTEGER PRIMARY KEY, event TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS host_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS host_identities (email TEXT PRIMARY KEY, identity TEXT NOT NULL);",
        )?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the value of a setting; `None` if it was never set.
    pub(crate) fn setting(&self, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        self.connection()
            .query_row("SELECT value FROM host_settings WHERE name = ?1", [name], |row| row.get(0))
            .optional()
    }

    /// Stores the value of a setting.
    pub(crate) fn set(&self, name: &str, value: &[u8]) -> rusqlite::Result<()> {
        self.connection()
            .execute(
                "INSERT OR REPLACE INTO host_settings (name, value) VALUES (?1, ?2)",
                params![name, value],
            )
            .map(drop)
    }

    /// Stores a mail, and deletes all but the latest 10,000.
    pub(crate) fn add_mail(&self, recipient: &str, mail: &str) -> rusqlite::Result<()> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO host_outbox (recipient, mail) VALUES (?1, ?2)",
            params![recipient, mail],
        )?;
        let id = connection.last_insert_rowid();
        connection.execute("DELETE FROM host_outbox WHERE id <= ?1", [id - 10_000]).map(drop)
    }

    /// Returns the latest 1,000 mails, or those to `recipient`, newest first.
    pub(crate) fn mails(&self, recipient: Option<&str>) -> rusqlite::Result<Vec<String>> {
        let connection = self.connection();
        if let Some(recipient) = recipient {
            let mut query = connection.prepare_cached(
                "SELECT mail FROM host_outbox WHERE recipient = ?1 ORDER BY id DESC LIMIT 1000",
            )?;
            return query.query_map([recipient], |row| row.get(0))?.collect();
        }
        let mut query = connection
            .prepare_cached("SELECT mail FROM host_outbox ORDER BY id DESC LIMIT 1000")?;
        query.query_map([], |row| row.get(0))?.collect()
    }

    /// Returns the latest 100 mails with their numbers, newest first.
    pub(crate) fn numbered_mails(&self) -> rusqlite::Result<Vec<(i64, String)>> {
        let connection = self.connection();
        let mut query =
            connection.prepare("SELECT id, mail FROM host_outbox ORDER BY id DESC LIMIT 100")?;
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// Returns the mail with the number `id`.
    pub(crate) fn mail(&self, id: i64) -> rusqlite::Result<Option<String>> {
        self.connection()
            .query_row("SELECT mail FROM host_outbox WHERE id = ?1", [id], |row| row.get(0))
            .optional()
    }

    /// Stores an event, deletes all but the latest 10,000, and returns the event's number.
    pub(crate) fn add_event(&self, event: &str) -> rusqlite::Result<i64> {
        let connection = self.connection();
        connection.execute("INSERT INTO host_events (event) VALUES (?1)", [event])?;
        let id = connection.last_insert_rowid();
        connection.execute("DELETE FROM host_events WHERE id <= ?1", [id - 10_000])?;
        Ok(id)
    }

    /// Returns the latest 1,000 events, newest first.
    pub(crate) fn events(&self) -> rusqlite::Result<Vec<String>> {
        let connection = self.connection();
        let mut query =
            connection.prepare("SELECT event FROM host_events ORDER BY id DESC LIMIT 1000")?;
        query.query_map([], |row| row.get(0))?.collect()
    }

    /// Stores a message of the mail queue and returns its number.
    pub(crate) fn add_message(&self, body: &str) -> rusqlite::Result<i64> {
        let connection = self.connection();
        connection.execute("INSERT INTO host_messages (body) VALUES (?1)", [body])?;
        Ok(connection.last_insert_rowid())
    }

    /// Returns the messages of the mail queue after message number `after`, oldest first.
    pub(crate) fn messages(&self, after: i64) -> rusqlite::Result<Vec<(i64, String)>> {
        let connection = self.connection();
        let mut query = connection
            .prepare_cached("SELECT id, body FROM host_messages WHERE id > ?1 ORDER BY id")?;
        query.query_map([after], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// Deletes a message of the mail queue.
    pub(crate) fn delete_message(&self, id: i64) -> rusqlite::Result<()> {
        self.connection().execute("DELETE FROM host_messages WHERE id = ?1", [id]).map(drop)
    }

    /// Stores the identity that signed in with an address, for the sign-in page. Replaces an
    /// earlier identity with this address.
    pub(crate) fn remember(&self, email: &str, identity: &str) -> rusqlite::Result<()> {
        let connection = self.connection();
        connection
            .execute(
                "INSERT OR REPLACE INTO host_identities (email, identity) VALUES (?1, ?2)",
                params![email, identity],
            )
            .map(drop)
    }

    /// Returns the latest 50 identities, most recent first. Replacing an identity gives it a new
    /// `rowid`.
    pub(crate) fn identities(&self) -> rusqlite::Result<Vec<String>> {
        let connection = self.connection();
        let mut query = connection
            .prepare("SELECT identity FROM host_identities ORDER BY rowid DESC LIMIT 50")?;
        query.query_map([], |row| row.get(0))?.collect()
    }
}
