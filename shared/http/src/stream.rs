//! Actions that the table's stream drives.

use futures::future::join_all;
use lambda_http::aws_lambda_events::dynamodb::{Event, EventRecord};
use orgs_domain::{InvitationId, OrgId};
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

impl Function {
    /// Handles a batch of the stream, all records at once. Records that ask for nothing are passed over.
    pub async fn deliver(&self, world: &World, event: Event) -> StreamFailures {
        let outcomes = join_all(event.records.into_iter().map(|record| self.deliver_one(world, record))).await;
        StreamFailures {
            batch_item_failures: outcomes.into_iter().flatten().map(|item_identifier| StreamFailure { item_identifier }).collect(),
        }
    }

    /// Returns the record's sequence number where it is to be handed over again.
    async fn deliver_one(&self, world: &World, record: EventRecord) -> Option<String> {
        let Kind::Mail(handle) = self.kind else { return None };
        let sequence = record.change.sequence_number.unwrap_or_default();
        if !record.change.new_image.contains_key("mail") {
            return None;
        }
        let AuditImage { org_id, mail } = match serde_dynamo::from_item(record.change.new_image) {
            Ok(image) => image,
            Err(error) => {
                // It comes again a few times, and then lies in the queue of failures, where somebody can look at it.
                tracing::error!(function = self.name, sequence, %error, "the record is not an order of a mail");
                world.metrics.note(Metric::InternalErrors, 1);
                return Some(sequence);
            }
        };
        let waited = world.clock.now() - record.change.approximate_creation_date_time;
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
}
