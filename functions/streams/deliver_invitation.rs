//! Mails what changes ask for: an invitation, and to owners that who pays for their organization is another one. The secrets in an invitation's links are made here, so they exist in the mail alone: their hashes are stored, then
//! the mail is sent, then the invitation is marked.
//!
//! It may stop between any two steps and be called again: each call adds hashes of its own, so a link that was mailed
//! before stays good. Where mail cannot be sent, the invitation says so after a few attempts, and a resend is the remedy; a
//! paused SES never holds up the stream.

use orgs_http::domain::token::Secret;
use orgs_http::domain::{AuditId, OrgId};
use orgs_http::mail::{self, MailError, Secrets};
use orgs_http::store::Notice;
use orgs_http::{MailOrder, Metric, Order, Retry, World};

orgs_http::action!(deliver_invitation, "Mails an invitation with its secret link", mail: handle);

/// How often a mail is tried.
const ATTEMPTS: usize = 5;

async fn handle(world: &World, order: Order) -> Result<(), Retry> {
    match order {
        Order::Invitation(order) => invite(world, order).await,
        Order::BillingMoved(org, record) => tell(world, org, record).await,
    }
}

/// Tells the owners that who pays is another one.
async fn tell(world: &World, org: OrgId, record: AuditId) -> Result<(), Retry> {
    world.tell_owners(org, Notice::Audit(record), |org, owner| mail::billing_moved(org, owner, world.mailer.settings())).await
}

async fn invite(world: &World, order: MailOrder) -> Result<(), Retry> {
    let MailOrder { org_id, invitation_id, send_seq } = order;
    let secrets = Secrets { link: Secret::fresh().map_err(retry)?, opt_out: Secret::fresh().map_err(retry)? };
    let (hashes, now) = ([&secrets.link.hash(), &secrets.opt_out.hash()], world.clock.now());
    let pending = world.store.add_secrets(&org_id, &invitation_id, send_seq, hashes, now).await.map_err(retry)?;
    let Some(invitation) = pending else { return Ok(()) };
    let message = mail::invitation(&invitation, secrets, world.mailer.settings()).map_err(retry)?;
    match world.mailer.send(&message, now).await {
        Ok(()) => world.store.mark_sent(&org_id, &invitation_id, send_seq).await.map_err(retry),
        Err(MailError::Unavailable(why)) if invitation.secrets.len() < ATTEMPTS => Err(Retry(why)),
        Err(error) => {
            tracing::error!(%error, "the invitation is not mailed");
            world.metrics.note(Metric::MailFailures, 1);
            world.store.mark_failed(&org_id, &invitation_id, send_seq).await.map_err(retry)
        }
    }
}

fn retry(error: impl std::fmt::Display) -> Retry {
    Retry(error.to_string())
}
