//! Actions that the table's stream drives.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, join_all};
use lambda_http::aws_lambda_events::dynamodb::{Event, EventRecord};
use orgs_domain::audit::AuditRecord;
use orgs_domain::{AuditId, InvitationId, OrgId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tracing::Instrument;

use crate::function::{Function, Kind};
use crate::metrics::Metric;
use crate::world::World;

/// A mail that an audit record asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailOrder {
    /// The organization.
    pub org_id: OrgId,
    /// The invitation.
    pub invitation_id: InvitationId,
    /// Which of its mails.
    pub send_seq: u32,
}

/// What an audit record asks to be mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// An invitation.
    Invitation(MailOrder),
    /// That who pays for an organization is another one, to its owners.
    BillingMoved(OrgId, AuditId),
}

/// A month in which an organization used something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spending {
    /// The organization.
    pub org_id: OrgId,
    /// When the month starts.
    pub month: DateTime<Utc>,
}

/// The record is to be handed over again, a little later.
#[derive(Debug, thiserror::Error)]
#[error("to be tried again: {0}")]
pub struct Retry(pub String);

/// Which records of a batch are to be handed over again: `ReportBatchItemFailures` of an event source.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamFailures {
    /// The records.
    pub batch_item_failures: Vec<StreamFailure>,
}

/// A record that is to be handed over again.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamFailure {
    /// Its sequence number.
    pub item_identifier: String,
}

/// The part of an audit record that asks for a mail.
#[derive(Deserialize)]
struct AuditImage {
    id: AuditId,
    org_id: OrgId,
    mail: Mail,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Mail {
    Invitation { invitation_id: InvitationId, send_seq: u32 },
    Notice { notice: NoticeKind },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum NoticeKind {
    BillingMoved,
}

/// The part of a month's counter that says whose it is.
#[derive(Deserialize)]
struct MonthImage {
    org_id: OrgId,
    month: String,
}

/// What handles an order of a mail.
pub(crate) type HandleMail = for<'a> fn(&'a World, Order) -> BoxFuture<'a, Result<(), Retry>>;
/// What handles a month in which something was used.
pub(crate) type HandleSpending = for<'a> fn(&'a World, Spending) -> BoxFuture<'a, Result<(), Retry>>;
/// What handles audit records, and returns the positions of those that are to come again.
pub(crate) type HandleEvents = for<'a> fn(&'a World, &'a [AuditRecord]) -> BoxFuture<'a, Vec<usize>>;

/// Notes in the log what came of a record.
fn said(span: &tracing::Span, outcome: Result<(), Retry>) -> Result<(), Retry> {
    span.in_scope(|| match &outcome {
        Ok(()) => tracing::info!("handled"),
        Err(error) => tracing::warn!(%error, "not handled"),
    });
    outcome
}

impl Function {
    /// Handles a batch of the stream. Records that are not for this function are passed over; those that are not what they say come again, a
    /// few times, and then lie in the queue of failures, where somebody can look at them.
    pub async fn deliver(&self, world: &World, event: Event) -> StreamFailures {
        let again = match self.kind {
            Kind::Mail(handle) => {
                let orders = event.records.into_iter().map(|record| self.deliver_one(world, handle, record));
                join_all(orders).await.into_iter().flatten().collect()
            }
            Kind::Events(handle) => self.publish(world, handle, event.records).await,
            Kind::Spending(handle) => self.spend(world, handle, event.records).await,
            Kind::Http(_) | Kind::Schedule(_) | Kind::Feedback(_) => Vec::new(),
        };
        StreamFailures { batch_item_failures: again.into_iter().map(|item_identifier| StreamFailure { item_identifier }).collect() }
    }

    /// Returns the record's sequence number where it is to be handed over again.
    async fn deliver_one(&self, world: &World, handle: HandleMail, record: EventRecord) -> Option<String> {
        if !record.change.new_image.contains_key("mail") {
            return None;
        }
        let created = record.change.approximate_creation_date_time;
        let (sequence, AuditImage { id, org_id, mail }) = match self.read(world, record) {
            Ok(read) => read,
            Err(sequence) => return Some(sequence),
        };
        let waited = world.clock.now() - created;
        world.metrics.note(Metric::MailAge, u64::try_from(waited.num_milliseconds()).unwrap_or_default());
        let order = match mail {
            Mail::Invitation { invitation_id, send_seq } => Order::Invitation(MailOrder { org_id, invitation_id, send_seq }),
            Mail::Notice { notice: NoticeKind::BillingMoved } => Order::BillingMoved(org_id, id),
        };
        let span = tracing::info_span!("record", function = self.name, %org_id, audit_id = %id, invitation_id = tracing::field::Empty);
        if let Order::Invitation(MailOrder { invitation_id, .. }) = order {
            span.record("invitation_id", tracing::field::display(invitation_id));
        }
        let outcome = handle(world, order).instrument(span.clone()).await;
        said(&span, outcome).is_err().then_some(sequence)
    }

    /// Looks at each month in which something was used, once in a batch. Returns the sequence numbers of the records that are to be handed
    /// over again.
    async fn spend(&self, world: &World, handle: HandleSpending, records: Vec<EventRecord>) -> Vec<String> {
        let mut again = Vec::new();
        let mut months: BTreeMap<Spending, Vec<String>> = BTreeMap::new();
        for record in records.into_iter().filter(|record| record.change.new_image.contains_key("month")) {
            match self.read::<MonthImage>(world, record) {
                Ok((sequence, MonthImage { org_id, month })) => match format!("{month}-01T00:00:00Z").parse() {
                    Ok(month) => months.entry(Spending { org_id, month }).or_default().push(sequence),
                    Err(_) => again.push(sequence),
                },
                Err(sequence) => again.push(sequence),
            }
        }
        for (spending, sequences) in months {
            let span = tracing::info_span!("spending", function = self.name, org_id = %spending.org_id, month = %spending.month);
            if said(&span, handle(world, spending).instrument(span.clone()).await).is_err() {
                again.extend(sequences);
            }
        }
        again
    }

    /// Returns the sequence numbers of the audit records that are to be handed over again.
    async fn publish(&self, world: &World, handle: HandleEvents, records: Vec<EventRecord>) -> Vec<String> {
        let (mut again, mut sequences, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for record in records.into_iter().filter(|record| record.change.new_image.contains_key("action")) {
            match self.read::<AuditRecord>(world, record) {
                Ok((sequence, event)) => {
                    sequences.push(sequence);
                    events.push(event);
                }
                Err(sequence) => again.push(sequence),
            }
        }
        let span = tracing::info_span!("records", function = self.name, events = events.len());
        let failed = handle(world, &events).instrument(span).await;
        again.extend(failed.into_iter().filter_map(|at| sequences.get(at).cloned()));
        again
    }

    /// A record's sequence number, and what is in its new image; the number alone where that is something else.
    fn read<T: DeserializeOwned>(&self, world: &World, record: EventRecord) -> Result<(String, T), String> {
        let sequence = record.change.sequence_number.unwrap_or_default();
        match serde_dynamo::from_item(record.change.new_image) {
            Ok(image) => Ok((sequence, image)),
            Err(error) => {
                tracing::error!(function = self.name, sequence, %error, "the record is not what it says");
                world.metrics.note(Metric::InternalErrors, 1);
                Err(sequence)
            }
        }
    }
}
