//! Runs actions for reports of SES about mails: events of a configuration set, delivered by SNS.

use std::collections::HashMap;

use futures::future::try_join_all;
use lambda_http::aws_lambda_events::sns::{SnsEvent, SnsRecord};
use orgs_domain::invitation::Outcome;
use orgs_domain::{EmailAddress, InvitationId, OrgId};
use serde::Deserialize;
use tracing::Instrument;

use crate::action::{Function, Handler};
use crate::app_state::AppState;
use crate::messages::{Feedback, InvitationMail, RetryableError};
use crate::triggers::stream::log_outcome;

/// The fields of SES's event that the product uses:
/// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesEvent {
    #[serde(alias = "notificationType")]
    event_type: String,
    mail: SesMail,
    bounce: Option<SesBounce>,
}

#[derive(Deserialize)]
struct SesMail {
    #[serde(default)]
    destination: Vec<String>,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesBounce {
    bounce_type: String,
}

impl Feedback {
    /// Reads SES's event. Returns None if it is not a report on a mail of an invitation.
    fn read(message: &str) -> Option<Self> {
        let event: SesEvent = serde_json::from_str(message).ok()?;
        let tag = |name: &str| event.mail.tags.get(name).and_then(|values| values.first());
        let mail = InvitationMail {
            org_id: OrgId::parse(tag("org_id")?).ok()?,
            invitation_id: InvitationId::parse(tag("invitation_id")?).ok()?,
            send_seq: tag("send_seq")?.parse().ok()?,
        };
        let outcome = match event.event_type.as_str() {
            "Delivery" => Outcome::Delivered,
            "Complaint" => Outcome::Complained,
            "Bounce" if event.bounce.is_some_and(|bounce| bounce.bounce_type == "Transient") => {
                Outcome::BouncedForNow
            }
            "Bounce" => Outcome::Bounced,
            _ => return None,
        };
        // Each mail has one recipient.
        let recipient =
            event.mail.destination.first().and_then(|address| EmailAddress::parse(address).ok());
        Some(Self { mail, outcome, recipient })
    }
}

impl Function {
    /// Handles reports of SES. Skips messages that are not reports on mails of invitations.
    ///
    /// # Errors
    /// [`RetryableError`] if a report failed. Lambda then retries the whole event, so a report can
    /// be handled twice.
    pub async fn report(&self, app: &AppState, event: SnsEvent) -> Result<(), RetryableError> {
        try_join_all(event.records.into_iter().map(|record| self.report_one(app, record)))
            .await
            .map(drop)
    }

    async fn report_one(&self, app: &AppState, record: SnsRecord) -> Result<(), RetryableError> {
        let (Handler::Feedback(handle), Some(feedback)) =
            (self.handler, Feedback::read(&record.sns.message))
        else {
            tracing::info!(function = self.name, "not a report on a mail of an invitation");
            return Ok(());
        };
        let InvitationMail { org_id, invitation_id, .. } = feedback.mail;
        let span = tracing::info_span!("report", function = self.name, %org_id, %invitation_id, outcome = ?feedback.outcome);
        log_outcome(&span, handle(app, feedback).instrument(span.clone()).await)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn event(kind: &str, more: &Value) -> String {
        let mut event = json!({
            "eventType": kind,
            "mail": {
                "timestamp": "2026-01-01T00:00:00.000Z", "messageId": "0100", "destination": ["bob@example.com"],
                "tags": {
                    "ses:configuration-set": ["orgs"],
                    "org_id": ["org_019ab3c0d5e07f10a2b3c4d5e6f70812"],
                    "invitation_id": ["inv_019ab3c0d5e07f10a2b3c4d5e6f70813"],
                    "send_seq": ["2"],
                },
            },
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        event.to_string()
    }

    #[test]
    fn a_report_names_its_mail_by_the_mail_s_tags() {
        let read = Feedback::read(&event("Complaint", &json!({"complaint": {"feedbackId": "1"}})))
            .unwrap();
        assert_eq!((read.outcome, read.mail.send_seq), (Outcome::Complained, 2));
        assert_eq!(
            read.recipient.map(|address| address.canonical().to_owned()).as_deref(),
            Some("bob@example.com")
        );
    }

    #[test]
    fn a_bounce_is_for_good_or_for_now() {
        let bounce = |kind: &str| {
            Feedback::read(&event("Bounce", &json!({"bounce": {"bounceType": kind}})))
                .unwrap()
                .outcome
        };
        assert_eq!(bounce("Permanent"), Outcome::Bounced);
        assert_eq!(bounce("Undetermined"), Outcome::Bounced);
        assert_eq!(bounce("Transient"), Outcome::BouncedForNow);
    }

    #[test]
    fn what_is_no_report_on_an_invitation_is_passed_over() {
        for other in [
            "",
            "null",
            "Successfully validated SNS topic",
            "{}",
            &event("Open", &json!({})),
            &event("Send", &json!({})),
        ] {
            assert_eq!(Feedback::read(other), None, "{other}");
        }
        let untagged = event("Delivery", &json!({"mail": {"destination": ["bob@example.com"]}}));
        assert_eq!(Feedback::read(&untagged), None);
    }
}
