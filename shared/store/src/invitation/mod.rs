//! Commits and lists invitations: creation, resend, closure and acceptance.

pub(crate) mod bulk;
pub(crate) mod delivery;
pub(crate) mod rate;

use chrono::{DateTime, Utc};
use orgs_domain::invitation::{
    Acceptance, AddressLock, InvitationClosure, Invite, Resend, State, Status,
};
use orgs_domain::{EmailKey, Invitation, InvitationId, Org, OrgId, Role, UserId};
use orgs_views::{InvitationView, MemberView};
use serde_json::{Value, json};

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, item, n, s, text, value};
use crate::keys::{self, Key};
use crate::list::Part;
use crate::read::read_invitation;
use crate::store::Store;
use crate::tx::{AuditDiff, Transaction};
use crate::tx::{Condition, Expr, TransactionBuilder};

fn invitation_item(invitation: &Invitation) -> Result<Item, StoreError> {
    let mut written = item(&keys::invitation(&invitation.org_id, &invitation.id), invitation)?;
    written.insert("ek".to_owned(), s(invitation.email.key().as_str()));
    written.insert("exp".to_owned(), n(invitation.expires_at.timestamp_millis()));
    Ok(written)
}

/// Returns the mail that an audit record requests.
fn mail_request(invitation: &Invitation) -> Value {
    json!({"invitation_id": invitation.id, "send_seq": invitation.send_seq})
}

/// Takes the address lock for an invitation, on the condition that the address is free, already
/// belongs to this invitation, or belongs to an expired one.
pub(crate) fn take_address(
    tx: &mut TransactionBuilder,
    invitation: &Invitation,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let lock = AddressLock::Pending {
        invitation_id: invitation.id,
        exp: invitation.expires_at.timestamp_millis(),
    };
    tx.put(
        Condition::AddressFree,
        item(&keys::address(&invitation.email.key(), &invitation.org_id), &lock)?,
        Expr::when("attribute_not_exists(#PK) OR (#state = :pending AND (#exp <= :now OR #invitation_id = :own))")
            .bind(":pending", s("pending"))
            .bind(":own", s(invitation.id.to_string()))
            .bind(":now", n(now.timestamp_millis())),
    )
}

impl Transaction for Invite {
    fn org(&self) -> OrgId {
        self.invitation().org_id
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError> {
        tx.put_new(Condition::Invitation, invitation_item(self.invitation())?)?;
        take_address(tx, self.invitation(), now)
    }

    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff {
        let invitation = self.invitation();
        AuditDiff {
            target: invitation.id.to_string(),
            before: None,
            after: Some(json!(InvitationView::of(invitation, now))),
            mail: Some(mail_request(invitation)),
        }
    }
}

impl Transaction for Resend {
    fn org(&self) -> OrgId {
        self.after().org_id
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    /// Removes the hashes of the links, so that links in earlier mails become invalid. Opt-out
    /// links stay valid.
    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (before, after) = (self.before(), self.after());
        tx.update(
            Condition::Invitation,
            &keys::invitation(&after.org_id, &after.id),
            Expr::update(
                "SET #expires_at = :expires, #exp = :exp, #delivery = :queued, #send_seq = :seq, #org_name = :name ADD #version :one REMOVE #th, #gave_up",
            )
                .and_when("#state = :pending AND #version = :version")
                .bind(":expires", serde_dynamo::to_attribute_value(after.expires_at)?)
                .bind(":exp", n(after.expires_at.timestamp_millis()))
                .bind(":queued", s(after.delivery.as_str()))
                .bind(":seq", n(after.send_seq))
                .bind(":name", s(&after.org_name))
                .bind(":one", n(1))
                .bind(":pending", s("pending"))
                .bind(":version", n(before.version)),
        )?;
        take_address(tx, self.after(), now)
    }

    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff {
        AuditDiff {
            mail: Some(mail_request(self.after())),
            ..changed(self.before(), self.after(), now)
        }
    }
}

/// Returns the audit entry of an invitation that changed.
fn changed(before: &Invitation, after: &Invitation, now: DateTime<Utc>) -> AuditDiff {
    AuditDiff {
        target: after.id.to_string(),
        before: Some(json!(InvitationView::of(before, now))),
        after: Some(json!(InvitationView::of(after, now))),
        mail: None,
    }
}

impl Transaction for InvitationClosure {
    fn org(&self) -> OrgId {
        self.after().org_id
    }

    fn writes_member(&self, _user: &UserId) -> bool {
        false
    }

    /// Keeps the hashes of the links, so that the link still shows the status of the invitation.
    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError> {
        let after = self.after();
        let state = match after.state {
            State::Declined => "declined",
            State::Pending | State::Accepted | State::Revoked => "revoked",
        };
        tx.update(
            Condition::Invitation,
            &keys::invitation(&after.org_id, &after.id),
            Expr::update("SET #state = :state ADD #version :one")
                .and_when("#state = :pending AND #version = :version AND #exp > :now")
                .bind(":state", s(state))
                .bind(":pending", s("pending"))
                .bind(":version", n(self.before().version))
                .bind(":now", n(now.timestamp_millis()))
                .bind(":one", n(1)),
        )?;
        let own = Expr::when("#invitation_id = :own").bind(":own", s(after.id.to_string()));
        tx.delete(Condition::Address, &keys::address(&after.email.key(), &after.org_id), own)
    }

    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff {
        changed(self.before(), self.after(), now)
    }
}

impl Transaction for Acceptance {
    fn org(&self) -> OrgId {
        self.member().org_id
    }

    fn writes_member(&self, user: &UserId) -> bool {
        *user == self.member().user_id
    }

    fn build(&self, tx: &mut TransactionBuilder, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (before, after, member) = (self.before(), self.after(), self.member());
        let email = member.email.key();
        // The invitation must not have been sent again since the read, and must not have expired.
        tx.update(
            Condition::Invitation,
            &keys::invitation(&after.org_id, &after.id),
            Expr::update("SET #state = :accepted, #accepted_by = :user ADD #version :one")
                .and_when("#state = :pending AND #send_seq = :seq AND #exp > :now AND #ek = :ek")
                .bind(":accepted", s("accepted"))
                .bind(":pending", s("pending"))
                .bind(":user", s(member.user_id.as_str()))
                .bind(":one", n(1))
                .bind(":seq", n(before.send_seq))
                .bind(":now", n(now.timestamp_millis()))
                .bind(":ek", s(email.as_str())),
        )?;
        crate::member::join(tx, member)?;
        tx.put(
            Condition::Address,
            crate::member::address_item(member)?,
            Expr::when("#invitation_id = :invitation").bind(":invitation", s(after.id.to_string())),
        )?;
        crate::member::take_seat(tx, member)?;
        if member.role == Role::Owner {
            let inviter = keys::member(&member.org_id, &before.invited_by.user_id);
            tx.check(
                Condition::InviterIsOwner,
                &inviter,
                Expr::when("#role = :owner").bind(":owner", s(Role::Owner.as_str())),
            )?;
        }
        Ok(())
    }

    fn audit_entry(&self, now: DateTime<Utc>) -> AuditDiff {
        AuditDiff {
            target: self.after().id.to_string(),
            before: Some(json!(InvitationView::of(self.before(), now))),
            after: Some(
                json!({"invitation": InvitationView::of(self.after(), now), "member": MemberView::of(self.member())}),
            ),
            mail: None,
        }
    }
}

/// Selects the invitations to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvitationFilter {
    /// Invitations with this status.
    pub status: Option<Status>,
    /// Invitations to this address.
    pub email: Option<EmailKey>,
}

impl Store {
    /// Returns a page of an organization's invitations, newest first, with their status at `now`.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn invitations(
        &self,
        org: &OrgId,
        filter: &InvitationFilter,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<Invitation>, StoreError> {
        let mut conditions = Vec::new();
        let mut expr = Expr::default();
        if let Some(status) = filter.status {
            let (state, time) = match status {
                Status::Pending => ("pending", Some("#exp > :now")),
                Status::Expired => ("pending", Some("#exp <= :now")),
                Status::Accepted => ("accepted", None),
                Status::Declined => ("declined", None),
                Status::Revoked => ("revoked", None),
            };
            conditions.push("#state = :state");
            expr = expr.bind(":state", s(state));
            if let Some(time) = time {
                conditions.push(time);
                expr = expr.bind(":now", n(now.timestamp_millis()));
            }
        }
        if let Some(email) = &filter.email {
            conditions.push("#ek = :ek");
            expr = expr.bind(":ek", s(email.as_str()));
        }
        if !conditions.is_empty() {
            expr = expr.and_when(conditions.join(" AND "));
        }
        self.page(
            Part::all(keys::org_partition(org), keys::INVITATIONS).backward(),
            expr,
            page,
            read_invitation,
        )
        .await
    }

    /// Returns a page of the invitations that an address can accept at `now`, each with its
    /// organization.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn invitations_for(
        &self,
        email: &EmailKey,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<(Org, Invitation)>, StoreError> {
        let pending = Expr::when("#state = :pending AND #exp > :now")
            .bind(":pending", s("pending"))
            .bind(":now", n(now.timestamp_millis()));
        let locks = self
            .page(
                Part::all(keys::address_partition(email), keys::USER_MEMBERSHIPS),
                pending,
                page,
                lock,
            )
            .await?;
        // A page has at most 100 locks, and one call reads at most 100 items.
        let keys: Vec<(Key, Key)> = locks
            .data
            .iter()
            .map(|(org, invitation)| (keys::org(org), keys::invitation(org, invitation)))
            .collect();
        let (orgs, invitations): (Vec<&Key>, Vec<&Key>) =
            keys.iter().map(|(org, invitation)| (org, invitation)).unzip();
        let (orgs, invitations) = futures::try_join!(self.get(&orgs), self.get(&invitations))?;
        let mut data = Vec::new();
        for (org, invitation) in &keys {
            if let (Some(org), Some(invitation)) = (orgs.get(org), invitations.get(invitation)) {
                let (org, invitation): (Org, _) =
                    (value(org.clone())?, read_invitation(invitation.clone())?);
                if invitation.status(now) == Status::Pending && !org.is_gone(now) {
                    data.push((org, invitation));
                }
            }
        }
        Ok(Page { data, next_cursor: locks.next_cursor })
    }
}

/// Returns the organization and the invitation of a pending address lock.
pub(crate) fn lock(item: Item) -> Result<(OrgId, InvitationId), StoreError> {
    let org = text(&item, "SK")
        .and_then(|key| OrgId::parse(key.strip_prefix(keys::USER_MEMBERSHIPS)?).ok());
    match (org, value(item)?) {
        (Some(org), AddressLock::Pending { invitation_id, .. }) => Ok((org, invitation_id)),
        _ => Err(StoreError::new("an address lock has an unexpected format")),
    }
}
