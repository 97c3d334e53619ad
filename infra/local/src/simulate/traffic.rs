//! Generates the traffic: the calls, and the events in them.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use orgs_domain::{Credits, Month};
use serde_json::{Value, json};

use super::Simulate;

/// The largest number of different events in a call.
const CALL_EVENTS_MAX: u64 = 60;

/// A pseudorandom number generator: the same seed gives the same numbers. It is a linear
/// congruential generator with Knuth's constants for MMIX.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    /// Returns a number from 0 to `bound - 1`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }

    /// Returns true with this probability.
    pub(super) fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A usage event.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) at: DateTime<Utc>,
    pub(super) kind: String,
    /// The cost in millionths of a credit.
    pub(super) micro: u128,
    pub(super) resource: Option<String>,
    pub(super) member: Option<String>,
    /// True if the event is voided later, so that reports omit it.
    pub(super) voided: bool,
    /// The hold that the event captures.
    pub(super) hold: Option<Hold>,
}

/// A hold of a run, with the id of its event. A killed run sends no event.
#[derive(Clone)]
pub(super) struct Hold {
    /// The reserved credits in millionths.
    micro: u128,
    /// True if the event settles the hold.
    is_final: bool,
}

/// The usage that the reports must have.
#[derive(Default, Clone)]
pub(super) struct Expected {
    /// The events.
    pub(super) events: Vec<Event>,
    /// The credits that open holds still reserve at the end, in millionths.
    pub(super) held: u128,
}

impl Event {
    /// Returns the event as the API takes it.
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
        if let Some(Hold { is_final, .. }) = self.hold {
            sent["hold_id"] = json!(self.id);
            sent["final"] = json!(is_final);
        }
        sent
    }
}

/// A call to the host.
pub(super) enum Call {
    /// Reserves credits for a run of the organization with this index.
    Hold(usize, Value),
    /// Records events of the organization with this index.
    Record(usize, Vec<Value>),
    /// Voids events of the organization with this index, by their ids.
    Void(usize, Vec<String>),
}

impl Call {
    /// Returns the index of the organization.
    pub(super) fn org(&self) -> usize {
        match self {
            Self::Hold(org, _) | Self::Record(org, _) | Self::Void(org, _) => *org,
        }
    }
}

/// Returns the calls in the order in which they are sent. Adds the events and the holds to
/// `expected`, by organization.
pub(super) fn traffic(
    options: &Simulate,
    chance: &mut Chance,
    now: DateTime<Utc>,
    expected: &mut [Expected],
) -> Vec<Call> {
    let (mut calls, mut voids, mut made) = (Vec::new(), Vec::new(), 0);
    while made < options.events {
        // Three nested draws favor low indexes: a few organizations get most of the events.
        let share = (0..3).fold(options.orgs.max(1), |bound, _| chance.below(bound) + 1) - 1;
        let org = usize::try_from(share).unwrap_or_default();
        let size = (1 + chance.below(CALL_EVENTS_MAX)).min(options.events - made);
        let mut batch = Vec::new();
        for _ in 0..size {
            let late = match chance.below(100) {
                0..80 => chance.below(60),
                80..95 => chance.below(6 * 3600),
                _ => chance.below(6 * 86_400),
            };
            let event = Event {
                id: format!("{}-{made}", options.seed),
                at: now - TimeDelta::seconds(i64::try_from(late).unwrap_or_default()),
                kind: ["chat.completion", "embedding", "image", "search", "speech", "tool.run"]
                    [usize::try_from(chance.below(6)).unwrap_or_default()]
                .to_owned(),
                micro: u128::from(chance.below(5_000_000)),
                resource: chance.is(80).then(|| format!("agent-{}", chance.below(5))),
                member: chance.is(90).then(|| format!("member-{}", chance.below(8))),
                voided: chance.is(2),
                hold: None,
            };
            let event = Event { hold: hold(chance, &event), ..event };
            made += 1;
            if let Some(hold) = &event.hold {
                let credits = Credits::from_micro(hold.micro).to_string();
                let body = json!({"id": event.id, "credits": credits, "expires_in": 86_400});
                calls.push(Call::Hold(org, body));
                // A hold covers usage of the month in which it was created.
                let is_covered = Month::of(event.at) == Month::of(now);
                let covered = if is_covered { hold.micro.min(event.micro) } else { 0 };
                expected[org].held += if hold.is_final { 0 } else { hold.micro - covered };
            }
            if chance.is(1) {
                // The run is killed before it sends anything.
                let body = json!({"id": format!("{}-killed", event.id), "credits": "1", "expires_in": 86_400});
                calls.push(Call::Hold(org, body));
                expected[org].held += 1_000_000;
            }
            batch.push(event.sent());
            if chance.is(2) {
                batch.push(event.sent());
            }
            if event.voided {
                voids.push((org, event.id.clone()));
            }
            expected[org].events.push(event);
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
        for chunk in ids.chunks(100) {
            calls.push(Call::Void(org, chunk.to_vec()));
            if chance.is(20) {
                calls.push(Call::Void(org, chunk.to_vec()));
            }
        }
    }
    calls
}

/// Returns the hold of one in ten events. A hold can be smaller or larger than its event.
fn hold(chance: &mut Chance, event: &Event) -> Option<Hold> {
    chance.is(10).then(|| Hold {
        micro: event.micro * u128::from(chance.below(5)) / 2,
        is_final: chance.is(80),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_traffic() {
        let options = Simulate {
            url: None,
            orgs: 3,
            events: 200,
            rate: 1,
            seed: 7,
            owner_token: None,
            service_token: None,
        };
        let ids = || {
            let mut expected = vec![Expected::default(); 3];
            let calls =
                traffic(&options, &mut Chance(options.seed), DateTime::UNIX_EPOCH, &mut expected);
            let ids: Vec<Vec<String>> = expected
                .into_iter()
                .map(|org| org.events.into_iter().map(|event| event.id).collect())
                .collect();
            (calls.len(), ids)
        };
        assert_eq!(ids(), ids());
        assert_eq!(ids().1.iter().map(Vec::len).sum::<usize>(), 200);
    }
}
