//! Sends the mails that audit records request: invitations, notices that billing moved, and alerts
//! about budgets. The requests come from the mail queue.
//!
//! The function generates the secrets of an invitation's links, so that they exist only in the
//! mail. It stores their hashes, sends the mail, and marks the invitation as sent. It can stop
//! between any two of these steps: a retry adds hashes of its own, and links that were mailed
//! before stay valid.
//!
//! If SES is unavailable, the queue delivers the request again every six minutes. After
//! [`FAILED_AFTER`] the invitation shows the delivery `failed`. After six hours the queue moves the
//! request to its dead-letter queue, from which an operator can send it back.

use chrono::{DateTime, TimeDelta, Utc};
use orgs_domain::token::Secret;
use orgs_domain::{AuditId, Month, OrgId};
use orgs_mail::{MailError, Secrets};
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, InvitationMail, Mail, MailRequest, Metric, RetryableError, action};

/// The declaration.
pub const ACTION: Action = action!(Mail send_mail)
    .summary("Send the mails that audit records request")
    .trigger(Trigger::MailQueue)
    .grants(&[Grant::UpdateCore, Grant::ReadCore, Grant::SearchCore, Grant::SendMail]);

/// The age of a request from which its invitation shows the delivery `failed`. The queue retries
/// for six hours.
const FAILED_AFTER: TimeDelta = TimeDelta::hours(5);

async fn send_mail(
    app: &AppState,
    MailRequest { at, mail }: MailRequest,
) -> Result<(), RetryableError> {
    match mail {
        Mail::Invitation(mail) => {
            let outcome = send_invitation(app, mail).await;
            if outcome.is_err() && app.clock.now() - at >= FAILED_AFTER {
                app.store
                    .mark_given_up(&mail.org_id, &mail.invitation_id, mail.send_seq)
                    .await
                    .map_err(retry)?;
            }
            outcome
        }
        Mail::BillingMoved(org, record) => notify_billing_moved(app, org, record, at).await,
        Mail::BudgetAlert(org, record, alert) => {
            let is_past = alert.month < Month::of(app.clock.now());
            app.notify_owners(org, record, |org, owner| {
                orgs_mail::budget_alert(org, owner, &alert, is_past, app.mailer.settings())
            })
            .await
        }
    }
}

/// Mails the owners that billing moved, unless the daily limit is reached.
async fn notify_billing_moved(
    app: &AppState,
    org: OrgId,
    record: AuditId,
    at: DateTime<Utc>,
) -> Result<(), RetryableError> {
    if !app.store.may_notify(&org, record, at).await.map_err(retry)? {
        tracing::warn!(org_id = %org, audit_id = %record, "no mail to the owners: the daily limit of billing notices is reached");
        return Ok(());
    }
    app.notify_owners(org, record, |org, owner| {
        orgs_mail::billing_moved(org, owner, app.mailer.settings())
    })
    .await
}

async fn send_invitation(app: &AppState, mail: InvitationMail) -> Result<(), RetryableError> {
    let InvitationMail { org_id, invitation_id, send_seq } = mail;
    let secrets = Secrets {
        link: Secret::generate().map_err(retry)?,
        opt_out: Secret::generate().map_err(retry)?,
    };
    let (hashes, now) = ([&secrets.link.hash(), &secrets.opt_out.hash()], app.clock.now());
    let pending = app
        .store
        .add_secrets(&org_id, &invitation_id, send_seq, hashes, now)
        .await
        .map_err(retry)?;
    let Some(invitation) = pending else { return Ok(()) };
    let message =
        orgs_mail::invitation(&invitation, secrets, app.mailer.settings()).map_err(retry)?;
    let Err(error) = app.mailer.send(&message, now).await else {
        return app.store.mark_sent(&org_id, &invitation_id, send_seq).await.map_err(retry);
    };
    tracing::error!(%error, "SES did not take the invitation");
    app.metrics.record(Metric::MailFailures, 1);
    match error {
        MailError::Refused(_) => {
            app.store.mark_failed(&org_id, &invitation_id, send_seq).await.map_err(retry)
        }
        MailError::Unavailable(reason) => Err(RetryableError(reason)),
    }
}

fn retry(error: impl std::fmt::Display) -> RetryableError {
    RetryableError(error.to_string())
}
