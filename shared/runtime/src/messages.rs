//! The messages that triggers other than HTTP hand to actions.

use chrono::{DateTime, Utc};
use orgs_domain::budget_alert::BudgetAlert;
use orgs_domain::invitation::Outcome;
use orgs_domain::{AuditId, EmailAddress, InvitationId, Month, OrgId};
use serde::Deserialize;

/// The handler failed, and the message is to be delivered again.
#[derive(Debug, thiserror::Error)]
#[error("to be retried: {0}")]
pub struct RetryableError(pub String);

/// A month with usage of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct UsageMonth {
    /// The id of the organization.
    pub org_id: OrgId,
    /// The month.
    pub month: Month,
}

/// The mail of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationMail {
    /// The id of the organization.
    pub org_id: OrgId,
    /// The id of the invitation.
    pub invitation_id: InvitationId,
    /// The number of the mail: 1 for the first, one more for each resend.
    pub send_seq: u32,
}

/// The mail to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    /// The mail of an invitation.
    Invitation(InvitationMail),
    /// A notice to the owners that billing moved, with the audit record of that change.
    BillingMoved(OrgId, AuditId),
    /// An alert to the owners about the budget, with its audit record.
    BudgetAlert(OrgId, AuditId, BudgetAlert),
}

/// A request for a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRequest {
    /// The time of the change that requests the mail.
    pub at: DateTime<Utc>,
    /// The mail to send.
    pub mail: Mail,
}

/// A report of SES about the mail of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The mail. Its ids are tags of the mail, so nothing is looked up.
    pub mail: InvitationMail,
    /// The outcome of its delivery.
    pub outcome: Outcome,
    /// The address of the recipient. None if the report has no valid address.
    pub recipient: Option<EmailAddress>,
}
