//! The audit record of a change, which is also the event that the change publishes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::id::{AuditId, OrgId, UserId};

/// The user id of the actor of changes that the service itself makes, such as budget alerts.
pub const SYSTEM: &str = "system";

/// The record of one committed change. The event of the change has the same content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditRecord {
    /// The id of the record: `aud_` and 32 hex digits. Ids sort by time.
    #[schema(value_type = String, example = "aud_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub id: AuditId,
    /// The id of the organization.
    #[schema(value_type = String, example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: OrgId,
    /// The time of the change, in UTC.
    pub at: DateTime<Utc>,
    /// The person or service client that made the change, or `system` for budget alerts.
    pub actor: Actor,
    /// The name of the action that made the change.
    #[schema(example = "change_role")]
    pub action: String,
    /// The id of the changed object, such as a user id or a resource id.
    #[schema(example = "auth0|65f0c1")]
    pub target: String,
    /// The object before the change; null if the change created it.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The object after the change; null if the change removed it.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The id of the request that made the change, as in the header `x-request-id`.
    #[schema(example = "b7b0c9a2-6a5e-4c58-9a57-0c9d5d0f5b1e")]
    pub request_id: String,
}

/// The person or service client that made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// The user id of the person, or the id of the service client.
    #[schema(value_type = String, example = "auth0|5e1f00")]
    pub user_id: UserId,
    /// The actor's name at the time of the change; null if it is unknown.
    #[schema(example = "Ann")]
    pub name: Option<String>,
}
