//! The embedded DynamoDB, on threads of its own: it works on the thread that a request came in on.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::thread;

use dynoxide::Database;
use tokio::sync::oneshot;

use crate::host::HostError;

/// A running embedded DynamoDB; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub(crate) url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Embedded {
    /// Starts a DynamoDB over the SQLite file at `path`.
    pub(crate) fn start(path: &Path) -> Result<Self, HostError> {
        let path = path.to_str().ok_or_else(|| HostError::new("the data file", "its path is not UTF-8"))?;
        let database = Database::new(path).map_err(|error| HostError::new("the data file", error))?;
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .map_err(|error| HostError::new("the embedded DynamoDB", error))?;
        listener.set_nonblocking(true).map_err(|error| HostError::new("the embedded DynamoDB", error))?;
        let url = format!("http://{}", listener.local_addr().map_err(|error| HostError::new("the embedded DynamoDB", error))?);
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            let served = runtime.and_then(|runtime| {
                runtime.block_on(async {
                    let listener = tokio::net::TcpListener::from_std(listener)?;
                    dynoxide::server::serve_with_shutdown(listener, database, async { drop(stopped.await) })
                        .await
                        .map_err(std::io::Error::other)
                })
            });
            if let Err(error) = served {
                tracing::error!(%error, "the embedded DynamoDB stopped");
            }
        };
        let thread = thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(serve)
            .map_err(|error| HostError::new("the embedded DynamoDB", error))?;
        Ok(Self { url, stop: Some(stop), thread: Some(thread) })
    }

    /// Stops it and waits until its file is closed.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the embedded DynamoDB panicked");
        }
    }
}
