//! The configuration of the AWS SDK.

pub(crate) mod config;
pub(crate) mod tls;
