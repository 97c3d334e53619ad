//! The events of one request, and the result of each.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{MaxAge, Recorded, Status, UsageEvent, read};

/// The events of one request. Each id is recorded at most once, and each entry gets its own result.
#[must_use = "events count only once they are recorded"]
#[derive(Debug)]
pub struct Batch {
    events: Vec<UsageEvent>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The entry's `id` if it is text. The response repeats it, even for an invalid entry.
    id: Option<String>,
    /// The position in `events` of the first event with this id, and the entry's own event if it is
    /// not the first one. The error is the result of an invalid
    /// entry.
    outcome: Result<(usize, Option<UsageEvent>), Status>,
}

impl Batch {
    /// Parses the entries of a request.
    pub fn read(values: &[Value], max_age: MaxAge, now: DateTime<Utc>) -> Self {
        let mut events: Vec<UsageEvent> = Vec::new();
        let mut first: HashMap<String, usize> = HashMap::new();
        let entries = values
            .iter()
            .map(|value| {
                let outcome = read(value, max_age, now).map(|event| {
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

    /// Returns the events to record, each with a different id.
    #[must_use]
    pub fn events(&self) -> &[UsageEvent] {
        &self.events
    }

    /// Returns the id and the result of each entry, in order. `recorded` has one outcome for each
    /// of [`Self::events`].
    #[must_use]
    pub fn answers(&self, recorded: &[Recorded]) -> Vec<(Option<String>, Status)> {
        let same = |counted: &UsageEvent, event: &UsageEvent, status| {
            if counted == event { status } else { Status::Conflict }
        };
        self.entries
            .iter()
            .map(|entry| {
                let status = match &entry.outcome {
                    Err(status) => *status,
                    Ok((index, later)) => match (&recorded[*index], later) {
                        (Recorded::Counted, None) => Status::Accepted,
                        (Recorded::Counted, Some(event)) => {
                            same(&self.events[*index], event, Status::Duplicate)
                        }
                        (Recorded::NoRoom, _) => Status::Invalid,
                        (Recorded::VoidedAhead, _) => Status::Voided,
                        (Recorded::Known { event, is_voided }, later) => {
                            let status =
                                if *is_voided { Status::Voided } else { Status::Duplicate };
                            same(event, later.as_ref().unwrap_or(&self.events[*index]), status)
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

    use super::Status::{Accepted, Conflict, Duplicate, Invalid, Voided};
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default()
    }

    #[test]
    fn an_id_that_is_twice_in_a_request_counts_once() {
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
            MaxAge::of_client(&[]),
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
        // The values are compared with those that were recorded before.
        let known = |is_voided| {
            let event = Box::new(read(&entry("a", "2"), MaxAge::of_client(&[]), now()).unwrap());
            Recorded::Known { event, is_voided }
        };
        assert_eq!(
            statuses(&[known(true), Recorded::Counted]),
            [Conflict, Conflict, Voided, Invalid, Accepted, Invalid]
        );
        let answers = batch.answers(&[known(false), Recorded::Counted]);
        assert_eq!(
            answers.iter().map(|(_, status)| *status).collect::<Vec<_>>(),
            [Conflict, Conflict, Duplicate, Invalid, Accepted, Invalid]
        );
        assert_eq!((answers[3].0.as_deref(), answers[5].0.as_deref()), (Some("x"), None));
        assert_eq!(
            statuses(&[Recorded::VoidedAhead, Recorded::Counted]),
            [Voided, Voided, Voided, Invalid, Accepted, Invalid]
        );
        assert_eq!(
            statuses(&[Recorded::NoRoom, Recorded::Counted]),
            [Invalid, Invalid, Invalid, Invalid, Accepted, Invalid]
        );
    }
}
