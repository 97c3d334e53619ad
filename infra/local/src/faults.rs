//! Faults that no emulator of DynamoDB shows, put between the SDK and it, for tests.

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

/// What goes wrong.
#[derive(Debug, Clone, Default)]
pub enum Faults {
    /// Nothing.
    #[default]
    None,
    /// Every transaction is cancelled with `TransactionConflict` the first time.
    ConflictFirst,
    /// Every write is applied, and its answer is lost, the first time.
    AnswerLostFirst,
    /// Every call is throttled the first time.
    ThrottledFirst,
    /// Of every batch nothing is processed the first time.
    UnprocessedFirst,
    /// Reads and transactions wait until they are let pass.
    Gated(CallScheduler),
    /// Calls wait while the gate is closed.
    Behind(CallScheduler),
    /// Of what one read finds, only memberships are as they are; everything else is as the read
    /// before found it.
    TornReads(Torn),
}

/// What earlier reads found, by key.
#[derive(Debug, Clone, Default)]
pub struct Torn(Arc<Mutex<HashMap<String, Value>>>);

impl Torn {
    async fn answer(self, sent: HttpConnectorFuture) -> Result<HttpResponse, ConnectorError> {
        let mut response = sent.await?;
        let body = ByteStream::new(response.take_body()).collect().await;
        let body = body.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
        let mut answer: Value = serde_json::from_slice(&body)
            .map_err(|error| ConnectorError::other(error.into(), None))?;
        for item in
            answer["Responses"].as_object_mut().into_iter().flat_map(|tables| tables.values_mut())
        {
            for item in item
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

/// The SDK's HTTP client with faults.
#[derive(Debug)]
pub(crate) struct FaultyClient {
    pub(crate) inner: SharedHttpClient,
    pub(crate) faults: Faults,
    pub(crate) seen: Seen,
}

/// The writes that have had their fault.
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
        if let Faults::Gated(gate) = &self.faults {
            let (gate, inner) = (gate.clone(), self.inner.clone());
            return HttpConnectorFuture::new(async move {
                inner.call(gate.passed(request).await).await
            });
        }
        if let Faults::Behind(gate) = &self.faults {
            let (gate, inner) = (gate.clone(), self.inner.clone());
            return HttpConnectorFuture::new(async move {
                gate.opened().await;
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
                    Err(ConnectorError::timeout("the answer was lost".into()))
                })
            }
            _ => self.inner.call(request),
        }
    }
}

impl Faults {
    /// What goes wrong for functions that run by themselves, behind requests.
    pub(crate) fn behind(&self) -> Self {
        match self {
            Self::Gated(gate) => Self::Behind(gate.clone()),
            other => other.clone(),
        }
    }

    /// What is answered in DynamoDB's place, the first time that a call is made.
    fn instead(
        &self,
        request: &HttpRequest,
        seen: &Seen,
    ) -> Option<Result<HttpResponse, ConnectorError>> {
        if !matches!(self, Self::ThrottledFirst | Self::UnprocessedFirst) {
            return None;
        }
        let target = request.headers().get("x-amz-target")?;
        // What is sent again may have its fields in another order.
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

/// A write, known again when it is sent again.
struct Write {
    identity: String,
    /// How many parts a transaction has; 0 for a single item.
    parts: usize,
}

impl Write {
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
        // An audit record has a key of its own each time. Usage is counted in another shard when it
        // is sent again: it is known by its events, not by its counters.
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

fn key(item: &Value) -> String {
    ["PK", "SK"].map(|name| item[name]["S"].as_str().unwrap_or_default()).join(" ")
}

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

fn answered(status: u16, body: &Value) -> Result<HttpResponse, ConnectorError> {
    Answer::json(status, body.to_string()).into_response()
}
