//! What was changed, by whom: the audit record, which is the event too.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{AuditId, OrgId, UserId};

/// One committed change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its id: the later, the greater.
    pub id: AuditId,
    /// The organization.
    pub org_id: OrgId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Actor,
    /// The action: a function's name.
    pub action: String,
    /// The id of what was changed.
    pub target: String,
    /// How it was; null when it was not.
    pub before: Option<Value>,
    /// How it is; null when it is no more.
    pub after: Option<Value>,
    /// The request.
    pub request_id: String,
}

/// Who changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person, or the program.
    pub user_id: UserId,
    /// Their name, as it was then.
    pub name: Option<String>,
}
