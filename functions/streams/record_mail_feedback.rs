//! Notes what SES reports of a mail: taken by the recipient's server, refused, or reported as
//! unwanted. Reports come at least once and in any order; each changes what its invitation shows
//! only where it follows what is shown. Whoever reports one as unwanted gets no more, from any
//! organization.

use orgs_domain::invitation::{Block, Outcome};
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, Feedback, RetryableError, action};

/// The declaration.
pub const ACTION: Action = action!(Feedback record_mail_feedback)
    .summary("Record what SES reports about a mail")
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
