//! Runs actions for messages of the mail queue: requests for mails.

use chrono::{DateTime, Utc};
use lambda_http::aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use orgs_domain::budget_alert::BudgetAlert;
use orgs_domain::{AuditId, InvitationId, OrgId};
use serde::Deserialize;
use tracing::Instrument;

use crate::action::{Function, Handler};
use crate::app_state::AppState;
use crate::messages::{InvitationMail, Mail, MailRequest};
use crate::metrics::Metric;
use crate::triggers::stream::{BatchFailures, log_outcome};

/// The body of a message: a part of the event that the rule sends to the queue.
#[derive(Deserialize)]
struct Body {
    org_id: OrgId,
    audit_id: AuditId,
    at: DateTime<Utc>,
    mail: Asked,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Invitation { invitation_id: InvitationId, send_seq: u32 },
    Notice(Notice),
}

#[derive(Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
enum Notice {
    BillingMoved,
    BudgetAlert { alert: BudgetAlert },
}

impl MailRequest {
    fn read(body: &str) -> serde_json::Result<Self> {
        let Body { org_id, audit_id, at, mail } = serde_json::from_str(body)?;
        let mail = match mail {
            Asked::Invitation { invitation_id, send_seq } => {
                Mail::Invitation(InvitationMail { org_id, invitation_id, send_seq })
            }
            Asked::Notice(Notice::BillingMoved) => Mail::BillingMoved(org_id, audit_id),
            Asked::Notice(Notice::BudgetAlert { alert }) => {
                Mail::BudgetAlert(org_id, audit_id, alert)
            }
        };
        Ok(Self { at, mail })
    }
}

impl Function {
    /// Handles a batch of the mail queue. It sends one mail after the other, because SES limits the
    /// mails per second. Returns the failed messages, and those that cannot be read.
    pub async fn receive(&self, app: &AppState, event: SqsEvent) -> BatchFailures {
        let mut failed = Vec::new();
        for message in event.records {
            if let Err(id) = self.receive_one(app, message).await {
                failed.push(id);
            }
        }
        BatchFailures::of(app, failed)
    }

    /// Handles a message. The error is the id of a message to retry.
    async fn receive_one(&self, app: &AppState, message: SqsMessage) -> Result<(), String> {
        let id = message.message_id.unwrap_or_default();
        let Handler::Mail(handle) = self.handler else { return Ok(()) };
        let request = MailRequest::read(message.body.as_deref().unwrap_or_default()).map_err(|error| {
            tracing::error!(function = self.name, message_id = id, %error, "the message is not a request for a mail");
            app.metrics.record(Metric::InternalErrors, 1);
            id.clone()
        })?;
        let age = app.clock.now() - request.at;
        app.metrics
            .record(Metric::MailAge, u64::try_from(age.num_milliseconds()).unwrap_or_default());
        let (Mail::Invitation(InvitationMail { org_id, .. })
        | Mail::BillingMoved(org_id, _)
        | Mail::BudgetAlert(org_id, ..)) = request.mail;
        let span = tracing::info_span!("mail", function = self.name, %org_id, invitation_id = tracing::field::Empty);
        if let Mail::Invitation(InvitationMail { invitation_id, .. }) = request.mail {
            span.record("invitation_id", tracing::field::display(invitation_id));
        }
        let outcome = handle(app, request).instrument(span.clone()).await;
        log_outcome(&span, outcome).map_err(|_| id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_about_an_invitation_billing_or_a_budget() {
        let read = |mail: serde_json::Value| {
            let body = json!({
                "org_id": "org_019ab3c0d5e07f10a2b3c4d5e6f70812", "audit_id": "aud_019ab3c0d5e07f10a2b3c4d5e6f70813",
                "at": "2026-01-01T00:00:00Z", "mail": mail,
            });
            MailRequest::read(&body.to_string()).map(|request| request.mail)
        };
        let invitation =
            read(json!({"invitation_id": "inv_019ab3c0d5e07f10a2b3c4d5e6f70814", "send_seq": 2}))
                .unwrap();
        assert!(matches!(invitation, Mail::Invitation(InvitationMail { send_seq: 2, .. })));
        assert!(matches!(
            read(json!({"notice": "billing_moved", "send_seq": 1})).unwrap(),
            Mail::BillingMoved(..)
        ));
        let alert = json!({
            "month": "2026-11", "monthly_credits": "10", "enforce": true, "spent": "8",
            "reasons": [{"kind": "threshold", "percent": 80}],
        });
        let about_budget = read(json!({"notice": "budget_alert", "alert": alert})).unwrap();
        assert!(matches!(about_budget, Mail::BudgetAlert(.., alert) if alert.reasons.len() == 1));
        assert!(read(json!({"notice": "budget_alert"})).is_err());
        assert!(read(json!({"notice": "another"})).is_err());
        assert!(MailRequest::read("").is_err());
    }
}
