//! Invitations.

use chrono::{DateTime, Utc};
use orgs_domain::invitation::{Delivery, Inviter, Status};
use orgs_domain::{Invitation, Role};
use serde::Serialize;
use utoipa::ToSchema;

/// An invitation. The token in the mail's link is never part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// The id of the invitation: `inv_` and 32 hex digits.
    #[schema(example = "inv_019ab3c0d5e07f10a2b3c4d5e6f70813")]
    pub id: String,
    /// The id of the organization to join: `org_` and 32 hex digits.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: String,
    /// The invited e-mail address, as it was entered.
    #[schema(example = "bob@example.com")]
    pub email: String,
    /// The role that the invitation grants.
    pub role: Role,
    /// The status of the invitation. A pending invitation is `expired` from `expires_at` on.
    pub status: Status,
    /// The delivery of the invitation's last mail.
    pub delivery: Delivery,
    /// The member who created the invitation.
    pub invited_by: Inviter,
    /// The user id of the person who accepted the invitation; null until then.
    #[schema(example = json!(null))]
    pub accepted_by: Option<String>,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time at which the invitation expires. Each resend sets a new one.
    pub expires_at: DateTime<Utc>,
    /// The version: 1 at creation, increased by 1 with each change, including changes of
    /// `delivery`.
    #[schema(example = 1)]
    pub version: u32,
}

impl InvitationView {
    /// Returns the view of `invitation` at `now`.
    #[must_use]
    pub fn of(invitation: &Invitation, now: DateTime<Utc>) -> Self {
        Self {
            id: invitation.id.to_string(),
            org_id: invitation.org_id.to_string(),
            email: invitation.email.as_entered().to_owned(),
            role: invitation.role,
            status: invitation.status(now),
            delivery: invitation.delivery,
            invited_by: invitation.invited_by.clone(),
            accepted_by: invitation.accepted_by.as_ref().map(ToString::to_string),
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            version: invitation.version,
        }
    }
}
