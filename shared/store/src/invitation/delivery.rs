//! Writes the results of the mailer and of SES's reports. No write needs an earlier read: each has
//! a condition of its own, so a repeated or late delivery or report, or one that crosses a resend,
//! cannot overwrite a newer state.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use orgs_domain::invitation::{Block, Delivery, Outcome};
use orgs_domain::token::SecretHash;
use orgs_domain::{EmailKey, Invitation, InvitationId, OrgId};

use crate::cursor::PageRequest;
use crate::error::StoreError;
use crate::invitation::lock;
use crate::item::{Item, n, primary_key, s};
use crate::keys::{self, Key};
use crate::list::Part;
use crate::read::read_invitation;
use crate::store::Store;
use crate::tx::{Expr, attribute_names};

impl Store {
    /// Adds the hashes of a mail's two secrets (of its link and of its opt-out link) to an
    /// invitation, and returns the invitation with all its hashes. Returns `None` if mail number
    /// `seq` must not be sent: it was sent already, or the invitation changed or expired. Links of
    /// earlier mails stay valid.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn add_secrets(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
        hashes: [&SecretHash; 2],
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, StoreError> {
        let [link, opt_out] =
            hashes.map(|hash| AttributeValue::Bs(vec![Blob::new(hash.as_bytes())]));
        let update = "ADD #th :link, #oh :opt_out";
        let condition = "#state = :pending AND #send_seq = :seq AND #sent_seq < :seq AND (#delivery = :queued OR #gave_up = :seq) AND #exp > :now";
        let values = [
            (":link", link),
            (":opt_out", opt_out),
            (":pending", s("pending")),
            (":queued", s("queued")),
            (":seq", n(seq)),
            (":now", n(now.timestamp_millis())),
        ];
        let item =
            self.update(&keys::invitation(org, invitation), update, condition, values).await?;
        item.map(read_invitation).transpose()
    }

    /// Records that mail number `seq` was handed to SES. A status that SES reported since then
    /// stays.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn mark_sent(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
    ) -> Result<(), StoreError> {
        let update =
            "SET #sent_seq = :seq, #delivery = :delivery REMOVE #gave_up ADD #version :one";
        self.mark(org, invitation, seq, Delivery::Sent, update, &[Delivery::Queued]).await
    }

    /// Records that SES rejected mail number `seq`.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn mark_failed(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
    ) -> Result<(), StoreError> {
        self.mark(org, invitation, seq, Delivery::Failed, SET_DELIVERY, &[Delivery::Queued]).await
    }

    /// Shows mail number `seq` as failed, because SES was unavailable for hours. A later delivery
    /// of its request still sends it, unless the invitation was sent again or the address was
    /// blocked.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn mark_given_up(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
    ) -> Result<(), StoreError> {
        let update = "SET #delivery = :delivery, #gave_up = :seq ADD #version :one";
        let condition = "#send_seq = :seq AND #delivery = :queued";
        let values = [
            (":seq", n(seq)),
            (":delivery", s(Delivery::Failed.as_str())),
            (":queued", s(Delivery::Queued.as_str())),
            (":one", n(1)),
        ];
        self.update(&keys::invitation(org, invitation), update, condition, values).await.map(drop)
    }

    /// Records what SES reported about mail number `seq`, if that is still the invitation's last
    /// mail and the status may follow the current one.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn mark_reported(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        self.mark(org, invitation, seq, outcome.delivery(), SET_DELIVERY, outcome.may_replace())
            .await
    }

    /// Blocks an address: no invitation is sent to it from now on, and its pending invitations show
    /// a failed mail. The call is idempotent, and the first reason stays.
    ///
    /// The block is written first. An invitation that commits after it fails its own condition, and
    /// an invitation that committed before is found here.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn block(
        &self,
        email: &EmailKey,
        reason: Block,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let values =
            [(":reason", s(reason.as_str())), (":now", serde_dynamo::to_attribute_value(now)?)];
        self.update(
            &keys::block(email),
            "SET #reason = :reason, #blocked_at = :now",
            "attribute_not_exists(#PK)",
            values,
        )
        .await?;
        let pending = || Expr::when("#state = :pending").bind(":pending", s("pending"));
        let mut next = Some(PageRequest::first(100));
        while let Some(page) = next {
            let locks = self
                .page(
                    Part::all(keys::address_partition(email), keys::USER_MEMBERSHIPS),
                    pending(),
                    &page,
                    lock,
                )
                .await?;
            try_join_all(
                locks.data.iter().map(|(org, invitation)| self.mark_undeliverable(org, invitation)),
            )
            .await?;
            next = locks
                .next_cursor
                .and_then(|cursor| PageRequest::new(100, Some(&cursor), &[keys::USER_MEMBERSHIPS]));
        }
        Ok(())
    }

    async fn mark_undeliverable(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
    ) -> Result<(), StoreError> {
        let condition = "#state = :pending AND (NOT #delivery IN (:delivery, :complained) OR attribute_exists(#gave_up))";
        let values = [
            (":pending", s("pending")),
            (":delivery", s(Delivery::Failed.as_str())),
            (":complained", s(Delivery::Complained.as_str())),
            (":one", n(1)),
        ];
        self.update(&keys::invitation(org, invitation), SET_DELIVERY, condition, values)
            .await
            .map(drop)
    }

    /// Sets the delivery status of mail number `seq`, if the current status is in `before` or the
    /// mailer gave the mail up.
    async fn mark(
        &self,
        org: &OrgId,
        invitation: &InvitationId,
        seq: u32,
        delivery: Delivery,
        update: &str,
        before: &[Delivery],
    ) -> Result<(), StoreError> {
        let names: Vec<String> = (0..before.len()).map(|i| format!(":before{i}")).collect();
        let condition = format!(
            "#send_seq = :seq AND (#delivery IN ({}) OR #gave_up = :seq)",
            names.join(", ")
        );
        let before = names
            .iter()
            .map(String::as_str)
            .zip(before.iter().map(|delivery| s(delivery.as_str())));
        let values = [(":seq", n(seq)), (":delivery", s(delivery.as_str())), (":one", n(1))]
            .into_iter()
            .chain(before);
        self.update(&keys::invitation(org, invitation), update, &condition, values).await.map(drop)
    }

    /// Updates an item of `core` if a condition holds, and returns the new item. Returns `None` if
    /// the condition fails.
    pub(crate) async fn update<'a>(
        &self,
        key: &Key,
        update: &str,
        condition: &str,
        values: impl IntoIterator<Item = (&'a str, AttributeValue)>,
    ) -> Result<Option<Item>, StoreError> {
        let mut names = attribute_names(update);
        names.extend(attribute_names(condition));
        let call = self
            .client()
            .update_item()
            .table_name(&self.settings.core_table)
            .set_key(Some(primary_key(key)))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(
                values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            ))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match call {
            Ok(answer) => Ok(answer.attributes),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(UpdateItemError::ConditionalCheckFailedException(_))
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(StoreError::sdk("UpdateItem", error)),
        }
    }
}

/// The update that sets the delivery status of an invitation.
const SET_DELIVERY: &str = "SET #delivery = :delivery REMOVE #gave_up ADD #version :one";
