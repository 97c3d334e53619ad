//! Usage events, which services report, and the outcome of recording and voiding them.

pub mod batch;

use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::credits::Credits;
use crate::id::HoldId;

/// The largest number of events in one request.
pub const EVENTS_PER_CALL_MAX: usize = 500;
/// The largest age of an event, in days, for a client without the scope `usage:backfill`.
pub const ACCEPT_DAYS: i64 = 7;
/// The largest age, in days, of an event that a client with the scope `usage:backfill` records. It
/// is shorter than [`REMEMBER_DAYS`], so that a late replay never counts again.
pub const BACKFILL_DAYS: i64 = 35;
/// The largest age, in days, of an event that can be voided. A month is final 7 days after its end,
/// so that each of its events can be voided for 56 days more, while bills are disputed.
const VOID_DAYS: i64 = 95;
/// The number of days for which events are stored, from the event's timestamp. It is longer than
/// [`VOID_DAYS`], so that an event that can be voided certainly exists.
pub const REMEMBER_DAYS: i64 = 96;
/// The largest number of kinds that an organization can use in a month.
pub const KINDS_MAX: usize = 200;
/// The largest number of minutes by which an event's timestamp may be ahead of the server's clock.
const AHEAD_MINUTES: i64 = 5;

/// A usage event: something that cost credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageEvent {
    /// The id of the event, which the service client chooses. It is unique in the organization.
    pub id: String,
    /// The time at which the usage happened, in milliseconds.
    pub timestamp: DateTime<Utc>,
    /// The kind of usage, such as `chat.completion`.
    pub kind: String,
    /// The cost of the event.
    pub credits: Credits,
    /// The id of the resource that was used, if the event names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The user id of the person for whom it was used, if the event names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The hold that the event captures, if it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_id: Option<HoldId>,
    /// True if the event settles the hold.
    #[serde(default, rename = "final", skip_serializing_if = "std::ops::Not::not")]
    pub is_final: bool,
}

/// The result of recording a usage event.
///
/// - `accepted`: the event is recorded and counts now.
/// - `duplicate`: the event was recorded before, with the same id and the same values, and counts.
///   An event that is sent again after more than 96 days is `too_old` instead.
/// - `voided`: the event was recorded before, with the same id and the same values, and was voided
///   since; or its id was voided before any event had it. It does not count.
/// - `conflict`: another event with the same id and other values was recorded before. This event
///   does not count.
/// - `too_old`: the timestamp is more than 7 days in the past, or 35 days if the client has the
///   scope `usage:backfill`, and the event was not recorded before. It does not count.
/// - `in_future`: the timestamp is more than 5 minutes ahead of the server's clock. The event does
///   not count.
/// - `invalid`: a field is missing or invalid. The event does not count.
/// - `too_many_kinds`: the organization has 200 other kinds in the month of the event. The event
///   does not count. Put what is unique to a run into the event's id, not into its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UsageEventStatus)]
pub enum Status {
    /// The event is recorded and counts now.
    Accepted,
    /// The event was recorded before, with the same id and the same values, and counts.
    Duplicate,
    /// The event was recorded before, with the same id and the same values, and was voided since; or
    /// its id was voided before any event had it. It does not count.
    Voided,
    /// An event with the same id and other values was recorded before. This one does not count.
    Conflict,
    /// The timestamp is more than 7 days in the past, or 35 days with the scope `usage:backfill`, and
    /// the event was not recorded before. It does not count.
    TooOld,
    /// The timestamp is more than 5 minutes in the future. The event does not count.
    InFuture,
    /// A field is missing or invalid. The event does not count.
    Invalid,
    /// The organization has 200 other kinds in the month of the event. The event does not count.
    TooManyKinds,
}

/// A usage event to record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UsageEvent)]
pub struct EventInput {
    /// The id of the event, which you choose: 1 to 128 printable ASCII characters, unique in the
    /// organization. Send the same id again when you retry.
    #[schema(min_length = 1, max_length = 128, example = "run-7f3a-1")]
    pub id: String,
    /// The time at which the usage happened, in the format of RFC 3339: at most 7 days in the past
    /// (35 days with the scope `usage:backfill`) and 5 minutes in the future. It is truncated to
    /// milliseconds.
    #[serde(deserialize_with = "crate::time::rfc3339")]
    #[schema(example = "2026-11-24T10:15:00Z")]
    pub timestamp: DateTime<Utc>,
    /// The kind of usage: 1 to 64 characters of `a-z`, `0-9`, `_`, `.` and `-`.
    #[schema(pattern = "^[a-z0-9_.-]{1,64}$", example = "chat.completion")]
    pub kind: String,
    /// The cost in credits, as a decimal string from 0 to 10^12 with at most 6 decimals.
    #[schema(value_type = String, pattern = r"^\d{1,20}(\.\d{1,6})?$", example = "0.25")]
    pub credits: Credits,
    /// The id of the resource that was used: 1 to 128 characters without control characters.
    /// Reports can group by it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70814")]
    pub resource_id: Option<String>,
    /// The user id of the person for whom it was used: 1 to 255 characters without control
    /// characters. Reports can group by it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "auth0|65f0c1")]
    pub user_id: Option<String>,
    /// The id of the hold that reserved the credits of the event. The event counts even if the hold
    /// is too small, has ended or does not exist.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128, example = "run-7f3a")]
    pub hold_id: Option<HoldId>,
    /// True if the event is the last one of its hold. The rest of the hold is then released. The
    /// default is false.
    #[serde(default, rename = "final")]
    #[schema(required = false)]
    pub is_final: bool,
}

/// Returns true if an event can have this id: 1 to 128 printable ASCII characters.
#[must_use]
pub fn is_event_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|b| (b' '..=b'~').contains(&b))
}

/// Returns true if the usage can have this kind: 1 to 64 characters of `a-z`, `0-9`, `_`, `.` and
/// `-`.
#[must_use]
pub fn is_kind(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(&b))
}

/// Returns true if usage can name this resource: 1 to 128 characters without control characters.
#[must_use]
pub fn is_resource_id(text: &str) -> bool {
    is_reference(text, 128)
}

/// Returns true if usage can name this person: 1 to 255 characters without control characters.
#[must_use]
pub fn is_user_id(text: &str) -> bool {
    is_reference(text, 255)
}

fn is_reference(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.chars().count()) && !text.contains(char::is_control)
}

/// The largest age of an event that a client may record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxAge(Duration);

impl MaxAge {
    /// Returns the largest age for a client with these scopes.
    #[must_use]
    pub fn of_client(scopes: &[String]) -> Self {
        let can_backfill = scopes.iter().any(|scope| scope == "usage:backfill");
        Self(Duration::days(if can_backfill { BACKFILL_DAYS } else { ACCEPT_DAYS }))
    }

    /// Returns true if an event with this timestamp can be recorded at `now`.
    #[must_use]
    pub fn includes(self, timestamp: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now - timestamp <= self.0
    }
}

/// Parses one event of a request, of any age. The error is the result of this event, because an
/// invalid event does not affect the other events of the request.
///
/// # Errors
/// Returns [`Status::Invalid`] or [`Status::InFuture`].
pub fn read(value: &Value, now: DateTime<Utc>) -> Result<UsageEvent, Status> {
    // Serde would also accept an array with the fields in order.
    let input = Some(value)
        .filter(|value| value.is_object())
        .and_then(|value| EventInput::deserialize(value).ok())
        .ok_or(Status::Invalid)?;
    if !is_event_id(&input.id)
        || !is_kind(&input.kind)
        || !input.resource_id.as_deref().is_none_or(is_resource_id)
        || !input.user_id.as_deref().is_none_or(is_user_id)
        || (input.is_final && input.hold_id.is_none())
    {
        return Err(Status::Invalid);
    }
    let timestamp = input.timestamp.trunc_subsecs(3);
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
        hold_id: input.hold_id,
        is_final: input.is_final,
    })
}

/// Returns true if an event with this timestamp can be voided at `now`: for 95 days, in which its
/// record certainly exists.
#[must_use]
pub fn is_voidable(timestamp: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - timestamp <= Duration::days(VOID_DAYS)
}

/// The result of voiding a usage event.
///
/// - `voided`: the event is removed from every total. If the month of the event is closed, its
///   totals stay, and the statement of the current month takes the event back by an adjustment.
/// - `already_voided`: the id was voided before.
/// - `unknown`: there is no such event, or it is older than 95 days. If an event with this id is
///   sent in the next 96 days, it gets the status `voided` and does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VoidStatus)]
pub enum Voided {
    /// The event is removed from every total.
    Voided,
    /// The id was voided before.
    AlreadyVoided,
    /// There is no such event, or it is older than 95 days.
    Unknown,
}

/// The outcome of writing one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// The event is recorded and counts now.
    Counted,
    /// The id was recorded before.
    Known {
        /// The event that was recorded.
        event: Box<UsageEvent>,
        /// True if it was voided since.
        is_voided: bool,
    },
    /// The id was voided before any event had it.
    VoidedAhead,
    /// The event was not recorded: the organization has [`KINDS_MAX`] other kinds in the event's
    /// month.
    TooManyKinds,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn every_field_of_an_event_is_read() {
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
            json!({"user_id": "a\u{7f}"}),
            json!({"resource_id": "a\nb"}),
            json!({"resource_id": "\0"}),
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
    fn an_event_may_be_five_minutes_ahead() {
        let at = |moment: DateTime<Utc>| event(&json!({"timestamp": moment})).map(|_| ());
        assert_eq!(at(now() + Duration::minutes(5)), Ok(()));
        assert_eq!(
            at(now() + Duration::minutes(5) + Duration::milliseconds(1)),
            Err(Status::InFuture)
        );
        assert_eq!(event(&json!({"timestamp": "0001-01-01T00:00:00Z"})).map(|_| ()), Ok(()));
    }

    #[test]
    fn a_client_records_events_of_7_days_and_with_the_scope_of_35() {
        let scopes = ["usage:write".to_owned(), "usage:backfill".to_owned()];
        let is_recorded = |age: Duration, scopes: &[String]| {
            MaxAge::of_client(scopes).includes(now() - age, now())
        };
        let instant = Duration::milliseconds(1);
        assert!(is_recorded(Duration::days(35), &scopes));
        assert!(!is_recorded(Duration::days(35) + instant, &scopes));
        assert!(is_recorded(Duration::days(7), &scopes[..1]));
        assert!(!is_recorded(Duration::days(7) + instant, &scopes[..1]));
    }

    #[test]
    fn an_event_can_be_voided_for_95_days() {
        assert!(is_voidable(now() - Duration::days(95), now()));
        assert!(!is_voidable(now() - Duration::days(95) - Duration::milliseconds(1), now()));
    }

    #[test]
    fn a_time_with_an_offset_equals_the_time_in_utc() {
        let zulu = event(&json!({"timestamp": "2026-09-21T14:13:20Z"}));
        assert_eq!(zulu, event(&json!({"timestamp": "2026-09-21T16:13:20.000+02:00"})));
        assert!(zulu.is_ok());
    }
}
