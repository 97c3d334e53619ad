//! `simulate`: believable usage, sent to a host, and every report compared with what was sent, to
//! the millionth.
//!
//! Many organizations of which a few are busy; events that come late, twice in a call, or again
//! after an answer that nobody waited for; some that are taken back. What the reports are to say is
//! added up here, from what was sent alone.

mod compare;
mod traffic;

use std::time::Duration;

use clap::Args;
use futures::stream::{self, StreamExt, TryStreamExt};
use indicatif::{ProgressBar, ProgressStyle};
use orgs_runtime::domain::Clock;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::Instant;

use traffic::{Call, Chance, Event, traffic};

/// How many calls are under way at the same time.
const AT_ONCE: usize = 8;
/// How often a call is sent that was not answered, or answered 429 or 5xx.
const TRIES: u32 = 30;
/// How many organizations one person creates.
const EACH: u64 = 50;

/// What `simulate` is told.
#[derive(Debug, Clone, Args)]
pub struct Simulate {
    /// The host to send to; one of its own, in memory, where it is not said
    #[arg(long)]
    pub url: Option<String>,
    /// Organizations, which are made for this
    #[arg(long, default_value_t = 20)]
    orgs: u64,
    /// Events in all, beside those that are sent again
    #[arg(long, default_value_t = 10_000)]
    events: u64,
    /// Events in a second, at most
    #[arg(long, default_value_t = 2_000)]
    rate: u64,
    /// Another number makes other traffic
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The token of who owns the organizations, at most 50; a host on this machine gives its own
    #[arg(long, requires = "service_token")]
    owner_token: Option<String>,
    /// The token of a program with the scope usage:write; a host on this machine gives its own
    #[arg(long, requires = "owner_token")]
    service_token: Option<String>,
}

/// It could not be done, or a report differs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(String);

fn failed(error: impl std::fmt::Display) -> Failed {
    Failed(error.to_string())
}

/// An organization with its owner's token.
struct Org {
    id: String,
    owner: usize,
}

struct Host {
    client: Client,
    url: String,
    owners: Vec<String>,
    service: String,
}

/// Sends the traffic, asks for every report, and says in a table what was sent and what is
/// reported.
///
/// # Errors
/// [`Failed`], also with the table where anything differs.
pub async fn simulate(asked: &Simulate, url: &str) -> Result<String, Failed> {
    let host = Host::new(asked, url).await?;
    let orgs = host.orgs(asked.orgs).await?;
    let mut chance = Chance(asked.seed);
    let now = Clock::system().now();
    let mut events: Vec<Vec<Event>> = vec![Vec::new(); orgs.len()];
    let calls = traffic(asked, &mut chance, now, &mut events);
    let bar = ProgressBar::new(calls.len() as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} calls, {elapsed}, {eta} to go")
        .map_err(failed)?;
    bar.set_style(style);
    let began = Instant::now();
    let mut due = Duration::ZERO;
    let paced = calls.into_iter().map(|call| {
        let at = began + due;
        if let Call::Record(_, events) = &call {
            due += Duration::from_micros(events.len() as u64 * 1_000_000 / asked.rate.max(1));
        }
        let impatient = chance.is(3);
        (call, at, impatient)
    });
    // What is taken back was sent before.
    let (records, voids): (Vec<_>, Vec<_>) =
        paced.partition(|(call, ..)| matches!(call, Call::Record(..)));
    let (host, orgs, progress) = (&host, &orgs, &bar);
    for calls in [records, voids] {
        let sent = stream::iter(calls).map(|(call, at, impatient)| async move {
            tokio::time::sleep_until(at).await;
            host.send(&orgs[call.org()].id, &call, impatient).await?;
            progress.inc(1);
            Ok::<(), Failed>(())
        });
        sent.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    }
    bar.finish_and_clear();
    host.compare(orgs, &events, now, began.elapsed()).await
}

impl Host {
    async fn new(asked: &Simulate, url: &str) -> Result<Self, Failed> {
        let (client, url) = (Client::new(), url.trim_end_matches('/').to_owned());
        if let (Some(owner), Some(service)) = (&asked.owner_token, &asked.service_token) {
            return Ok(Self { client, url, owners: vec![owner.clone()], service: service.clone() });
        }
        let mut host = Self { client, url, owners: Vec::new(), service: String::new() };
        host.service = host
            .token(
                &json!({"sub": "simulated meter", "scope": "usage:write", "ttl_seconds": 86_400}),
            )
            .await?;
        let run = Clock::system().now().timestamp_millis();
        for n in 0..asked.orgs.div_ceil(EACH) {
            let owner = json!({"sub": format!("simulated-{run}-{n}"), "email": format!("simulated-{run}-{n}@example.com"), "email_verified": true, "ttl_seconds": 86_400});
            let token = host.token(&owner).await?;
            host.owners.push(token);
        }
        Ok(host)
    }

    async fn token(&self, who: &Value) -> Result<String, Failed> {
        let asked = self
            .client
            .post(format!("{}/local/token", self.url))
            .body(who.to_string())
            .send()
            .await
            .map_err(failed)?;
        let answer: Value = asked.json().await.map_err(|_| {
            failed("the host gives no tokens: name --owner-token and --service-token")
        })?;
        answer["access_token"].as_str().map(str::to_owned).ok_or_else(|| failed(&answer))
    }

    /// Calls until it is answered, again where that may help. Whoever is impatient does not wait
    /// for the first answer.
    async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
        impatient: bool,
    ) -> Result<Value, Failed> {
        let mut last = String::new();
        for attempt in 0..TRIES {
            let mut request = self
                .client
                .request(method.clone(), format!("{}{path}", self.url))
                .bearer_auth(token);
            if let Some(body) = body {
                request = request.header("content-type", "application/json").body(body.to_string());
            }
            if impatient && attempt == 0 {
                request = request.timeout(Duration::from_millis(3));
            }
            match request.send().await {
                Ok(answer) if answer.status().is_success() => {
                    return answer.json().await.map_err(failed);
                }
                Ok(answer) if answer.status().is_server_error() || answer.status() == 429 => {
                    last = answer.status().to_string()
                }
                Ok(answer) => {
                    return Err(Failed(format!(
                        "{method} {path}: {}",
                        answer.text().await.unwrap_or_default()
                    )));
                }
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt.min(6))).await;
        }
        Err(Failed(format!("{method} {path}: no answer after {TRIES} tries: {last}")))
    }

    async fn orgs(&self, count: u64) -> Result<Vec<Org>, Failed> {
        let mut orgs = Vec::new();
        for n in 0..count {
            let owner = usize::try_from(n / EACH).unwrap_or_default().min(self.owners.len() - 1);
            let body = json!({"name": format!("Simulated {n}")});
            let org = self
                .call(Method::POST, "/v1/orgs", &self.owners[owner], Some(&body), false)
                .await?;
            orgs.push(Org { id: org["id"].as_str().unwrap_or_default().to_owned(), owner });
        }
        Ok(orgs)
    }

    async fn send(&self, org: &str, call: &Call, impatient: bool) -> Result<(), Failed> {
        let (path, body) = match call {
            Call::Record(_, events) => {
                (format!("/v1/orgs/{org}/usage/events"), json!({"events": events}))
            }
            Call::Void(_, ids) => (format!("/v1/orgs/{org}/usage/void"), json!({"ids": ids})),
        };
        let answer = self.call(Method::POST, &path, &self.service, Some(&body), impatient).await?;
        let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        let odd = results.iter().find(|result| {
            !matches!(
                result["status"].as_str(),
                Some("accepted" | "duplicate" | "voided" | "already_voided")
            )
        });
        odd.map_or(Ok(()), |odd| Err(failed(odd)))
    }
}
