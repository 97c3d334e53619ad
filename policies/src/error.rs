//! The error of a policy set or request that cannot be evaluated.

/// The policies do not parse, or a request does not fit the schema. The tests rule both out.
#[derive(Debug, thiserror::Error)]
#[error("the policies are not usable: {0}")]
pub struct PolicySetError(pub(crate) String);
