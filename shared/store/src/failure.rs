//! When DynamoDB does not do its part.

/// The database did not answer, or not in a way that can be used. Its text is for the logs alone.
#[derive(Debug, thiserror::Error)]
#[error("the database is not available: {0}")]
pub struct Unavailable(String);

impl Unavailable {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// An SDK error with its causes.
    pub(crate) fn sdk<E, R>(operation: &str, error: aws_sdk_dynamodb::error::SdkError<E, R>) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        Self(format!("{operation}: {}", aws_sdk_dynamodb::error::DisplayErrorContext(error)))
    }
}

impl From<serde_dynamo::Error> for Unavailable {
    fn from(error: serde_dynamo::Error) -> Self {
        Self(format!("an item does not have its shape: {error}"))
    }
}
