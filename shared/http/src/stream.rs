//! Actions that the table's stream drives.

use futures::future::{BoxFuture, join_all};
use lambda_http::aws_lambda_events::dynamodb::{Event, EventRecord};
use orgs_domain::audit::AuditRecord;
use orgs_domain::{InvitationId, OrgId};
use orgs_events::MOST;
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
    org_id: OrgId,
    mail: Mail,
}

#[derive(Deserialize)]
struct Mail {
    invitation_id: InvitationId,
    send_seq: u32,
}

/// What handles an order of a mail.
pub(crate) type HandleMail = for<'a> fn(&'a World, MailOrder) -> BoxFuture<'a, Result<(), Retry>>;
/// What handles audit records, and returns the positions of those that are to come again.
pub(crate) type HandleEvents = for<'a> fn(&'a World, &'a [AuditRecord]) -> BoxFuture<'a, Result<Vec<usize>, Retry>>;

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
        let (sequence, AuditImage { org_id, mail }) = match self.read(world, record) {
            Ok(read) => read,
            Err(sequence) => return Some(sequence),
        };
        let waited = world.clock.now() - created;
        world.metrics.note(Metric::MailAge, u64::try_from(waited.num_milliseconds()).unwrap_or_default());
        let order = MailOrder { org_id, invitation_id: mail.invitation_id, send_seq: mail.send_seq };
        let span = tracing::info_span!("record", function = self.name, org_id = %order.org_id, invitation_id = %order.invitation_id);
        let outcome = handle(world, order).instrument(span.clone()).await;
        span.in_scope(|| match outcome {
            Ok(()) => {
                tracing::info!("handled");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "not handled");
                Some(sequence)
            }
        })
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
        for (sequences, events) in sequences.chunks(MOST).zip(events.chunks(MOST)) {
            match handle(world, events).instrument(span.clone()).await {
                Ok(failed) => again.extend(failed.into_iter().filter_map(|at| sequences.get(at).cloned())),
                Err(error) => {
                    span.in_scope(|| tracing::warn!(%error, "not handled"));
                    again.extend_from_slice(sequences);
                }
            }
        }
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
