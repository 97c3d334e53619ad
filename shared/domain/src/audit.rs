//! What was changed, by whom: the audit record, which is the event too.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::id::{AuditId, OrgId, UserId};

/// One committed change, on the wire and as an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditRecord {
    /// Its id: the later, the greater.
    #[schema(value_type = String, example = "aud_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub id: AuditId,
    /// The organization.
    #[schema(value_type = String, example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: OrgId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Actor,
    /// The action: a function's name.
    #[schema(example = "change_role")]
    pub action: String,
    /// The id of what was changed.
    #[schema(example = "auth0|65f0c1")]
    pub target: String,
    /// How it was; null when it was not.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// How it is; null when it is no more.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The request.
    #[schema(example = "b7b0c9a2-6a5e-4c58-9a57-0c9d5d0f5b1e")]
    pub request_id: String,
}

/// Who changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// The person, or the program.
    #[schema(value_type = String, example = "auth0|5e1f00")]
    pub user_id: UserId,
    /// Their name, as it was then.
    #[schema(example = "Ann")]
    pub name: Option<String>,
}
