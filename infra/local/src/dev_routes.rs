//! The dev routes under `/local/`: tokens, the OpenID Connect issuer, mails, events, SES reports,
//! the clock and the environment of functions outside the host.
//!
//! They exist only on the local host, and only if it listens on a loopback address.

use std::sync::Arc;

use aws_lambda_events::sns::SnsEvent;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use orgs_domain::{Clock, EmailAddress};
use orgs_runtime::{AppState, Function};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::identity::TokenRequest;
use crate::loopback::is_local_host;
use crate::mails::Mails;
use crate::oidc::Issuer;
use crate::respond::{json_response, message, text_response};
use crate::ses::recipient_key;
use crate::state::State;

/// The largest move of the clock in one request, forward or back: 1,000 years.
const CLOCK_MOVE_SECONDS_MAX: i64 = 1000 * 365 * 86_400;

/// The handler of the dev routes.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) issuer: Issuer,
    pub(crate) mails: Mails,
    pub(crate) clock: Clock,
    pub(crate) state: Arc<State>,
    /// The environment for a function that runs outside the host on the host's data: lines of
    /// `NAME=value`.
    pub(crate) environment: String,
    /// The scheduled functions. They run when the clock moves past a full hour.
    pub(crate) hourly: Vec<(Function, Arc<AppState>)>,
    /// The functions that receive SES reports.
    pub(crate) feedback: Vec<(Function, Arc<AppState>)>,
}

/// The body of `POST /local/feedback`: an SES report to simulate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    /// The recipient of the mail.
    to: String,
    r#type: ReportType,
    /// The number of the mail among an invitation's mails; the latest mail to the recipient by
    /// default.
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
    /// Answers `/local/<name>`. `None` if there is no such route, or if the `host` header does not
    /// name this machine.
    pub(crate) async fn answer(&self, parts: &Parts, name: &str, body: &[u8]) -> Option<Response> {
        let host =
            parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !is_local_host(host) {
            return None;
        }
        // A page of another site can send a form here. Only the token endpoint is for other origins.
        if parts.method != Method::GET && name != "oidc/token" && is_from_elsewhere(parts, host) {
            return Some(message(StatusCode::FORBIDDEN, "Forbidden"));
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

    /// Returns the published events, newest first.
    fn events(&self) -> Result<Value, String> {
        let events = self.state.events().map_err(|error| error.to_string())?;
        let events: Result<Vec<Value>, _> =
            events.iter().map(|event| serde_json::from_str(event)).collect();
        Ok(json!({"data": events.map_err(|error| error.to_string())?}))
    }

    /// Signs a token with the requested claims and stores the identity for the sign-in page.
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

    /// Moves the clock. Runs the scheduled functions once if it passes one or more full hours.
    async fn move_clock(&self, request: &MoveClock) -> Result<Value, String> {
        let seconds = request.advance_seconds;
        if !(-CLOCK_MOVE_SECONDS_MAX..=CLOCK_MOVE_SECONDS_MAX).contains(&seconds) {
            return Err(format!(
                "`advance_seconds` is not between -{CLOCK_MOVE_SECONDS_MAX} and {CLOCK_MOVE_SECONDS_MAX}"
            ));
        }
        let before = self.clock.now();
        self.clock.advance(seconds * 1000);
        let shift = self.clock.now().timestamp_millis() - Clock::system().now().timestamp_millis();
        self.state.set("clock_shift", &shift.to_le_bytes()).map_err(|error| error.to_string())?;
        let now = self.clock.now();
        if now.timestamp().div_euclid(3600) > before.timestamp().div_euclid(3600) {
            // If a job fails, the others still run.
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

    /// Delivers an SES report to the functions, in the format of SNS.
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

    /// Returns the sent mails, newest first; only those to the address in `to`, if it is given.
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

/// Returns true if a browser sent the request for a page of another origin.
fn is_from_elsewhere(parts: &Parts, host: &str) -> bool {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return false };
    let origin = origin.to_str().unwrap_or_default();
    origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) != Some(host)
}
