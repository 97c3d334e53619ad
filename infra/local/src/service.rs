//! The interface of the host's AWS services. Functions in the host call them in process; other
//! processes call them over HTTP.
//!
//! In process, the functions use the real SDK client. Only its connection is replaced, so a call
//! needs no socket.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;

/// An AWS service that the host implements.
pub(crate) trait Service: fmt::Debug + Send + Sync + 'static {
    /// Answers a call. `target` is the header `x-amz-target`, which names the operation. It is
    /// empty for SES, whose query protocol names the operation in the body.
    fn answer(&self, target: &str, body: &[u8]) -> Answer;
}

/// A response of a service.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns a response of the AWS JSON 1.0 protocol.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type: "application/x-amz-json-1.0", body: body.into() }
    }

    /// Converts the response to the SDK's type.
    ///
    /// # Errors
    /// [`ConnectorError`] if the status is not a valid HTTP status.
    pub(crate) fn into_response(self) -> Result<HttpResponse, ConnectorError> {
        let status = self
            .status
            .try_into()
            .map_err(|_| ConnectorError::user("invalid HTTP status".into()))?;
        let mut response = HttpResponse::new(status, SdkBody::from(self.body));
        response.headers_mut().insert("content-type", self.content_type);
        Ok(response)
    }
}

/// Returns an HTTP client for the SDK that calls a service in this process.
pub(crate) fn client(service: Arc<dyn Service>) -> SharedHttpClient {
    SharedHttpClient::new(InProcess(service))
}

#[derive(Debug, Clone)]
struct InProcess(Arc<dyn Service>);

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let service = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            // Yield, so that concurrent calls are all sent before the first response arrives, as
            // over a network.
            tokio::task::yield_now().await;
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            service.answer(target, request.body().bytes().unwrap_or_default()).into_response()
        })
    }
}

/// Returns a router that serves the service over HTTP.
pub(crate) fn router(service: Arc<dyn Service>) -> Router {
    let answer = |headers: HeaderMap, body: Bytes| async move {
        let target =
            headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
        let Answer { status, content_type, body } = service.answer(target, &body);
        (
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
            [("content-type", content_type)],
            body,
        )
            .into_response()
    };
    Router::new().route("/", post(answer))
}
