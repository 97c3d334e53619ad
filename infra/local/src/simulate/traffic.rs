//! What is sent: the calls, and the events in them as they are to be counted.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use orgs_runtime::domain::Credits;
use serde_json::{Value, json};

use super::Simulate;

/// The most events in a call.
const BATCH: u64 = 60;

/// Numbers that look like chance and are the same for the same seed (a linear congruence, by
/// Knuth).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }

    pub(super) fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// An event, and what it is to be counted as.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) at: DateTime<Utc>,
    pub(super) kind: String,
    pub(super) micro: u128,
    pub(super) resource: Option<String>,
    pub(super) member: Option<String>,
    pub(super) voided: bool,
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
pub(super) enum Call {
    Record(usize, Vec<Value>),
    Void(usize, Vec<String>),
}

impl Call {
    pub(super) fn org(&self) -> usize {
        match self {
            Self::Record(org, _) | Self::Void(org, _) => *org,
        }
    }
}

/// The calls, in the order in which they are sent, and the events in them, by organization.
pub(super) fn traffic(
    asked: &Simulate,
    chance: &mut Chance,
    now: DateTime<Utc>,
    events: &mut [Vec<Event>],
) -> Vec<Call> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_traffic() {
        let asked = Simulate {
            url: None,
            orgs: 3,
            events: 200,
            rate: 1,
            seed: 7,
            owner_token: None,
            service_token: None,
        };
        let ids = || {
            let mut events = vec![Vec::new(); 3];
            let calls = traffic(&asked, &mut Chance(asked.seed), DateTime::UNIX_EPOCH, &mut events);
            let ids: Vec<Vec<String>> = events
                .into_iter()
                .map(|events| events.into_iter().map(|event| event.id).collect())
                .collect();
            (calls.len(), ids)
        };
        assert_eq!(ids(), ids());
        assert_eq!(ids().1.iter().map(Vec::len).sum::<usize>(), 200);
    }
}
