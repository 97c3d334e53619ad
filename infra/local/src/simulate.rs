//! `simulate`: believable usage, sent to a host, and every report compared with what was sent, to the millionth.
//!
//! Many organizations of which a few are busy; events that come late, twice in a call, or again after an answer that nobody waited for;
//! some that are taken back. What the reports are to say is added up here, from what was sent alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use clap::Args;
use futures::stream::{self, StreamExt, TryStreamExt};
use indicatif::{ProgressBar, ProgressStyle};
use orgs_http::domain::{Clock, Credits};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How many calls are under way at the same time.
const AT_ONCE: usize = 8;
/// The most events in a call.
const BATCH: u64 = 60;
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

/// Numbers that look like chance and are the same for the same seed (a linear congruence, by Knuth).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }

    fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// An organization with its owner's token.
struct Org {
    id: String,
    owner: usize,
}

/// An event, and what it is to be counted as.
#[derive(Clone)]
struct Event {
    id: String,
    at: DateTime<Utc>,
    kind: String,
    micro: u128,
    resource: Option<String>,
    member: Option<String>,
    voided: bool,
}

impl Event {
    fn sent(&self) -> Value {
        let mut sent = json!({
            "id": self.id, "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Millis, true), "kind": self.kind,
            "credits": Credits::from_micro(self.micro).to_string(),
        });
        for (name, value) in [("resource_id", &self.resource), ("user_id", &self.member)] {
            if let Some(value) = value {
                sent[name] = json!(value);
            }
        }
        sent
    }
}

/// A call that is to be made.
enum Call {
    Record(usize, Vec<Value>),
    Void(usize, Vec<String>),
}

/// What an event is told apart by.
type Group = fn(&Event) -> Option<String>;
/// A sum of usage.
type Sum = (u128, u64);

struct Host {
    client: Client,
    url: String,
    owners: Vec<String>,
    service: String,
}

/// Sends the traffic, asks for every report, and says in a table what was sent and what is reported.
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
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} calls, {elapsed}, {eta} to go").map_err(failed)?;
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
    let (records, voids): (Vec<_>, Vec<_>) = paced.partition(|(call, ..)| matches!(call, Call::Record(..)));
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

impl Call {
    fn org(&self) -> usize {
        match self {
            Self::Record(org, _) | Self::Void(org, _) => *org,
        }
    }
}

/// The calls, in the order in which they are sent, and the events in them, by organization.
fn traffic(asked: &Simulate, chance: &mut Chance, now: DateTime<Utc>, events: &mut [Vec<Event>]) -> Vec<Call> {
    let (mut calls, mut voids, mut made) = (Vec::new(), Vec::new(), 0);
    while made < asked.events {
        // The product of three: a few organizations have most of it.
        let share = (0..3).fold(asked.orgs.max(1), |most, _| chance.below(most) + 1) - 1;
        let org = usize::try_from(share).unwrap_or_default();
        let size = (1 + chance.below(BATCH)).min(asked.events - made);
        let mut batch = Vec::new();
        for _ in 0..size {
            let late = match chance.below(100) {
                0..80 => chance.below(60),
                80..95 => chance.below(6 * 3600),
                _ => chance.below(6 * 86_400),
            };
            let event = Event {
                id: format!("{}-{made}", asked.seed),
                at: now - TimeDelta::seconds(i64::try_from(late).unwrap_or_default()),
                kind: ["chat.completion", "embedding", "image", "search", "speech", "tool.run"]
                    [usize::try_from(chance.below(6)).unwrap_or_default()]
                .to_owned(),
                micro: u128::from(chance.below(5_000_000)),
                resource: chance.is(80).then(|| format!("agent-{}", chance.below(5))),
                member: chance.is(90).then(|| format!("member-{}", chance.below(8))),
                voided: chance.is(2),
            };
            made += 1;
            batch.push(event.sent());
            if chance.is(2) {
                batch.push(event.sent());
            }
            if event.voided {
                voids.push((org, event.id.clone()));
            }
            events[org].push(event);
        }
        if chance.is(5) {
            calls.push(Call::Record(org, batch.clone()));
        }
        calls.push(Call::Record(org, batch));
    }
    let mut by_org: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (org, id) in voids {
        by_org.entry(org).or_default().push(id);
    }
    for (org, ids) in by_org {
        for some in ids.chunks(100) {
            calls.push(Call::Void(org, some.to_vec()));
            if chance.is(20) {
                calls.push(Call::Void(org, some.to_vec()));
            }
        }
    }
    calls
}

impl Host {
    async fn new(asked: &Simulate, url: &str) -> Result<Self, Failed> {
        let (client, url) = (Client::new(), url.trim_end_matches('/').to_owned());
        if let (Some(owner), Some(service)) = (&asked.owner_token, &asked.service_token) {
            return Ok(Self { client, url, owners: vec![owner.clone()], service: service.clone() });
        }
        let mut host = Self { client, url, owners: Vec::new(), service: String::new() };
        host.service = host.token(&json!({"sub": "simulated meter", "scope": "usage:write", "ttl_seconds": 86_400})).await?;
        let run = Clock::system().now().timestamp_millis();
        for n in 0..asked.orgs.div_ceil(EACH) {
            let owner = json!({"sub": format!("simulated-{run}-{n}"), "email": format!("simulated-{run}-{n}@example.com"), "email_verified": true, "ttl_seconds": 86_400});
            let token = host.token(&owner).await?;
            host.owners.push(token);
        }
        Ok(host)
    }

    async fn token(&self, who: &Value) -> Result<String, Failed> {
        let asked = self.client.post(format!("{}/local/token", self.url)).body(who.to_string()).send().await.map_err(failed)?;
        let answer: Value = asked.json().await.map_err(|_| failed("the host gives no tokens: name --owner-token and --service-token"))?;
        answer["access_token"].as_str().map(str::to_owned).ok_or_else(|| failed(&answer))
    }

    /// Calls until it is answered, again where that may help. Whoever is impatient does not wait for the first answer.
    async fn call(&self, method: Method, path: &str, token: &str, body: Option<&Value>, impatient: bool) -> Result<Value, Failed> {
        let mut last = String::new();
        for attempt in 0..TRIES {
            let mut request = self.client.request(method.clone(), format!("{}{path}", self.url)).bearer_auth(token);
            if let Some(body) = body {
                request = request.header("content-type", "application/json").body(body.to_string());
            }
            if impatient && attempt == 0 {
                request = request.timeout(Duration::from_millis(3));
            }
            match request.send().await {
                Ok(answer) if answer.status().is_success() => return answer.json().await.map_err(failed),
                Ok(answer) if answer.status().is_server_error() || answer.status() == 429 => last = answer.status().to_string(),
                Ok(answer) => return Err(Failed(format!("{method} {path}: {}", answer.text().await.unwrap_or_default()))),
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
            let org = self.call(Method::POST, "/v1/orgs", &self.owners[owner], Some(&body), false).await?;
            orgs.push(Org { id: org["id"].as_str().unwrap_or_default().to_owned(), owner });
        }
        Ok(orgs)
    }

    async fn send(&self, org: &str, call: &Call, impatient: bool) -> Result<(), Failed> {
        let (path, body) = match call {
            Call::Record(_, events) => (format!("/v1/orgs/{org}/usage/events"), json!({"events": events})),
            Call::Void(_, ids) => (format!("/v1/orgs/{org}/usage/void"), json!({"ids": ids})),
        };
        let answer = self.call(Method::POST, &path, &self.service, Some(&body), impatient).await?;
        let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        let odd = results
            .iter()
            .find(|result| !matches!(result["status"].as_str(), Some("accepted" | "duplicate" | "voided" | "already_voided")));
        odd.map_or(Ok(()), |odd| Err(failed(odd)))
    }

    /// Compares every report with the sums of what was sent.
    async fn compare(&self, orgs: &[Org], events: &[Vec<Event>], now: DateTime<Utc>, took: Duration) -> Result<String, Failed> {
        let from = (now - TimeDelta::days(8)).format("%Y-%m-%dT00:00:00Z");
        let (mut rows, mut wrong) = (Vec::new(), Vec::new());
        let mut paid: BTreeMap<usize, BTreeMap<String, Sum>> = BTreeMap::new();
        for (org, events) in orgs.iter().zip(events) {
            let kept: Vec<&Event> = events.iter().filter(|event| !event.voided).collect();
            let ways: [(&str, Group); 3] = [
                ("kind", |event| Some(event.kind.clone())),
                ("resource", |event| event.resource.clone()),
                ("member", |event| event.member.clone()),
            ];
            let (mut reported, mut differs) = (None, false);
            for (group_by, group) in ways {
                let path = format!("/v1/orgs/{}/usage?from={from}&group_by={group_by}", org.id);
                let report = self.call(Method::GET, &path, &self.owners[org.owner], None, false).await?;
                let wanted = sums(kept.iter().map(|event| (group(event).unwrap_or_default(), event.micro)));
                differs |= groups(&report)? != wanted;
                reported.get_or_insert(sum(&report["total"])?);
            }
            let wanted = (kept.iter().map(|event| event.micro).sum(), kept.len() as u64);
            let reported: Sum = reported.unwrap_or_default();
            differs |= reported != wanted;
            if !kept.is_empty() {
                paid.entry(org.owner).or_default().insert(org.id.clone(), wanted);
            }
            if differs {
                wrong.push(org.id.clone());
            }
            rows.push((org.id.clone(), events.len(), wanted, reported, differs));
        }
        let known: BTreeSet<&str> = orgs.iter().map(|org| org.id.as_str()).collect();
        for (owner, wanted) in paid {
            let path = format!("/v1/account/usage?from={from}&group_by=org");
            let report = self.call(Method::GET, &path, &self.owners[owner], None, false).await?;
            let mut paid = groups(&report)?;
            paid.retain(|org, _| known.contains(org.as_str()));
            if paid != wanted {
                wrong.push(format!("the account of owner {owner}"));
            }
        }
        let table = table(rows, took);
        if wrong.is_empty() { Ok(table) } else { Err(Failed(format!("{table}\nnot as sent: {}", wrong.join(", ")))) }
    }
}

fn sums(amounts: impl Iterator<Item = (String, u128)>) -> BTreeMap<String, Sum> {
    amounts.fold(BTreeMap::new(), |mut sums, (group, micro)| {
        let sum: &mut Sum = sums.entry(group).or_default();
        *sum = (sum.0 + micro, sum.1 + 1);
        sums
    })
}

fn sum(of: &Value) -> Result<Sum, Failed> {
    let credits = Credits::parse(of["credits"].as_str().unwrap_or_default()).map_err(failed)?;
    Ok((credits.micro(), of["events"].as_u64().unwrap_or_default()))
}

fn groups(report: &Value) -> Result<BTreeMap<String, Sum>, Failed> {
    let rows = report["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| Ok((row["group"].as_str().unwrap_or_default().to_owned(), sum(row)?))).collect()
}

/// What was sent and what is reported of each organization, the busiest first.
fn table(mut rows: Vec<(String, usize, Sum, Sum, bool)>, took: Duration) -> String {
    rows.sort_by_key(|row| std::cmp::Reverse(row.1));
    let mut text = format!("{:<36}  {:>9}  {:>9}  {:>18}  {:>18}\n", "organization", "sent", "counted", "credits sent", "credits reported");
    let line = |text: &mut String, name: &str, sent: usize, counted: u64, wanted: u128, reported: u128, differs: bool| {
        let (wanted, reported) = (Credits::from_micro(wanted).to_string(), Credits::from_micro(reported).to_string());
        let mark = if differs { "  DIFFERS" } else { "" };
        // Writing to a string does not fail.
        writeln!(text, "{name:<36}  {sent:>9}  {counted:>9}  {wanted:>18}  {reported:>18}{mark}").unwrap_or_default();
    };
    for (org, sent, wanted, reported, differs) in rows.iter().take(20) {
        line(&mut text, org, *sent, reported.1, wanted.0, reported.0, *differs);
    }
    let all = rows
        .iter()
        .fold((0, 0, 0, 0), |all, (_, sent, wanted, reported, _)| (all.0 + sent, all.1 + reported.1, all.2 + wanted.0, all.3 + reported.0));
    line(&mut text, &format!("all {}", rows.len()), all.0, all.1, all.2, all.3, rows.iter().any(|row| row.4));
    let seconds = took.as_millis().max(1);
    writeln!(text, "{} events in {} s, {} a second", all.0, seconds / 1000, all.0 as u128 * 1000 / seconds).unwrap_or_default();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_marks_what_differs_and_adds_up_to_the_millionth() {
        let row = |org: &str, reported| (org.to_owned(), 3, (2_000_001, 2), reported, reported != (2_000_001, 2));
        let text = table(vec![row("org_1", (2_000_001, 2)), row("org_2", (2_000_000, 2))], Duration::from_secs(2));
        let lines: Vec<&str> = text.lines().collect();
        assert!(!lines[1].contains("DIFFERS") && lines[2].contains("DIFFERS") && lines[3].contains("DIFFERS"), "{text}");
        assert!(lines[3].contains("4.000002") && lines[3].contains("4.000001"), "{text}");
        assert_eq!(lines[4], "6 events in 2 s, 3 a second");
    }

    #[test]
    fn the_same_seed_makes_the_same_traffic() {
        let asked = Simulate { url: None, orgs: 3, events: 200, rate: 1, seed: 7, owner_token: None, service_token: None };
        let ids = || {
            let mut events = vec![Vec::new(); 3];
            let calls = traffic(&asked, &mut Chance(asked.seed), DateTime::UNIX_EPOCH, &mut events);
            let ids: Vec<Vec<String>> = events.into_iter().map(|events| events.into_iter().map(|event| event.id).collect()).collect();
            (calls.len(), ids)
        };
        assert_eq!(ids(), ids());
        assert_eq!(ids().1.iter().map(Vec::len).sum::<usize>(), 200);
    }
}
