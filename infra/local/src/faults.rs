//! Faults between the SDK and DynamoDB, for tests. DynamoDB has them, emulators do not.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Value, json};

use crate::call_scheduler::CallScheduler;
use crate::service::Answer;

/// The faults of DynamoDB.
#[derive(Debug, Clone, Default)]
pub enum Faults {
    /// No fault.
    #[default]
    None,
    /// The first attempt of every transaction is canceled with `TransactionConflict`.
    ConflictFirst,
    /// The first attempt of every write is applied, but its response is lost.
    AnswerLostFirst,
    /// The first attempt of every call is throttled.
    ThrottledFirst,
    /// The first attempt of every batch processes no item.
    UnprocessedFirst,
    /// Reads and transactions pause while the scheduler is closed, until the test lets them pass.
    Gated(CallScheduler),
    /// Calls wait while the scheduler is closed. Background functions have this fault if requests
    /// have [`Faults::Gated`].
    Behind(CallScheduler),
    /// A read returns current memberships, and every other item as the previous read returned it.
    TornReads(Torn),
}

/// The items of earlier reads by key.
#[derive(Debug, Clone, Default)]
pub struct Torn(Arc<Mutex<HashMap<String, Value>>>);

impl Torn {
    /// Replaces items in the response of a `BatchGetItem`, as [`Faults::TornReads`] says.
    async fn answer(self, sent: HttpConnectorFuture) -> Result<HttpResponse, ConnectorError> {
        let mut response = sent.await?;
        let body = ByteStream::new(response.take_body()).collect().await;
        let body = body.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
        let mut answer: Value = serde_json::from_slice(&body)
            .map_err(|error| ConnectorError::other(error.into(), None))?;
        for items in
            answer["Responses"].as_object_mut().into_iter().flat_map(|tables| tables.values_mut())
        {
            for item in items
                .as_array_mut()
                .into_iter()
                .flatten()
                .filter(|item| !key(item).contains(" MEM#"))
            {
                let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(before) = found.insert(key(item), item.clone()) {
                    *item = before;
                }
            }
        }
        let text = answer.to_string();
        response.headers_mut().insert("content-length", text.len().to_string());
        *response.body_mut() = SdkBody::from(text);
        Ok(response)
    }
}

/// An HTTP client for the SDK that injects faults.
#[derive(Debug)]
pub(crate) struct FaultyClient {
    pub(crate) inner: SharedHttpClient,
    pub(crate) faults: Faults,
    pub(crate) seen: Seen,
}

/// The calls that already had their fault.
pub(crate) type Seen = Arc<Mutex<HashSet<String>>>;

#[derive(Debug)]
struct FaultyConnector {
    inner: SharedHttpConnector,
    faults: Faults,
    seen: Seen,
}

impl HttpClient for FaultyClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(FaultyConnector {
            inner,
            faults: self.faults.clone(),
            seen: Arc::clone(&self.seen),
        })
    }
}

impl HttpConnector for FaultyConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if matches!(self.faults, Faults::None) {
            return self.inner.call(request);
        }
        if let Faults::Gated(scheduler) = &self.faults {
            let (scheduler, inner) = (scheduler.clone(), self.inner.clone());
            return HttpConnectorFuture::new(async move {
                inner.call(scheduler.passed(request).await).await
            });
        }
        if let Faults::Behind(scheduler) = &self.faults {
            let (scheduler, inner) = (scheduler.clone(), self.inner.clone());
            return HttpConnectorFuture::new(async move {
                scheduler.opened().await;
                inner.call(request).await
            });
        }
        if let Faults::TornReads(torn) = &self.faults
            && request
                .headers()
                .get("x-amz-target")
                .is_some_and(|target| target.ends_with(".BatchGetItem"))
        {
            return HttpConnectorFuture::new(torn.clone().answer(self.inner.call(request)));
        }
        if let Some(answer) = self.faults.instead(&request, &self.seen) {
            return HttpConnectorFuture::ready(answer);
        }
        let Some(write) = Write::of(&request).filter(|write| self.faults.strike(write)) else {
            return self.inner.call(request);
        };
        let first = self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(write.identity);
        match &self.faults {
            Faults::ConflictFirst if first => HttpConnectorFuture::ready(conflict(write.parts)),
            Faults::AnswerLostFirst if first => {
                let sent = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    sent.await?;
                    Err(ConnectorError::timeout("the response was lost".into()))
                })
            }
            _ => self.inner.call(request),
        }
    }
}

impl Faults {
    /// Returns the faults for background functions, which run after a request's response.
    pub(crate) fn behind(&self) -> Self {
        match self {
            Self::Gated(scheduler) => Self::Behind(scheduler.clone()),
            other => other.clone(),
        }
    }

    /// Returns the response in place of DynamoDB's, for the first attempt of a call.
    fn instead(
        &self,
        request: &HttpRequest,
        seen: &Seen,
    ) -> Option<Result<HttpResponse, ConnectorError>> {
        if !matches!(self, Self::ThrottledFirst | Self::UnprocessedFirst) {
            return None;
        }
        let target = request.headers().get("x-amz-target")?;
        // A repeated call may have its fields in another order.
        let mut body: Value = serde_json::from_slice(request.body().bytes()?).ok()?;
        body.sort_all_objects();
        let (status, answer) = match (self, target.rsplit('.').next()?) {
            (Self::ThrottledFirst, _) => (
                400,
                json!({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slower"}),
            ),
            (_, "BatchGetItem") => {
                (200, json!({"Responses": {}, "UnprocessedKeys": body["RequestItems"]}))
            }
            (_, "BatchWriteItem") => (200, json!({"UnprocessedItems": body["RequestItems"]})),
            _ => return None,
        };
        let is_first =
            seen.lock().unwrap_or_else(PoisonError::into_inner).insert(format!("{target} {body}"));
        is_first.then(|| answered(status, &answer))
    }

    /// Returns whether the fault applies to this write.
    fn strike(&self, write: &Write) -> bool {
        match self {
            Self::None
            | Self::ThrottledFirst
            | Self::UnprocessedFirst
            | Self::Gated(_)
            | Self::Behind(_)
            | Self::TornReads(_) => false,
            Self::ConflictFirst => write.parts > 0,
            Self::AnswerLostFirst => true,
        }
    }
}

/// A write with an identity that its retries share.
struct Write {
    identity: String,
    /// The number of parts of a transaction; 0 for a single item.
    parts: usize,
}

impl Write {
    /// Parses a request. `None` if it is neither an `UpdateItem` nor a `TransactWriteItems`.
    fn of(request: &HttpRequest) -> Option<Self> {
        let target = request.headers().get("x-amz-target")?;
        let body: Value = serde_json::from_slice(request.body().bytes()?).ok()?;
        if target.ends_with(".UpdateItem") {
            return Some(Self {
                identity: format!("{} {}", key(&body["Key"]), body["UpdateExpression"]),
                parts: 0,
            });
        }
        let parts =
            target.ends_with(".TransactWriteItems").then(|| body["TransactItems"].as_array())??;
        // An audit record has a new key for each change. A retry may count usage in another shard,
        // so the usage events identify the write, and the counters (`USE#`) do not.
        let keys = parts
            .iter()
            .filter_map(|part| part.as_object()?.iter().next())
            .map(|(kind, part)| key(&part[if kind == "Put" { "Item" } else { "Key" }]));
        Some(Self {
            identity: keys.filter(|key| !key.starts_with("USE#")).collect(),
            parts: parts.len(),
        })
    }
}

/// Returns the keys of an item as one text.
fn key(item: &Value) -> String {
    ["PK", "SK"].map(|name| item[name]["S"].as_str().unwrap_or_default()).join(" ")
}

/// Returns DynamoDB's response to a transaction that conflicts in its first part.
fn conflict(parts: usize) -> Result<HttpResponse, ConnectorError> {
    let reasons: Vec<Value> = (0..parts)
        .map(|i| json!({"Code": if i == 0 { "TransactionConflict" } else { "None" }}))
        .collect();
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
        "CancellationReasons": reasons,
    });
    answered(400, &body)
}

/// Returns a response in DynamoDB's format.
fn answered(status: u16, body: &Value) -> Result<HttpResponse, ConnectorError> {
    Answer::json(status, body.to_string()).into_response()
}
