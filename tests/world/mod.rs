//! The host of one test, and the callers of its API.

mod answer;
mod documented;
mod dynamo;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use orgs_local::{Data, Dynamo, Faults, Host, HostOptions, MailFaults};
use orgs_runtime::Settings;
use reqwest::header::HeaderValue;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub(crate) use answer::Answer;
pub(crate) use dynamo::{Borrowed, fresh_prefix, request as dynamo_request};

/// The options of a test's host. All other settings have a deployment's defaults.
pub(crate) struct Options {
    pub(crate) orgs_per_creator: u32,
    pub(crate) invitations_per_inviter_hour: Option<u32>,
    pub(crate) invitations_per_recipient_day: Option<u32>,
    pub(crate) mail_faults: MailFaults,
    pub(crate) refused_events: u32,
    pub(crate) repeats_records: bool,
    pub(crate) data: Data,
    /// The origins of web pages that may call the API.
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// The issuer whose tokens are valid besides the host's own, and the accepted audiences.
    pub(crate) issuer: Option<String>,
    pub(crate) audiences: Vec<String>,
    /// The clients of that issuer whose scopes count.
    pub(crate) service_clients: &'static [&'static str],
    /// The faults of this test. They replace the faults that the suite runs with.
    pub(crate) faults: Option<Faults>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            orgs_per_creator: 50,
            invitations_per_inviter_hour: None,
            invitations_per_recipient_day: None,
            mail_faults: MailFaults::None,
            refused_events: 0,
            repeats_records: false,
            data: Data::Memory,
            cors_origins: Vec::new(),
            issuer: None,
            audiences: Vec::new(),
            service_clients: &[],
            faults: None,
        }
    }
}

/// A running host.
pub(crate) struct World {
    pub(crate) host: Host,
    client: Client,
    _borrowed: Option<dynamo::Borrowed>,
}

/// A caller of the API, with or without a token.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) url: String,
    client: Client,
    token: Option<String>,
}

/// Returns a setting of the whole suite, such as its faults or its DynamoDB: see `faults.rs`.
#[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
pub(crate) fn suite(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Prints, once for each reason, that tests are skipped. It writes directly to standard error,
/// because the test runner hides the output of passing tests.
pub(crate) fn skipped(reason: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap().insert(reason.to_owned()) {
        std::io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes()).unwrap();
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        // The test runner prints the warnings of the host if the test fails.
        drop(tracing_subscriber::fmt().with_test_writer().with_env_filter("warn").try_init());
        let mut settings = Settings::read(|_| None).unwrap();
        settings.limits.orgs_per_creator = options.orgs_per_creator;
        settings.limits.invitations_per_inviter_hour = options.invitations_per_inviter_hour;
        settings.limits.invitations_per_recipient_day = options.invitations_per_recipient_day;
        settings.page.issuer = options.issuer;
        let clients = options.service_clients.iter().map(|client| (*client).to_owned());
        settings.claims.service_clients = Some(clients.collect());
        let faults = options.faults.unwrap_or_else(|| match suite("ORGS_TEST_FAULTS").as_deref() {
            Some("conflict-first") => Faults::ConflictFirst,
            Some("answer-lost-first") => Faults::AnswerLostFirst,
            Some(other) => panic!("ORGS_TEST_FAULTS={other}"),
            None => Faults::None,
        });
        let dynamo = suite("ORGS_TEST_DYNAMODB")
            .map_or(Dynamo::Embedded, |url| Dynamo::At { url, prefix: dynamo::fresh_prefix() });
        let host = Host::start(HostOptions {
            data: options.data,
            frozen: true,
            cors_origins: options.cors_origins,
            audiences: options.audiences,
            dynamo,
            faults,
            mail_faults: options.mail_faults,
            refused_events: options.refused_events,
            repeats_records: options.repeats_records,
            ..HostOptions::new(settings)
        })
        .await
        .unwrap();
        let borrowed = suite("ORGS_TEST_DYNAMODB")
            .map(|url| dynamo::Borrowed { url, tables: host.tables().clone() });
        Self { host, client: Client::new(), _borrowed: borrowed }
    }

    /// Signs in a person with a verified address: `ann` is `ann@example.com` with the name `Ann`.
    pub(crate) async fn user(&self, id: &str) -> Caller {
        let mut name = id.to_owned();
        name[..1].make_ascii_uppercase();
        self.token(&json!({"sub": id, "email": format!("{id}@example.com"), "email_verified": true, "name": name})).await
    }

    /// Signs in a service client with a scope.
    pub(crate) async fn service(&self, scope: &str) -> Caller {
        self.token(&json!({"sub": "meter", "scope": scope})).await
    }

    /// Signs in a caller with the claims of a token request.
    pub(crate) async fn token(&self, request: &Value) -> Caller {
        let answer = self.local("POST", "token", request).await;
        let token =
            answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Caller { token: Some(token), ..self.nobody() }
    }

    /// Returns a caller with a token that the test made.
    pub(crate) fn bearer(&self, token: &str) -> Caller {
        Caller { token: Some(token.to_owned()), ..self.nobody() }
    }

    pub(crate) fn nobody(&self) -> Caller {
        Caller { url: self.host.url().to_owned(), client: self.client.clone(), token: None }
    }

    /// Calls a development route under `/local`, and returns the body.
    pub(crate) async fn local(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}/local/{path}", self.host.url());
        let answer = self
            .client
            .request(method.parse().unwrap(), url)
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        self.local("POST", "clock", &json!({"advance_seconds": seconds})).await;
    }

    pub(crate) async fn advance_days(&self, days: i64) {
        self.advance(days * 86_400).await;
    }

    /// Creates an organization as `owner`, and returns its id.
    pub(crate) async fn org(&self, owner: &Caller) -> String {
        owner.post("/v1/orgs", &json!({"name": "Acme"})).await.expect(201)["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Invites a person, accepts with the token in the mail, and returns the new member.
    pub(crate) async fn member(&self, org: &str, inviter: &Caller, id: &str, role: &str) -> Caller {
        let person = self.user(id).await;
        let token = self.invite(org, inviter, &format!("{id}@example.com"), role).await;
        person.post("/v1/invitations/accept", &json!({"token": token})).await.expect(200);
        person
    }

    /// Returns the id of an organization's newest invitation.
    pub(crate) async fn newest_invitation(&self, org: &str, viewer: &Caller) -> String {
        let list = viewer.get(&format!("/v1/orgs/{org}/invitations?limit=1")).await.expect(200);
        list["data"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Invites an address, and returns the token in the mail.
    pub(crate) async fn invite(
        &self,
        org: &str,
        inviter: &Caller,
        email: &str,
        role: &str,
    ) -> String {
        let before = self.mails(email).await.len();
        inviter
            .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": email, "role": role}))
            .await
            .expect(201);
        token_in(&self.mail(email, before).await)
    }

    /// Returns the mails to an address so far, newest first.
    pub(crate) async fn mails(&self, to: &str) -> Vec<Value> {
        let answer = self.local("GET", &format!("outbox?to={}", encoded(to)), &Value::Null).await;
        answer["data"].as_array().unwrap().clone()
    }

    /// Waits until an address has more than `before` mails, and returns the newest one.
    pub(crate) async fn mail(&self, to: &str, before: usize) -> Value {
        self.until("a mail", async || {
            let mails = self.mails(to).await;
            (mails.len() > before).then(|| mails[0].clone())
        })
        .await
    }

    /// Waits until the newest invitation has this delivery status, and returns it.
    pub(crate) async fn delivery(&self, org: &str, viewer: &Caller, wanted: &str) -> Value {
        self.until(wanted, async || {
            let list = viewer.get(&format!("/v1/orgs/{org}/invitations")).await.expect(200);
            (list["data"][0]["delivery"] == wanted).then(|| list["data"][0].clone())
        })
        .await
    }

    /// Calls `ask` until it returns a value. Panics after one minute.
    pub(crate) async fn until<T>(&self, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
        let asked = async {
            loop {
                if let Some(answer) = ask().await {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), asked)
            .await
            .unwrap_or_else(|_| panic!("timed out while waiting for {what}"))
    }
}

/// Returns the token in the link of a mail.
pub(crate) fn token_in(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let line = text.lines().find(|line| line.contains("/invitations#")).unwrap();
    line.split('#').nth(1).unwrap().to_owned()
}

/// Returns the opt-out token in the `List-Unsubscribe` header of a mail.
pub(crate) fn opt_out_in(mail: &Value) -> String {
    let header = mail["headers"]["List-Unsubscribe"].as_str().unwrap();
    let url = header.split(['<', '>']).nth(1).unwrap();
    url.rsplit('/').next().unwrap().to_owned()
}

/// Percent-encodes all bytes except ASCII letters and digits.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

impl Caller {
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let request =
            self.client.request(method.parse::<Method>().unwrap(), format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(&self.client, request).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        self.send(match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        })
        .await
    }

    /// Sends a request, and repeats it up to 20 times while the status is 503, as the API tells its
    /// callers to do. A slow database cannot resolve every conflict in time.
    pub(crate) async fn settled(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut answer = self.call(method, path, body).await;
        for _ in 0..20 {
            if answer.status == 503 {
                answer = self.call(method, path, body).await;
            }
        }
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None).await
    }

    /// Sends a request with an `Idempotency-Key`.
    pub(crate) async fn keyed(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        self.send(
            self.request(method, path)
                .header("idempotency-key", key)
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
        .await
    }
}
