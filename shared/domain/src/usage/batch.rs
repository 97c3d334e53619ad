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
    content: Content,
}

/// The content of an entry.
#[derive(Debug)]
enum Content {
    /// Not an event that can be recorded. Contains the result.
    Rejected(Status),
    /// An event to record: the position in `events` of the first event with its id, and the entry's
    /// own event if it is not the first one.
    Recordable(usize, Option<UsageEvent>),
    /// An event that is too old to record. It may have been recorded before.
    Late(UsageEvent),
}

impl Batch {
    /// Parses the entries of a request.
    pub fn read(values: &[Value], max_age: MaxAge, now: DateTime<Utc>) -> Self {
        let mut events: Vec<UsageEvent> = Vec::new();
        let mut first: HashMap<String, usize> = HashMap::new();
        let entries = values
            .iter()
            .map(|value| {
                let content = match read(value, now) {
                    Err(status) => Content::Rejected(status),
                    Ok(event) if !max_age.includes(event.timestamp, now) => Content::Late(event),
                    Ok(event) => {
                        if let Some(index) = first.get(&event.id) {
                            Content::Recordable(*index, Some(event))
                        } else {
                            first.insert(event.id.clone(), events.len());
                            events.push(event);
                            Content::Recordable(events.len() - 1, None)
                        }
                    }
                };
                Entry { id: value.get("id").and_then(Value::as_str).map(str::to_owned), content }
            })
            .collect();
        Self { events, entries }
    }

    /// Returns the events to record, each with a different id.
    #[must_use]
    pub fn events(&self) -> &[UsageEvent] {
        &self.events
    }

    /// Returns the ids of the events that are too old to record.
    #[must_use]
    pub fn late_ids(&self) -> Vec<String> {
        let late = |entry: &Entry| match &entry.content {
            Content::Late(event) => Some(event.id.clone()),
            Content::Rejected(_) | Content::Recordable(..) => None,
        };
        self.entries.iter().filter_map(late).collect()
    }

    /// Returns the id and the result of each entry, in order. `recorded` has one outcome for each
    /// of [`Self::events`], and `earlier` the stored events with [`Self::late_ids`].
    #[must_use]
    pub fn answers(
        &self,
        recorded: &[Recorded],
        earlier: &HashMap<String, Recorded>,
    ) -> Vec<(Option<String>, Status)> {
        let status = |entry: &Entry| match &entry.content {
            Content::Rejected(status) => *status,
            Content::Recordable(index, None) => {
                status(&recorded[*index], &self.events[*index], Status::Accepted)
            }
            Content::Recordable(index, Some(event)) if recorded[*index] == Recorded::Counted => {
                same(&self.events[*index], event, Status::Duplicate)
            }
            Content::Recordable(index, Some(event)) => {
                status(&recorded[*index], event, Status::Duplicate)
            }
            Content::Late(event) => earlier
                .get(&event.id)
                .map_or(Status::TooOld, |known| status(known, event, Status::TooOld)),
        };
        self.entries.iter().map(|entry| (entry.id.clone(), status(entry))).collect()
    }
}

/// Returns the result of an event from the outcome of its id. `counted` is the result if it is
/// counted now.
fn status(recorded: &Recorded, event: &UsageEvent, counted: Status) -> Status {
    match recorded {
        Recorded::Counted => counted,
        Recorded::TooManyKinds => Status::TooManyKinds,
        Recorded::VoidedAhead => Status::Voided,
        Recorded::Known { event: known, is_voided } => {
            same(known, event, if *is_voided { Status::Voided } else { Status::Duplicate })
        }
    }
}

fn same(known: &UsageEvent, event: &UsageEvent, status: Status) -> Status {
    if known == event { status } else { Status::Conflict }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Status::{Accepted, Conflict, Duplicate, Invalid, TooManyKinds, TooOld, Voided};
    use super::*;
    use chrono::Duration;

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
            batch
                .answers(recorded, &HashMap::new())
                .into_iter()
                .map(|(_, status)| status)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            statuses(&[Recorded::Counted, Recorded::Counted]),
            [Accepted, Duplicate, Conflict, Invalid, Accepted, Invalid]
        );
        // The values are compared with those that were recorded before.
        let known = |is_voided| {
            let event = Box::new(read(&entry("a", "2"), now()).unwrap());
            Recorded::Known { event, is_voided }
        };
        assert_eq!(
            statuses(&[known(true), Recorded::Counted]),
            [Conflict, Conflict, Voided, Invalid, Accepted, Invalid]
        );
        let answers = batch.answers(&[known(false), Recorded::Counted], &HashMap::new());
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
            statuses(&[Recorded::TooManyKinds, Recorded::Counted]),
            [TooManyKinds, TooManyKinds, TooManyKinds, Invalid, Accepted, Invalid]
        );
    }

    #[test]
    fn an_old_event_that_was_recorded_before_is_a_duplicate() {
        let entry = |id: &str, credits: &str| json!({"id": id, "timestamp": now() - Duration::days(8), "kind": "chat", "credits": credits});
        let entries = [entry("new", "1"), entry("same", "1"), entry("other", "1")];
        let batch = Batch::read(&entries, MaxAge::of_client(&[]), now());
        assert_eq!(batch.events(), []);
        assert_eq!(batch.late_ids(), ["new", "same", "other"]);
        let stored = |id: &str, credits: &str, is_voided| {
            let event = Box::new(read(&entry(id, credits), now()).unwrap());
            (id.to_owned(), Recorded::Known { event, is_voided })
        };
        let statuses = |earlier: HashMap<String, Recorded>| {
            batch.answers(&[], &earlier).into_iter().map(|(_, status)| status).collect::<Vec<_>>()
        };
        assert_eq!(
            statuses([stored("same", "1", false), stored("other", "2", false)].into()),
            [TooOld, Duplicate, Conflict]
        );
        assert_eq!(
            statuses(
                [stored("same", "1", true), ("other".to_owned(), Recorded::VoidedAhead)].into()
            ),
            [TooOld, Voided, Voided]
        );
    }
}
