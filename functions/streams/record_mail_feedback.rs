//! Records what SES reports about the mail of an invitation: delivered, bounced, or reported as
//! spam. Reports arrive at least once and in any order, so each one changes the invitation's
//! delivery only if it may follow the current one. The address of a recipient who reported spam is
//! blocked for the invitations of all organizations.

use orgs_domain::invitation::{Block, Outcome};
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, Feedback, RetryableError, action};

/// The declaration.
pub const ACTION: Action = action!(Feedback record_mail_feedback)
    .summary("Record what SES reports about the mail of an invitation")
    .trigger(Trigger::MailFeedback)
    .grants(&[Grant::UpdateCore, Grant::ListCore]);

async fn record_mail_feedback(app: &AppState, feedback: Feedback) -> Result<(), RetryableError> {
    let Feedback { mail, outcome, recipient } = feedback;
    let reported =
        app.store.mark_reported(&mail.org_id, &mail.invitation_id, mail.send_seq, outcome).await;
    reported.map_err(|error| RetryableError(error.to_string()))?;
    match (outcome, recipient) {
        (Outcome::Complained, Some(address)) => {
            let blocked = app.store.block(&address.key(), Block::Complaint, app.clock.now()).await;
            blocked.map_err(|error| RetryableError(error.to_string()))
        }
        _ => Ok(()),
    }
}
