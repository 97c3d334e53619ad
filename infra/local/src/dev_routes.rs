//! The routes under `/local/`: tokens and an issuer of them, mails, what SES reports, the clock.
//! They answer on a loopback address only, and exist in no Lambda.

use std::sync::Arc;

use aws_lambda_events::sns::SnsEvent;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use orgs_runtime::domain::{Clock, EmailAddress};
use orgs_runtime::{AppState, Function};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::gateway::{json_response, message, text_response};
use crate::identity::TokenRequest;
use crate::mails::Mails;
use crate::oidc::Issuer;
use crate::ses::recipient_key;
use crate::state::State;

/// The furthest that the clock moves at once, forth or back: a thousand years.
const FURTHEST_SECONDS: i64 = 1000 * 365 * 86_400;

/// What the control routes control.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) issuer: Issuer,
    pub(crate) mails: Mails,
    pub(crate) clock: Clock,
    pub(crate) state: Arc<State>,
    /// What a function outside the host is started with, to work on the host's data: `NAME=value`
    /// lines.
    pub(crate) environment: String,
    /// What runs when an hour is full.
    pub(crate) hourly: Vec<(Function, Arc<AppState>)>,
    /// Who is told what became of mails.
    pub(crate) feedback: Vec<(Function, Arc<AppState>)>,
}

/// What SES is to report of the last mail to an address, or of the one with this number among an
/// invitation's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    to: String,
    r#type: ReportType,
    send_seq: Option<u32>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum ReportType {
    Bounce,
    Complaint,
    Delivery,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveClock {
    advance_seconds: i64,
}

impl Control {
    /// The answer of the route `/local/<name>`; nothing where there is none.
    pub(crate) async fn answer(&self, parts: &Parts, name: &str, body: &[u8]) -> Option<Response> {
        let host =
            parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !is_local_host(host) {
            return None;
        }
        if let Some(name) = name.strip_prefix("oidc/") {
            return self.issuer.answer(parts, name, body);
        }
        if let ("GET", Some(page)) = (parts.method.as_str(), self.mails.page(name)) {
            return Some(page);
        }
        if let ("GET", "environment") = (parts.method.as_str(), name) {
            return Some(text_response(&self.environment));
        }
        let answer = match (parts.method.as_str(), name) {
            ("POST", "token") => parse(body).and_then(|request| self.token(&request)),
            ("POST", "clock") => match parse(body) {
                Ok(request) => self.move_clock(&request).await,
                Err(error) => Err(error),
            },
            ("POST", "feedback") => match parse(body) {
                Ok(report) => self.report(&report).await,
                Err(error) => Err(error),
            },
            ("GET", "events") => self.events(),
            ("GET", "outbox") => self.outbox(parts.uri.query().unwrap_or_default()),
            _ => return None,
        };
        Some(match answer {
            Ok(body) => json_response(StatusCode::OK, body.to_string()),
            Err(error) => message(StatusCode::UNPROCESSABLE_ENTITY, &error),
        })
    }

    /// What was published, newest first.
    fn events(&self) -> Result<Value, String> {
        let events = self.state.events().map_err(|error| error.to_string())?;
        let events: Result<Vec<Value>, _> =
            events.iter().map(|event| serde_json::from_str(event)).collect();
        Ok(json!({"data": events.map_err(|error| error.to_string())?}))
    }

    fn token(&self, request: &TokenRequest) -> Result<Value, String> {
        let token = self
            .issuer
            .identity
            .sign(request, None, self.clock.now())
            .map_err(|error| error.to_string())?;
        if let Some(address) = request.email().and_then(|email| EmailAddress::parse(email).ok()) {
            self.state
                .remember(address.canonical(), &json!(request).to_string())
                .map_err(|error| error.to_string())?;
        }
        Ok(
            json!({"access_token": token, "token_type": "Bearer", "expires_in": request.ttl_seconds}),
        )
    }

    async fn move_clock(&self, request: &MoveClock) -> Result<Value, String> {
        let seconds = request.advance_seconds;
        if !(-FURTHEST_SECONDS..=FURTHEST_SECONDS).contains(&seconds) {
            return Err("advance_seconds is too far".to_owned());
        }
        let before = self.clock.now();
        self.clock.advance(seconds * 1000);
        let shift = self.clock.now().timestamp_millis() - Clock::system().now().timestamp_millis();
        self.state.set("clock_shift", &shift.to_le_bytes()).map_err(|error| error.to_string())?;
        let now = self.clock.now();
        if now.timestamp().div_euclid(3600) > before.timestamp().div_euclid(3600) {
            // A job that fails does not keep the others from running.
            let mut failed = Vec::new();
            for (function, app) in &self.hourly {
                failed
                    .extend(function.run_schedule(app).await.err().map(|error| error.to_string()));
            }
            if !failed.is_empty() {
                return Err(failed.join("; "));
            }
        }
        Ok(json!({"now": now}))
    }

    /// Hands SES's report over as SNS does.
    async fn report(&self, report: &Report) -> Result<Value, String> {
        let to = recipient_key(&report.to);
        let mails = self.state.mails(Some(&to)).map_err(|error| error.to_string())?;
        let mut mails = mails.iter().filter_map(|mail| serde_json::from_str::<Value>(mail).ok());
        let seq = report.send_seq.map(|seq| json!([seq.to_string()]));
        let is_meant =
            |mail: &Value| seq.as_ref().is_none_or(|seq| mail["tags"]["send_seq"] == *seq);
        let mail = mails.find(is_meant).ok_or("no mail went to this address")?;
        let kind = format!("{:?}", report.r#type);
        let mut event = json!({
            "eventType": kind,
            "mail": {"timestamp": mail["sent_at"], "messageId": "local", "source": mail["from"], "destination": [to], "tags": mail["tags"]},
        });
        event[kind.to_lowercase()] = match report.r#type {
            ReportType::Bounce => {
                json!({"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": to}]})
            }
            ReportType::Complaint => json!({"complainedRecipients": [{"emailAddress": to}]}),
            ReportType::Delivery => json!({"recipients": [to]}),
        };
        let record = json!({"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": "arn:aws:sns:local", "Sns": {
            "Type": "Notification", "MessageId": "local", "TopicArn": "arn:aws:sns:local", "Subject": "Amazon SES Email Event Notification",
            "Message": event.to_string(), "Timestamp": self.clock.now(), "SignatureVersion": "1", "Signature": "", "SigningCertUrl": "",
            "UnsubscribeUrl": "", "MessageAttributes": {},
        }});
        for (function, app) in &self.feedback {
            let event: SnsEvent = serde_json::from_value(json!({"Records": [record]}))
                .map_err(|error| error.to_string())?;
            function.report(app, event).await.map_err(|error| error.to_string())?;
        }
        Ok(json!({"reported": kind}))
    }

    fn outbox(&self, query: &str) -> Result<Value, String> {
        let to = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "to")
            .map(|(_, to)| recipient_key(&to));
        let mails = self.state.mails(to.as_deref()).map_err(|error| error.to_string())?;
        let mails: Vec<Value> =
            mails.iter().filter_map(|mail| serde_json::from_str(mail).ok()).collect();
        Ok(json!({"data": mails}))
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// A page elsewhere could have its name lead here: the host has to be named as this machine.
pub(crate) fn is_local_host(host: &str) -> bool {
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    name == "localhost"
        || name
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}
