//! The error of a host that does not start.

/// An error that prevents the start of a host: the failed step and its cause.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct HostError {
    what: &'static str,
    why: String,
}

impl HostError {
    pub(crate) fn new(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self { what, why: why.to_string() }
    }
}
