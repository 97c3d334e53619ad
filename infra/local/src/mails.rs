//! The mails page `/local/mails`: a preview of each kind of mail, and the mails that the host sent.

use std::sync::Arc;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use orgs_domain::billing::PaidBy;
use orgs_domain::budget_alert::{BudgetAlert, Reason};
use orgs_domain::invitation::{Delivery, ExpiresInDays, Inviter, State as InvitationState};
use orgs_domain::name::Metadata;
use orgs_domain::token::Secret;
use orgs_domain::{
    Credits, EmailAddress, InvalidError, Invitation, InvitationId, Member, Month, Org, OrgId,
    OrgName, Person, Role, UserId, org,
};
use orgs_mail::{self, MailSettings, Message, Secrets};
use serde_json::Value;
use uuid::Uuid;

use crate::state::State;

/// The handler of the pages under `/local/mails`.
#[derive(Debug)]
pub(crate) struct Mails {
    pub(crate) state: Arc<State>,
    pub(crate) settings: MailSettings,
}

#[derive(Template)]
#[template(path = "mails.html")]
struct Index {
    sent: Vec<Sent>,
}

/// A row of the list of sent mails.
struct Sent {
    id: i64,
    to: String,
    subject: String,
    at: String,
}

impl Mails {
    /// Returns the page `/local/<name>`. `None` if it is not one of the mail pages.
    pub(crate) fn page(&self, name: &str) -> Option<Response> {
        let (kind, text) = match name {
            "mails" => ("text/html; charset=utf-8", self.index()?),
            mail => {
                let (mail, form) = mail.strip_prefix("mails/")?.rsplit_once('.')?;
                let [html, text] = match mail.strip_prefix("sent/") {
                    Some(id) => self.sent(id.parse().ok()?)?,
                    None => self.preview(mail)?,
                };
                match form {
                    "html" => ("text/html; charset=utf-8", html),
                    "txt" => ("text/plain; charset=utf-8", text),
                    _ => return None,
                }
            }
        };
        // Mail programs run no scripts, so the previews run none either.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src *";
        Some(
            (
                [
                    (header::CONTENT_TYPE, kind),
                    (header::CONTENT_SECURITY_POLICY, policy),
                    (header::CACHE_CONTROL, "no-store"),
                ],
                text,
            )
                .into_response(),
        )
    }

    /// Returns the list of previews and sent mails.
    fn index(&self) -> Option<String> {
        let sent = self.state.numbered_mails().ok()?.into_iter().filter_map(|(id, mail)| {
            let mail: Value = serde_json::from_str(&mail).ok()?;
            let text = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
            Some(Sent { id, to: text("to"), subject: text("subject"), at: text("sent_at") })
        });
        Index { sent: sent.collect() }.render().ok()
    }

    /// Returns the HTML and the text of a sent mail.
    fn sent(&self, id: i64) -> Option<[String; 2]> {
        let mail: Value = serde_json::from_str(&self.state.mail(id).ok()??).ok()?;
        Some([mail["html"].as_str()?.to_owned(), mail["text"].as_str()?.to_owned()])
    }

    /// Returns the HTML and the text of a kind of mail, with the host's settings and sample data.
    fn preview(&self, kind: &str) -> Option<[String; 2]> {
        let at = DateTime::UNIX_EPOCH + chrono::Duration::days(20_500);
        let (org, owner) = owned(at).ok()?;
        let message: Message = match kind {
            "invitation" => {
                let secrets =
                    Secrets { link: Secret::generate().ok()?, opt_out: Secret::generate().ok()? };
                orgs_mail::invitation(&sample(at).ok()?, secrets, &self.settings)
            }
            "budget" => {
                let alert = sample_alert(at).ok()?;
                orgs_mail::budget_alert(&org, &owner, &alert, false, &self.settings)
            }
            "billing" => orgs_mail::billing_moved(&org, &owner, &self.settings),
            _ => return None,
        }
        .ok()?;
        Some([message.html, message.text])
    }
}

/// Returns a sample organization with the billing mode `independent`, and its owner.
fn owned(at: DateTime<Utc>) -> Result<(Org, Member), Box<dyn std::error::Error>> {
    let ann = Person {
        user_id: UserId::parse("ann")?,
        email: Some(EmailAddress::parse("ann@example.com")?),
        email_verified: true,
        name: Some("Ann Example".to_owned()),
    };
    let created = org::create(
        OrgId::new(Uuid::nil()),
        OrgName::parse("Acme")?,
        None,
        Metadata::default(),
        &ann,
        at,
    )?;
    let mut org = created.org().clone();
    org.billing = org.billing.moved(&org.id, PaidBy::Independent, at);
    Ok((org, created.owner().clone()))
}

/// Returns a sample alert with all kinds of reasons that can occur together.
fn sample_alert(at: DateTime<Utc>) -> Result<BudgetAlert, InvalidError> {
    let hour_credits = Credits::parse("25")?;
    Ok(BudgetAlert {
        month: Month::of(at),
        monthly_credits: Credits::parse("1000")?,
        enforce: true,
        spent: Credits::parse("812.5")?,
        reasons: vec![
            Reason::Threshold { percent: 80 },
            Reason::BurnRate { hour_credits, expected_credits: Credits::parse("2500")? },
            Reason::Anomaly { hour_credits, usual_credits: Credits::parse("1.5")? },
        ],
    })
}

/// Returns a sample invitation.
fn sample(at: DateTime<Utc>) -> Result<Invitation, InvalidError> {
    Ok(Invitation {
        id: InvitationId::new(Uuid::nil()),
        org_id: OrgId::new(Uuid::nil()),
        org_name: "Acme".to_owned(),
        email: EmailAddress::parse("bob@example.com")?,
        role: Role::Administrator,
        state: InvitationState::Pending,
        delivery: Delivery::Queued,
        invited_by: Inviter { user_id: UserId::parse("ann")?, name: "Ann Example".to_owned() },
        accepted_by: None,
        created_at: at,
        expires_at: at + chrono::Duration::days(7),
        validity: ExpiresInDays::default(),
        send_seq: 1,
        sent_seq: 0,
        secrets: Vec::new(),
        opt_outs: Vec::new(),
        version: 1,
    })
}
