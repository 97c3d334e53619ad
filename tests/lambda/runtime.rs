//! The part of Lambda's Runtime API that functions use, for one process at a time:
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::extract::{Path as Parameters, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot, watch};

/// The timeout of an invocation. It is the same as that of the deployed request functions.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The outcome of an invocation.
#[derive(Debug)]
pub(crate) enum Outcome {
    Response(Value),
    Error(Value),
}

struct Invocation {
    id: String,
    event: Value,
}

/// The state of the server.
struct Api {
    queue: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    asked: watch::Sender<Option<Instant>>,
}

/// A process of a function, and the server that passes events to it.
pub(crate) struct Lambda {
    child: Child,
    started: Instant,
    api: Arc<Api>,
    queue: mpsc::UnboundedSender<Invocation>,
    log: tempfile::NamedTempFile,
}

impl Drop for Lambda {
    fn drop(&mut self) {
        // The process may have ended already.
        self.child.kill().unwrap_or_default();
        self.child.wait().unwrap();
    }
}

async fn next(State(api): State<Arc<Api>>) -> Result<(HeaderMap, Json<Value>), StatusCode> {
    api.asked.send_if_modified(|first| first.is_none() && first.replace(Instant::now()).is_none());
    let Some(Invocation { id, event }) = api.queue.lock().await.recv().await else {
        return Err(StatusCode::GONE);
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + TIMEOUT;
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:test".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
        ),
    ];
    Ok((
        headers
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(&value).unwrap()))
            .collect(),
        Json(event),
    ))
}

fn settle(api: &Api, id: &str, outcome: Outcome) -> StatusCode {
    match api.waiting.lock().unwrap().remove(id) {
        Some(waiting) => {
            // The receiver is gone if the caller timed out.
            drop(waiting.send(outcome));
            StatusCode::ACCEPTED
        }
        None => StatusCode::BAD_REQUEST,
    }
}

async fn response(
    State(api): State<Arc<Api>>,
    Parameters(id): Parameters<String>,
    body: String,
) -> StatusCode {
    settle(&api, &id, Outcome::Response(serde_json::from_str(&body).unwrap()))
}

async fn error(
    State(api): State<Arc<Api>>,
    Parameters(id): Parameters<String>,
    body: String,
) -> StatusCode {
    settle(&api, &id, Outcome::Error(serde_json::from_str(&body).unwrap()))
}

/// Returns the binary of a function: a probe has its own (`<directory>/<function>/bootstrap`), and
/// all actions share one (`<directory>/bootstrap`).
pub(crate) fn binary(directory: &Path, function: &str) -> PathBuf {
    let own = directory.join(function).join("bootstrap");
    if own.exists() { own } else { directory.join("bootstrap") }
}

impl Lambda {
    /// Starts a binary as the function with this handler and this environment.
    pub(crate) async fn start(
        binary: &Path,
        handler: &str,
        environment: &[(&str, String)],
    ) -> Self {
        Self::spawn(Command::new(binary), handler, environment).await
    }

    /// Starts a command that runs a binary, with this handler and this environment.
    pub(crate) async fn spawn(
        mut command: Command,
        handler: &str,
        environment: &[(&str, String)],
    ) -> Self {
        let (queue, queued) = mpsc::unbounded_channel();
        let api = Arc::new(Api {
            queue: AsyncMutex::new(queued),
            waiting: Mutex::default(),
            asked: watch::Sender::new(None),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(Arc::clone(&api));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        // Without `TCP_NODELAY`, each response waits for a delayed acknowledgment.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let log = tempfile::NamedTempFile::new().unwrap();
        let output = || File::options().append(true).open(log.path()).unwrap();
        let started = Instant::now();
        let child = command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("_HANDLER", handler)
            .env("AWS_LAMBDA_FUNCTION_NAME", "test")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/test")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .envs(environment.iter().map(|(name, value)| (*name, value.as_str())))
            .stdout(output())
            .stderr(output())
            .spawn()
            .unwrap();
        Self { child, started, api, queue, log }
    }

    /// Waits until the process asks for its first event, and returns the time from its start.
    pub(crate) async fn ready(&self) -> Duration {
        let mut asked = self.api.asked.subscribe();
        let asked = tokio::time::timeout(TIMEOUT, asked.wait_for(Option::is_some)).await;
        let at = asked
            .unwrap_or_else(|_| panic!("the process asked for no event: {}", self.logs()))
            .unwrap()
            .unwrap();
        at - self.started
    }

    /// Passes an event to the process and waits for the outcome. Panics after Lambda's timeout.
    pub(crate) async fn invoke(&self, event: &Value) -> Outcome {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = format!("{:032x}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (answer, answered) = oneshot::channel();
        self.api.waiting.lock().unwrap().insert(id.clone(), answer);
        self.queue
            .send(Invocation { id, event: event.clone() })
            .unwrap_or_else(|_| panic!("the server has stopped"));
        let answered = tokio::time::timeout(TIMEOUT, answered).await;
        answered
            .unwrap_or_else(|_| panic!("no outcome within Lambda's timeout: {}", self.logs()))
            .unwrap()
    }

    /// Returns the output of the process.
    pub(crate) fn logs(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// Returns the id of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the process ends, and returns its exit status.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}
