//! A gate before DynamoDB, for tests that walk through the orders in which requests can run: each
//! read and each transaction waits until it is let pass, and a transaction's conditions can be made
//! weaker on the way.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

/// Changes the parts of a transaction.
type Relaxation = Box<dyn Fn(&mut Vec<Value>) + Send + Sync>;

/// The gate.
#[derive(Clone)]
pub struct CallScheduler(Arc<Inner>);

struct Inner {
    closed: watch::Sender<bool>,
    arrivals: mpsc::UnboundedSender<PausedCall>,
    relax_conditions: Mutex<Option<Relaxation>>,
}

impl fmt::Debug for CallScheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

/// A call that waits.
#[derive(Debug)]
pub struct PausedCall {
    /// Whether it is a transaction; otherwise it is a read.
    pub commits: bool,
    pass: oneshot::Sender<()>,
}

impl PausedCall {
    /// Whether whoever waited has given up, and may ask again.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.pass.is_closed()
    }

    /// Lets it pass.
    pub fn pass(self) {
        // Whoever waited may have given up.
        self.pass.send(()).unwrap_or_default();
    }
}

impl CallScheduler {
    /// An open gate, and where calls arrive once it is closed.
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

    /// Closes or opens it.
    pub fn close(&self, closed: bool) {
        self.0.closed.send_replace(closed);
    }

    /// Changes the parts of every transaction from now on.
    pub fn relax_conditions(
        &self,
        relax_conditions: impl Fn(&mut Vec<Value>) + Send + Sync + 'static,
    ) {
        *self.0.relax_conditions.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Box::new(relax_conditions));
    }

    /// Waits until it is open: what runs by itself, behind requests, is not to run while an order
    /// of them is walked.
    pub(crate) async fn opened(&self) {
        // The gate itself keeps the channel, so it never ends.
        drop(self.0.closed.subscribe().wait_for(|closed| !closed).await);
    }

    /// The request, once it was let pass.
    pub(crate) async fn passed(&self, mut request: HttpRequest) -> HttpRequest {
        let operation = request
            .headers()
            .get("x-amz-target")
            .and_then(|target| target.rsplit('.').next())
            .unwrap_or_default();
        // A read of one moment follows another read, whose refusal it confirms or not: it is as
        // good as in that one's place.
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
