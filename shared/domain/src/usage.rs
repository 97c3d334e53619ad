//! Usage events, as services report them.

use std::collections::HashMap;

use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::credits::Credits;

/// The most events in one call.
pub const EVENTS_PER_CALL_MAX: usize = 500;
/// How old an event may be. Shorter than the events are remembered for, so that a late replay is
/// refused and never counted again.
pub const ACCEPT_DAYS: i64 = 7;
/// For how long the ids of events are remembered.
pub const REMEMBER_DAYS: i64 = 10;
/// How far ahead of this clock an event's clock may be.
const AHEAD_MINUTES: i64 = 5;

/// Something that cost credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageEvent {
    /// The caller's id for the event, unique in its organization.
    pub id: String,
    /// When it happened, to the millisecond.
    pub timestamp: DateTime<Utc>,
    /// What it was, such as `chat.completion`.
    pub kind: String,
    /// What it cost.
    pub credits: Credits,
    /// The resource that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The person it was used for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UsageEventStatus)]
pub enum Status {
    /// Counted now, once.
    Accepted,
    /// Counted before: the same id with the same values.
    Duplicate,
    /// Not counted: the same id was counted with other values.
    Conflict,
    /// Not counted: older than 7 days.
    TooOld,
    /// Not counted: more than 5 minutes ahead.
    InFuture,
    /// Not counted: not an event.
    Invalid,
}

/// An event on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UsageEvent)]
pub struct EventInput {
    /// 1 to 128 printable ASCII characters, unique in the organization.
    #[schema(min_length = 1, max_length = 128, example = "run-7f3a-1")]
    pub id: String,
    /// When it happened: RFC 3339.
    #[serde(deserialize_with = "crate::time::rfc3339")]
    #[schema(example = "2026-11-24T10:15:00Z")]
    pub timestamp: DateTime<Utc>,
    /// `[a-z0-9_.-]`, 1 to 64 characters.
    #[schema(pattern = "^[a-z0-9_.-]{1,64}$", example = "chat.completion")]
    pub kind: String,
    /// A decimal string with at most 6 decimals, from 0 to 10^12.
    #[schema(value_type = String, pattern = r"^\d{1,20}(\.\d{1,6})?$", example = "0.25")]
    pub credits: Credits,
    /// At most 128 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70814")]
    pub resource_id: Option<String>,
    /// At most 255 characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "auth0|65f0c1")]
    pub user_id: Option<String>,
}

/// Reads one event of a call. A bad one never spoils the others, so this says what becomes of it
/// instead of failing.
///
/// # Errors
/// [`Status::Invalid`], [`Status::TooOld`] or [`Status::InFuture`].
pub fn read(value: &Value, now: DateTime<Utc>) -> Result<UsageEvent, Status> {
    // Serde would read a struct from a list, field by field.
    let input = Some(value)
        .filter(|value| value.is_object())
        .and_then(|value| EventInput::deserialize(value).ok())
        .ok_or(Status::Invalid)?;
    let printable = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b))
    };
    let kind = |text: &str| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(&b))
    };
    let optional = |text: Option<&str>, most: usize| {
        text.is_none_or(|text| !text.is_empty() && text.chars().count() <= most)
    };
    if !printable(&input.id, 128)
        || !kind(&input.kind)
        || !optional(input.resource_id.as_deref(), 128)
        || !optional(input.user_id.as_deref(), 255)
    {
        return Err(Status::Invalid);
    }
    let timestamp = input.timestamp.trunc_subsecs(3);
    if now - timestamp > Duration::days(ACCEPT_DAYS) {
        return Err(Status::TooOld);
    }
    if timestamp - now > Duration::minutes(AHEAD_MINUTES) {
        return Err(Status::InFuture);
    }
    Ok(UsageEvent {
        id: input.id,
        timestamp,
        kind: input.kind,
        credits: input.credits,
        resource_id: input.resource_id,
        user_id: input.user_id,
    })
}

/// Whether an event of this time can be taken back at `now`: within its 7 days, while its record is
/// sure to be there.
#[must_use]
pub fn is_voidable(timestamp: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - timestamp <= Duration::days(ACCEPT_DAYS)
}

/// What became of an event that was to be taken back out of every total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VoidStatus)]
pub enum Voided {
    /// It is out now.
    Voided,
    /// It was out before.
    AlreadyVoided,
    /// There is no such event, or it is older than 7 days.
    Unknown,
}

/// What became of an event whose id was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// Counted now.
    Counted,
    /// An event with this id was counted before: this one.
    Known(Box<UsageEvent>),
    /// Not counted: a counter of the event is full and does not hold its kind.
    NoRoom,
}

/// The events of one call: each id once to be counted, and each entry with what it is or why it is
/// not one.
#[must_use = "events count only once they are recorded"]
#[derive(Debug)]
pub struct Batch {
    events: Vec<UsageEvent>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The id that the entry gave itself, to answer it by.
    id: Option<String>,
    /// The event that stands for its id, and the event that it is, where another came first.
    outcome: Result<(usize, Option<UsageEvent>), Status>,
}

impl Batch {
    /// Reads the entries of a call.
    pub fn read(values: &[Value], now: DateTime<Utc>) -> Self {
        let mut events: Vec<UsageEvent> = Vec::new();
        let mut first: HashMap<String, usize> = HashMap::new();
        let entries = values
            .iter()
            .map(|value| {
                let outcome = read(value, now).map(|event| {
                    if let Some(index) = first.get(&event.id) {
                        return (*index, Some(event));
                    }
                    first.insert(event.id.clone(), events.len());
                    events.push(event);
                    (events.len() - 1, None)
                });
                Entry { id: value.get("id").and_then(Value::as_str).map(str::to_owned), outcome }
            })
            .collect();
        Self { events, entries }
    }

    /// What is to be counted: events of different ids.
    #[must_use]
    pub fn events(&self) -> &[UsageEvent] {
        &self.events
    }

    /// The answer to each entry, in order, from what became of [`Self::events`]: `recorded` has one
    /// element for each.
    #[must_use]
    pub fn answers(&self, recorded: &[Recorded]) -> Vec<(Option<String>, Status)> {
        let same = |counted: &UsageEvent, event: &UsageEvent| {
            if counted == event { Status::Duplicate } else { Status::Conflict }
        };
        self.entries
            .iter()
            .map(|entry| {
                let status = match &entry.outcome {
                    Err(status) => *status,
                    Ok((index, later)) => match (&recorded[*index], later) {
                        (Recorded::Counted, None) => Status::Accepted,
                        (Recorded::Counted, Some(event)) => same(&self.events[*index], event),
                        (Recorded::NoRoom, _) => Status::Invalid,
                        (Recorded::Known(known), later) => {
                            same(known, later.as_ref().unwrap_or(&self.events[*index]))
                        }
                    },
                };
                (entry.id.clone(), status)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Status::{Accepted, Conflict, Duplicate, Invalid};
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default()
    }

    fn event(change: &Value) -> Result<UsageEvent, Status> {
        let mut value = json!({"id": "e1", "timestamp": now(), "kind": "chat", "credits": "0.25"});
        if let (Some(value), Some(change)) = (value.as_object_mut(), change.as_object()) {
            value.extend(change.clone());
        }
        read(&value, now())
    }

    #[test]
    fn an_event_is_read_whole() {
        let read = event(&json!({"resource_id": "r", "user_id": "u"}));
        assert_eq!(
            read.map(|e| (e.credits.micro(), e.resource_id, e.user_id)),
            Ok((250_000, Some("r".to_owned()), Some("u".to_owned())))
        );
    }

    #[test]
    fn a_bad_event_is_invalid() {
        for bad in [
            json!({"id": ""}),
            json!({"id": "a\n"}),
            json!({"id": "é"}),
            json!({"id": "x".repeat(129)}),
            json!({"id": 7}),
            json!({"id": null}),
            json!({"kind": "Chat"}),
            json!({"kind": ""}),
            json!({"kind": "k".repeat(65)}),
            json!({"kind": "a b"}),
            json!({"credits": 1}),
            json!({"credits": "-1"}),
            json!({"credits": "1e3"}),
            json!({"credits": null}),
            json!({"timestamp": "yesterday"}),
            json!({"timestamp": "2026-09-21 14:13:20Z"}),
            json!({"timestamp": "2026-09-21T14:13:20 UTC"}),
            json!({"timestamp": "2026-9-1T1:2:3Z"}),
            json!({"timestamp": 1_790_000_000}),
            json!({"timestamp": "2026-02-30T00:00:00Z"}),
            json!({"resource_id": ""}),
            json!({"resource_id": "r".repeat(129)}),
            json!({"user_id": "u".repeat(256)}),
            json!({"user_id": 5}),
            json!({"colour": "red"}),
        ] {
            assert_eq!(event(&bad), Err(Status::Invalid), "{bad}");
        }
        for bad in
            [json!(null), json!(["e1", now(), "chat", "0.25", null, null]), json!("e1"), json!({})]
        {
            assert_eq!(read(&bad, now()), Err(Status::Invalid), "{bad}");
        }
    }

    #[test]
    fn an_event_counts_for_seven_days_and_five_minutes_ahead() {
        let at = |moment: DateTime<Utc>| event(&json!({"timestamp": moment})).map(|_| ());
        assert_eq!(at(now() - Duration::days(7)), Ok(()));
        assert_eq!(at(now() - Duration::days(7) - Duration::milliseconds(1)), Err(Status::TooOld));
        assert_eq!(at(now() + Duration::minutes(5)), Ok(()));
        assert_eq!(
            at(now() + Duration::minutes(5) + Duration::milliseconds(1)),
            Err(Status::InFuture)
        );
        assert_eq!(
            event(&json!({"timestamp": "0001-01-01T00:00:00Z"})).map(|_| ()),
            Err(Status::TooOld)
        );
    }

    #[test]
    fn an_id_that_comes_twice_in_a_call_counts_once() {
        let entry = |id: &str, credits: &str| json!({"id": id, "timestamp": now(), "kind": "chat", "credits": credits});
        let batch = Batch::read(
            &[
                entry("a", "1"),
                entry("a", "1.0"),
                entry("a", "2"),
                json!({"id": "x"}),
                entry("b", "1"),
                json!(7),
            ],
            now(),
        );
        assert_eq!(batch.events().len(), 2);
        let statuses = |recorded: &[Recorded]| {
            batch.answers(recorded).into_iter().map(|(_, status)| status).collect::<Vec<_>>()
        };
        assert_eq!(
            statuses(&[Recorded::Counted, Recorded::Counted]),
            [Accepted, Duplicate, Conflict, Invalid, Accepted, Invalid]
        );
        // What was counted before is what the values are compared with.
        let before = Box::new(read(&entry("a", "2"), now()).unwrap());
        let answers = batch.answers(&[Recorded::Known(before), Recorded::Counted]);
        assert_eq!(
            answers.iter().map(|(_, status)| *status).collect::<Vec<_>>(),
            [Conflict, Conflict, Duplicate, Invalid, Accepted, Invalid]
        );
        assert_eq!((answers[3].0.as_deref(), answers[5].0.as_deref()), (Some("x"), None));
        assert_eq!(
            statuses(&[Recorded::NoRoom, Recorded::Counted]),
            [Invalid, Invalid, Invalid, Invalid, Accepted, Invalid]
        );
    }

    #[test]
    fn an_offset_names_the_same_moment() {
        let zulu = event(&json!({"timestamp": "2026-09-21T14:13:20Z"}));
        assert_eq!(zulu, event(&json!({"timestamp": "2026-09-21T16:13:20.000+02:00"})));
        assert!(zulu.is_ok());
    }
}
