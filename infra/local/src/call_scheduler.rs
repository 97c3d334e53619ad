//! Pauses calls to DynamoDB, for tests that try every order in which concurrent requests can run.
//!
//! While the scheduler is closed, each `BatchGetItem` and each `TransactWriteItems` waits until the
//! test lets it pass. A test can also weaken the conditions of transactions.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

/// A function that changes the parts of a transaction.
type Relaxation = Box<dyn Fn(&mut Vec<Value>) + Send + Sync>;

/// A scheduler for the calls to DynamoDB. Clones share their state.
#[derive(Clone)]
pub struct CallScheduler(Arc<Inner>);

struct Inner {
    closed: watch::Sender<bool>,
    arrivals: mpsc::UnboundedSender<PausedCall>,
    relax_conditions: Mutex<Option<Relaxation>>,
}

impl fmt::Debug for CallScheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallScheduler")
    }
}

/// A call that waits for [`PausedCall::pass`].
#[derive(Debug)]
pub struct PausedCall {
    /// True if the call is a transaction. Otherwise it is a read.
    pub commits: bool,
    pass: oneshot::Sender<()>,
}

impl PausedCall {
    /// Returns whether the caller no longer waits, for example after a timeout. It may call again.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.pass.is_closed()
    }

    /// Lets the call pass. Does nothing if the caller no longer waits.
    pub fn pass(self) {
        // Sending fails if the caller no longer waits.
        self.pass.send(()).unwrap_or_default();
    }
}

impl CallScheduler {
    /// Returns an open scheduler, and the channel of the paused calls.
    #[must_use]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<PausedCall>) {
        let (arrivals, arrived) = mpsc::unbounded_channel();
        (
            Self(Arc::new(Inner {
                closed: watch::Sender::new(false),
                arrivals,
                relax_conditions: Mutex::default(),
            })),
            arrived,
        )
    }

    /// Closes the scheduler, so that calls pause, or opens it.
    pub fn close(&self, closed: bool) {
        self.0.closed.send_replace(closed);
    }

    /// Applies `relax_conditions` to the parts of every later transaction.
    pub fn relax_conditions(
        &self,
        relax_conditions: impl Fn(&mut Vec<Value>) + Send + Sync + 'static,
    ) {
        *self.0.relax_conditions.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Box::new(relax_conditions));
    }

    /// Waits until the scheduler is open. Background functions wait here, so that they do not run
    /// while a test tries an order of requests.
    pub(crate) async fn opened(&self) {
        // `self` keeps the sender, so the channel never closes.
        drop(self.0.closed.subscribe().wait_for(|closed| !closed).await);
    }

    /// Returns the request after it was let pass, with the relaxed conditions.
    pub(crate) async fn passed(&self, mut request: HttpRequest) -> HttpRequest {
        let operation = request
            .headers()
            .get("x-amz-target")
            .and_then(|target| target.rsplit('.').next())
            .unwrap_or_default();
        // A snapshot read (`TransactGetItems`) does not pause: it follows another read and only
        // confirms a refusal that is based on it, so it needs no place of its own in the order.
        let (reads, commits) = (operation == "BatchGetItem", operation == "TransactWriteItems");
        if commits {
            self.relaxed(&mut request);
        }
        if *self.0.closed.borrow() && (reads || commits) {
            let (pass, passed) = oneshot::channel();
            if self.0.arrivals.send(PausedCall { commits, pass }).is_ok() {
                drop(passed.await);
            }
        }
        request
    }

    /// Applies the relaxation to the parts of a transaction.
    fn relaxed(&self, request: &mut HttpRequest) {
        let relax_conditions =
            self.0.relax_conditions.lock().unwrap_or_else(PoisonError::into_inner);
        let body =
            request.body().bytes().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let (Some(relax_conditions), Some(mut body)) = (relax_conditions.as_ref(), body) else {
            return;
        };
        if let Some(parts) = body["TransactItems"].as_array_mut() {
            relax_conditions(parts);
        }
        let text = body.to_string();
        request.headers_mut().insert("content-length", text.len().to_string());
        *request.body_mut() = SdkBody::from(text);
    }
}
