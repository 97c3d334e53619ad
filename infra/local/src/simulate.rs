//! The command `simulate`: sends realistic usage events to a host, and compares every report with
//! them, to the millionth of a credit.
//!
//! A few of the organizations are busy. Some events are late, some are twice in a request, some
//! requests are repeated after a response that was ignored, and some events are voided. Some events
//! capture holds, and some runs are killed and leave their hold open. Halfway, another account begins to
//! pay for some of the organizations; all events are older than that, so it pays for none of them.
//! The expected reports are calculated here from the sent events alone.

mod compare;
mod traffic;

use std::time::Duration;

use clap::Args;
use futures::stream::{self, StreamExt, TryStreamExt};
use indicatif::{ProgressBar, ProgressStyle};
use orgs_domain::Clock;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::Instant;

use traffic::{Call, Chance, Expected, traffic};

/// The largest number of concurrent calls.
const CONCURRENT_CALLS_MAX: usize = 8;
/// The number of attempts for a call that gets no response, a 429 or a 5xx.
const ATTEMPTS_MAX: u32 = 30;
/// The largest number of organizations that one person creates.
const ORGS_PER_OWNER_MAX: u64 = 50;

/// The arguments of `simulate`.
#[derive(Debug, Clone, Args)]
pub struct Simulate {
    /// URL of the host to test; a new host in memory by default
    #[arg(long)]
    pub url: Option<String>,
    /// Number of organizations to create
    #[arg(long, default_value_t = 20)]
    orgs: u64,
    /// Number of different events to send
    #[arg(long, default_value_t = 10_000)]
    events: u64,
    /// Largest number of events per second
    #[arg(long, default_value_t = 2_000)]
    rate: u64,
    /// Seed of the random generator: another seed makes other traffic
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Token of the person who creates the organizations (at most 50); the local host signs its own
    /// tokens
    #[arg(long, requires = "service_token")]
    owner_token: Option<String>,
    /// Token of a service client with the scopes usage:write and usage:void; the local host signs
    /// its own tokens
    #[arg(long, requires = "owner_token")]
    service_token: Option<String>,
}

/// An error of the simulation: a call failed, or a report differs from the sent events.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(String);

fn failed(error: impl std::fmt::Display) -> Failed {
    Failed(error.to_string())
}

/// An organization, with the index of its owner's token in [`Host::owners`].
struct Org {
    id: String,
    owner: usize,
}

/// The host under test, with the tokens for it.
struct Host {
    client: Client,
    url: String,
    /// The tokens of the owners.
    owners: Vec<String>,
    /// The token of the service client.
    service: String,
}

/// Sends the traffic, requests every report, and returns a table of the sent and the reported
/// usage.
///
/// # Errors
/// [`Failed`] if a call fails. If a report differs, the error contains the table.
pub async fn simulate(options: &Simulate, url: &str) -> Result<String, Failed> {
    let host = Host::new(options, url).await?;
    let orgs = host.orgs(options.orgs).await?;
    let mut chance = Chance(options.seed);
    let now = Clock::system().now();
    let mut expected = vec![Expected::default(); orgs.len()];
    let calls = traffic(options, &mut chance, now, &mut expected);
    let bar = ProgressBar::new(calls.len() as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} calls, {elapsed}, {eta} left")
        .map_err(failed)?;
    bar.set_style(style);
    let began = Instant::now();
    let mut due = Duration::ZERO;
    let paced = calls.into_iter().map(|call| {
        let at = began + due;
        if let Call::Record(_, events) = &call {
            due += Duration::from_micros(events.len() as u64 * 1_000_000 / options.rate.max(1));
        }
        let impatient = chance.is(3);
        (call, at, impatient)
    });
    // A hold is created before its event is sent, and an event is voided after that.
    let (holds, others): (Vec<_>, Vec<_>) =
        paced.partition(|(call, ..)| matches!(call, Call::Hold(..)));
    let (mut records, voids): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|(call, ..)| matches!(call, Call::Record(..)));
    let late = records.split_off(records.len() / 2);
    let (host, orgs, progress) = (&host, &orgs, &bar);
    for (part, calls) in [holds, records, late, voids].into_iter().enumerate() {
        if part == 2 {
            host.move_billing(orgs).await?;
        }
        let sent = stream::iter(calls).map(|(call, at, impatient)| async move {
            tokio::time::sleep_until(at).await;
            host.send(&orgs[call.org()].id, &call, impatient).await?;
            progress.inc(1);
            Ok::<(), Failed>(())
        });
        sent.buffer_unordered(CONCURRENT_CALLS_MAX).try_collect::<()>().await?;
    }
    bar.finish_and_clear();
    host.compare(orgs, &expected, now, began.elapsed()).await
}

impl Host {
    /// Uses the tokens of the arguments, or requests tokens from the local host.
    async fn new(options: &Simulate, url: &str) -> Result<Self, Failed> {
        let (client, url) = (Client::new(), url.trim_end_matches('/').to_owned());
        if let (Some(owner), Some(service)) = (&options.owner_token, &options.service_token) {
            return Ok(Self { client, url, owners: vec![owner.clone()], service: service.clone() });
        }
        let mut host = Self { client, url, owners: Vec::new(), service: String::new() };
        host.service = host
            .token(
                &json!({"sub": "simulated meter", "scope": "usage:write usage:void", "ttl_seconds": 86_400}),
            )
            .await?;
        let run = Clock::system().now().timestamp_millis();
        for n in 0..options.orgs.div_ceil(ORGS_PER_OWNER_MAX) {
            let owner = json!({"sub": format!("simulated-{run}-{n}"), "email": format!("simulated-{run}-{n}@example.com"), "email_verified": true, "ttl_seconds": 86_400});
            let token = host.token(&owner).await?;
            host.owners.push(token);
        }
        Ok(host)
    }

    /// Requests a token with these claims from the local host.
    async fn token(&self, claims: &Value) -> Result<String, Failed> {
        let response = self
            .client
            .post(format!("{}/local/token", self.url))
            .body(claims.to_string())
            .send()
            .await
            .map_err(failed)?;
        let answer: Value = response.json().await.map_err(|_| {
            failed("the host signs no tokens: set --owner-token and --service-token")
        })?;
        answer["access_token"].as_str().map(str::to_owned).ok_or_else(|| failed(&answer))
    }

    /// Calls a route, and retries while there is no response, a 429 or a 5xx. An `impatient` call
    /// gives up its first attempt after 3 milliseconds, so that the host gets it twice.
    async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
        impatient: bool,
    ) -> Result<Value, Failed> {
        let mut last = String::new();
        for attempt in 0..ATTEMPTS_MAX {
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
                    last = answer.status().to_string();
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
        Err(Failed(format!("{method} {path}: no success after {ATTEMPTS_MAX} attempts: {last}")))
    }

    /// Creates the organizations, each with an enforced budget.
    async fn orgs(&self, count: u64) -> Result<Vec<Org>, Failed> {
        let mut orgs = Vec::new();
        for n in 0..count {
            let owner = usize::try_from(n / ORGS_PER_OWNER_MAX)
                .unwrap_or_default()
                .min(self.owners.len() - 1);
            let body = json!({"name": format!("Simulated {n}")});
            let org = self
                .call(Method::POST, "/v1/orgs", &self.owners[owner], Some(&body), false)
                .await?;
            let id = org["id"].as_str().unwrap_or_default().to_owned();
            // A budget that suffices for all holds.
            let budget =
                json!({"monthly_credits": "1000000000", "thresholds": [], "enforce": true});
            let path = format!("/v1/orgs/{id}/budget");
            self.call(Method::PUT, &path, &self.owners[owner], Some(&budget), false).await?;
            orgs.push(Org { id, owner });
        }
        Ok(orgs)
    }

    /// Makes every third organization pay for itself.
    async fn move_billing(&self, orgs: &[Org]) -> Result<(), Failed> {
        let body = json!({"mode": "independent"});
        for org in orgs.iter().step_by(3) {
            let path = format!("/v1/orgs/{}/billing", org.id);
            self.call(Method::PUT, &path, &self.owners[org.owner], Some(&body), false).await?;
        }
        Ok(())
    }

    /// Sends a call and checks the status of each event.
    async fn send(&self, org: &str, call: &Call, impatient: bool) -> Result<(), Failed> {
        let (path, body) = match call {
            Call::Hold(_, body) => (format!("/v1/orgs/{org}/holds"), body.clone()),
            Call::Record(_, events) => {
                (format!("/v1/orgs/{org}/usage/events"), json!({"events": events}))
            }
            Call::Void(_, ids) => (format!("/v1/orgs/{org}/usage/void"), json!({"ids": ids})),
        };
        let answer = self.call(Method::POST, &path, &self.service, Some(&body), impatient).await?;
        let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        let unexpected = results.iter().find(|result| {
            !matches!(
                result["status"].as_str(),
                Some("accepted" | "duplicate" | "voided" | "already_voided")
            )
        });
        unexpected.map_or(Ok(()), |result| Err(failed(result)))
    }
}
