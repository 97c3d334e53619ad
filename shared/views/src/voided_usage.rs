//! A voiding of usage events.

use orgs_domain::name::Description;
use serde::Serialize;
use utoipa::ToSchema;

/// Usage events that were voided together, in the audit log. A request with many ids has several
/// records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoidedUsage {
    /// The ids of the events that were voided.
    #[schema(example = json!(["run-7f3a-1"]))]
    pub voided: Vec<String>,
    /// The ids that no event had. An event that is sent with such an id does not count.
    pub unknown: Vec<String>,
    /// The reason; null if the request had none.
    #[schema(value_type = Option<String>, example = "the meter counted a test run")]
    pub reason: Option<Description>,
}
