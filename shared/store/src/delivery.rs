//! The mailer's three writes. None of them is read first: what they depend on is their condition, so a delivery that is
//! repeated, late, or crossed by a resend changes nothing that it should not.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use chrono::{DateTime, Utc};
use orgs_domain::token::SecretHash;
use orgs_domain::{Invitation, InvitationId, OrgId};

use crate::failure::Unavailable;
use crate::item::{Item, n, primary_key, s};
use crate::keys;
use crate::plan::attribute_names;
use crate::read::read_invitation;
use crate::store::Store;

impl Store {
    /// Adds a secret's hash to a pending invitation whose mail number `seq` is still to be sent, and returns the invitation
    /// with all its hashes; nothing when there is no mail to send any more. A link that was mailed before stays good.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn add_secret(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Unavailable> {
        let hash = AttributeValue::Bs(vec![Blob::new(hash.as_bytes())]);
        let item = self
            .deliver(
                org,
                invitation,
                "ADD #th :hash",
                "#state = :pending AND #send_seq = :seq AND #sent_seq < :seq AND #exp > :now",
                [(":hash", hash), (":pending", s("pending")), (":seq", n(seq)), (":now", n(now.timestamp_millis()))],
            )
            .await?;
        item.map(read_invitation).transpose()
    }

    /// Notes that mail number `seq` was handed to SES. What SES itself reported since is not overwritten.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn mark_sent(&self, org: &OrgId, invitation: &InvitationId, seq: u32) -> Result<(), Unavailable> {
        self.mark(org, invitation, seq, "sent", "SET #sent_seq = :seq, #delivery = :delivery ADD #version :one").await
    }

    /// Notes that mail number `seq` could not be sent.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn mark_failed(&self, org: &OrgId, invitation: &InvitationId, seq: u32) -> Result<(), Unavailable> {
        self.mark(org, invitation, seq, "failed", "SET #delivery = :delivery ADD #version :one").await
    }

    async fn mark(&self, org: &OrgId, invitation: &InvitationId, seq: u32, delivery: &str, update: &str) -> Result<(), Unavailable> {
        let values = [(":seq", n(seq)), (":delivery", s(delivery)), (":queued", s("queued")), (":one", n(1))];
        self.deliver(org, invitation, update, "#send_seq = :seq AND #delivery = :queued", values).await.map(drop)
    }

    async fn deliver<const N: usize>(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        update: &str,
        condition: &str,
        values: [(&str, AttributeValue); N],
    ) -> Result<Option<Item>, Unavailable> {
        let mut names = attribute_names(update);
        names.extend(attribute_names(condition));
        let call = self
            .client
            .update_item()
            .table_name(&self.settings.core_table)
            .set_key(Some(primary_key(&keys::invitation(org, invitation))))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match call {
            Ok(answer) => Ok(answer.attributes),
            Err(error) if matches!(error.as_service_error(), Some(UpdateItemError::ConditionalCheckFailedException(_))) => Ok(None),
            Err(error) => Err(Unavailable::sdk("UpdateItem", error)),
        }
    }
}
