//! Mails to look at: a preview of each kind, and what was sent here.

use std::sync::Arc;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use orgs_http::domain::invitation::{Delivery, ExpiresInDays, Inviter, State as InvitationState};
use orgs_http::domain::token::Secret;
use orgs_http::domain::{EmailAddress, Invalid, Invitation, InvitationId, OrgId, Role, UserId};
use orgs_http::mail::{self, MailSettings, Message, Secrets};
use serde_json::Value;
use uuid::Uuid;

use crate::state::State;

/// What the pages are made from.
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

/// A mail that was sent here.
struct Sent {
    id: i64,
    to: String,
    subject: String,
    at: String,
}

impl Mails {
    /// The page `/local/<name>`; nothing where it is none of these.
    pub(crate) fn page(&self, name: &str) -> Option<Response> {
        let (kind, text) = match name {
            "mails" => ("text/html; charset=utf-8", self.index()?),
            "mails/invitation.html" => ("text/html; charset=utf-8", self.preview()?.html),
            "mails/invitation.txt" => ("text/plain; charset=utf-8", self.preview()?.text),
            sent => {
                let (id, kind) = sent.strip_prefix("mails/sent/")?.rsplit_once('.')?;
                let mail: Value = serde_json::from_str(&self.state.mail(id.parse().ok()?).ok()??).ok()?;
                match kind {
                    "html" => ("text/html; charset=utf-8", mail["html"].as_str()?.to_owned()),
                    "txt" => ("text/plain; charset=utf-8", mail["text"].as_str()?.to_owned()),
                    _ => return None,
                }
            }
        };
        // As a mail program would: no script.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src *";
        Some(
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")], text)
                .into_response(),
        )
    }

    fn index(&self) -> Option<String> {
        let sent = self.state.numbered_mails().ok()?.into_iter().filter_map(|(id, mail)| {
            let mail: Value = serde_json::from_str(&mail).ok()?;
            let text = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
            Some(Sent { id, to: text("to"), subject: text("subject"), at: text("sent_at") })
        });
        Index { sent: sent.collect() }.render().ok()
    }

    /// The invitation's mail with this host's settings, about nobody.
    fn preview(&self) -> Option<Message> {
        let secrets = Secrets { link: Secret::fresh().ok()?, opt_out: Secret::fresh().ok()? };
        mail::invitation(&sample().ok()?, secrets, &self.settings).ok()
    }
}

fn sample() -> Result<Invitation, Invalid> {
    let at = DateTime::UNIX_EPOCH + chrono::Duration::days(20_500);
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
        open_for: ExpiresInDays::default(),
        send_seq: 1,
        sent_seq: 0,
        secrets: Vec::new(),
        opt_outs: Vec::new(),
        version: 1,
    })
}
