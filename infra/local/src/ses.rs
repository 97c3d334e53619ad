//! SES as far as it is used: `SendRawEmail`, into an outbox.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use mail_parser::{Address, MessageParser};
use orgs_runtime::domain::{Clock, EmailAddress};
use serde_json::{Map, Value, json};

use crate::service::{Answer, Service};
use crate::state::State;

/// The service.
#[derive(Debug)]
pub(crate) struct Outbox {
    state: Arc<State>,
    clock: Clock,
    /// The only allowed sender: the condition `ses:FromAddress` of the functions' roles.
    sender: String,
    faults: Mutex<MailFaults>,
    /// How many mails came.
    calls: AtomicU32,
}

/// What goes wrong with mail, for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailFaults {
    /// Nothing.
    #[default]
    None,
    /// Every mail is rejected.
    Rejected,
    /// The first so many calls are answered as if the service were away.
    Away(u32),
    /// The first so many mails are sent, and their answers lost.
    AnswerLost(u32),
}

impl Outbox {
    pub(crate) fn new(state: &Arc<State>, clock: &Clock, sender: &str, faults: MailFaults) -> Self {
        Self {
            state: Arc::clone(state),
            clock: clock.clone(),
            sender: sender.to_owned(),
            faults: Mutex::new(faults),
            calls: AtomicU32::new(0),
        }
    }

    /// Ends the faults.
    pub(crate) fn mend(&self) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = MailFaults::None;
    }
}

impl Service for Outbox {
    fn answer(&self, _: &str, body: &[u8]) -> Answer {
        let form: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| {
            form.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
        };
        if field("Action") != Some("SendRawEmail") {
            return refuse("InvalidAction", "this endpoint speaks SendRawEmail only");
        }
        let raw = field("RawMessage.Data")
            .and_then(|data| base64::engine::general_purpose::STANDARD.decode(data).ok());
        let Some(mut mail) = raw.as_deref().and_then(|raw| read(raw, &self.clock)) else {
            return refuse("InvalidParameterValue", "the message cannot be read");
        };
        if mail["from"] != self.sender.as_str() {
            return refuse("AccessDenied", "the role's condition on ses:FromAddress does not hold");
        }
        // What SES sends back with its reports.
        let tags = (1..).map_while(|i| {
            Some((
                field(&format!("Tags.member.{i}.Name"))?,
                [field(&format!("Tags.member.{i}.Value"))?],
            ))
        });
        mail["tags"] = tags
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect::<Map<String, Value>>()
            .into();
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let faults = *self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        match faults {
            MailFaults::Rejected => {
                return refuse("MessageRejected", "Email address is not verified.");
            }
            MailFaults::Away(calls) if call < calls => return xml(503, String::new()),
            MailFaults::None | MailFaults::Away(_) | MailFaults::AnswerLost(_) => {}
        }
        let recipient = mail["to"].as_str().map(recipient_key).unwrap_or_default();
        match self.state.add_mail(&recipient, &mail.to_string()) {
            Ok(()) if matches!(faults, MailFaults::AnswerLost(calls) if call < calls) => xml(503, String::new()),
            Ok(()) => xml(
                200,
                "<SendRawEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendRawEmailResult><MessageId>local</MessageId></SendRawEmailResult><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></SendRawEmailResponse>".to_owned(),
            ),
            Err(error) => {
                tracing::error!(%error, "a mail was not kept");
                xml(500, String::new())
            }
        }
    }
}

/// How addresses are compared in the outbox: as everywhere else.
pub(crate) fn recipient_key(address: &str) -> String {
    EmailAddress::parse(address)
        .map_or_else(|_| address.to_owned(), |address| address.canonical().to_owned())
}

fn read(raw: &[u8], clock: &Clock) -> Option<Value> {
    let message = MessageParser::default().parse(raw)?;
    let first = |address: Option<&Address<'_>>| {
        address.and_then(Address::first).and_then(|address| address.address()).map(str::to_owned)
    };
    let headers: Map<String, Value> =
        message.headers_raw().map(|(name, value)| (name.to_owned(), json!(value.trim()))).collect();
    Some(json!({
        "to": first(message.to())?,
        "from": first(message.from())?,
        "subject": message.subject().unwrap_or_default(),
        "text": message.body_text(0).unwrap_or_default(),
        "html": message.body_html(0).unwrap_or_default(),
        "headers": headers,
        "sent_at": clock.now(),
    }))
}

fn refuse(code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>local</RequestId></ErrorResponse>"
    );
    xml(400, body)
}

fn xml(status: u16, body: String) -> Answer {
    Answer { status, content_type: "text/xml", body: body.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_comes_from_the_sender_that_the_roles_allow() {
        let folder = tempfile::tempdir().unwrap();
        let state = Arc::new(State::open(&folder.path().join("data")).unwrap());
        let outbox = Outbox::new(&state, &Clock::system(), "team@example.com", MailFaults::None);
        let send = |from: &str| {
            let raw = format!(
                "From: \"Example\" <{from}>\r\nTo: bob@example.com\r\nSubject: Hello\r\n\r\nHi\r\n"
            );
            let data = base64::engine::general_purpose::STANDARD.encode(raw);
            let body = form_urlencoded::Serializer::new(String::new())
                .append_pair("Action", "SendRawEmail")
                .append_pair("RawMessage.Data", &data)
                .finish();
            let answer = outbox.answer("", body.as_bytes());
            (answer.status, String::from_utf8(answer.body).unwrap())
        };
        assert_eq!(send("team@example.com").0, 200);
        let (status, body) = send("ceo@example.com");
        assert!(status == 400 && body.contains("<Code>AccessDenied</Code>"), "{body}");
        assert_eq!(state.mails(None).unwrap().len(), 1);
    }
}
