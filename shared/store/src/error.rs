//! When DynamoDB does not do its part.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// The database did not do its part. The text is for the logs alone.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not answer in time, or is busy: the same request may work a little later.
    #[error("the database does not answer: {0}")]
    Transient(String),
    /// It is not as it should be: a table is missing, a right, an item's shape.
    #[error("the database is not usable: {0}")]
    Permanent(String),
}

impl StoreError {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self::Permanent(what.into())
    }

    /// An SDK error with its causes.
    pub(crate) fn sdk<E>(operation: &str, error: SdkError<E>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let passing = match &error {
            SdkError::TimeoutError(_)
            | SdkError::DispatchFailure(_)
            | SdkError::ResponseError(_) => true,
            SdkError::ServiceError(service) => {
                service.raw().status().is_server_error()
                    || service
                        .err()
                        .code()
                        .is_some_and(|code| crate::transaction::THROTTLED.contains(&code))
            }
            _ => false,
        };
        let what = format!("{operation}: {}", DisplayErrorContext(error));
        if passing { Self::Transient(what) } else { Self::Permanent(what) }
    }
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        Self::new(format!("an item does not have its shape: {error}"))
    }
}
