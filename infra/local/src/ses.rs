//! Stands in for SES: accepts `SendRawEmail` and stores the mails in an outbox.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use mail_parser::{Address, MessageParser};
use orgs_domain::{Clock, EmailAddress};
use serde_json::{Map, Value, json};

use crate::service::{Answer, Service};
use crate::state::State;

/// The SES endpoint. Mails go to the outbox, which `/local/outbox` and `/local/mails` show.
#[derive(Debug)]
pub(crate) struct Outbox {
    state: Arc<State>,
    clock: Clock,
    /// The only allowed sender: the condition `ses:FromAddress` of the functions' roles.
    sender: String,
    faults: Mutex<MailFaults>,
    /// The number of valid `SendRawEmail` calls, including those that a fault fails.
    calls: AtomicU32,
}

/// The faults of SES, for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailFaults {
    /// No fault.
    #[default]
    None,
    /// SES rejects every mail with `MessageRejected`.
    Rejected,
    /// SES is unavailable (503) for the first n calls.
    Away(u32),
    /// SES sends the first n mails but answers 503, as if the response were lost.
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

    /// Ends the faults for all later calls.
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
            return refuse("InvalidAction", "the only supported action is SendRawEmail");
        }
        let raw = field("RawMessage.Data")
            .and_then(|data| base64::engine::general_purpose::STANDARD.decode(data).ok());
        let Some(mut mail) = raw.as_deref().and_then(|raw| read(raw, &self.clock)) else {
            return refuse("InvalidParameterValue", "the message is not a valid mail");
        };
        if mail["from"] != self.sender.as_str() {
            return refuse(
                "AccessDenied",
                "the role may not send from this address (condition ses:FromAddress)",
            );
        }
        // SES repeats the tags in its reports.
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
                tracing::error!(%error, "mail not stored");
                xml(500, String::new())
            }
        }
    }
}

/// Returns the key of an address in the outbox: its canonical form, as in the rest of the product.
/// An invalid address is its own key.
pub(crate) fn recipient_key(address: &str) -> String {
    EmailAddress::parse(address)
        .map_or_else(|_| address.to_owned(), |address| address.canonical().to_owned())
}

/// Parses a raw mail into the JSON of the outbox. `None` if it is not a mail, or if the sender or
/// the recipient is missing.
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

/// Returns a client error in SES's format.
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
    fn mail_from_an_address_that_the_roles_do_not_allow_is_refused() {
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
