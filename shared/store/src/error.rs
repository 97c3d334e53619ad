//! Errors of calls to DynamoDB.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// Error codes of a whole call that DynamoDB throttled, or is still processing.
pub(crate) const THROTTLING_CODES: [&str; 4] = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
];

/// An error of a call to DynamoDB, or of the data in it. The text is for logs only.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// DynamoDB timed out, throttled the call, failed with a server error, or reported conflicts in
    /// every attempt. The same request may succeed later.
    #[error("temporary database error: {0}")]
    Transient(String),
    /// A retry does not help: a table or a permission is missing, the call is invalid, or an item
    /// has an unexpected format.
    #[error("database error: {0}")]
    Permanent(String),
}

impl StoreError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Permanent(message.into())
    }

    /// Converts an SDK error and keeps its causes in the text. Timeouts, connection errors, server
    /// errors and throttling are transient.
    pub(crate) fn sdk<E>(operation: &str, error: SdkError<E>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let is_transient = match &error {
            SdkError::TimeoutError(_)
            | SdkError::DispatchFailure(_)
            | SdkError::ResponseError(_) => true,
            SdkError::ServiceError(service) => {
                service.raw().status().is_server_error()
                    || service.err().code().is_some_and(|code| THROTTLING_CODES.contains(&code))
            }
            _ => false,
        };
        let message = format!("{operation}: {}", DisplayErrorContext(error));
        if is_transient { Self::Transient(message) } else { Self::Permanent(message) }
    }
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        Self::new(format!("an item has an unexpected format: {error}"))
    }
}
