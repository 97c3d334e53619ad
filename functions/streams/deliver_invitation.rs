//! Mails what changes ask for: an invitation, and to owners that somebody else pays for their organization now. The requests come from the
//! mail queue. The secrets in an invitation's links are made here, so they exist in the mail alone: their hashes are stored, then
//! the mail is sent, then the invitation is marked.
//!
//! It may stop between any two steps and be called again: each call adds hashes of its own, so a link that was mailed
//! before stays good. While SES takes no mail, the request comes again every few minutes. After [`PATIENCE`] the invitation shows
//! that its mail failed, and the request goes on coming until the queue puts it aside, from where it can be sent back.

use chrono::{DateTime, TimeDelta, Utc};
use orgs_http::domain::token::Secret;
use orgs_http::domain::{AuditId, OrgId};
use orgs_http::mail::{self, MailError, Secrets};
use orgs_http::store::Notice;
use orgs_http::{InvitationMail, Mail, MailRequest, Metric, Retry, World};

orgs_http::action!(deliver_invitation, "Mails an invitation with its secret link, and tells owners who pays", mail: handle);

/// For how long a mail is tried before its invitation shows that it failed. The mail queue puts a message aside after six hours.
const PATIENCE: TimeDelta = TimeDelta::hours(5);

async fn handle(world: &World, MailRequest { at, mail }: MailRequest) -> Result<(), Retry> {
    match mail {
        Mail::Invitation(mail) => {
            let outcome = invite(world, mail).await;
            if outcome.is_err() && world.clock.now() - at >= PATIENCE {
                world.store.mark_given_up(&mail.org_id, &mail.invitation_id, mail.send_seq).await.map_err(retry)?;
            }
            outcome
        }
        Mail::BillingMoved(org, record) => tell(world, org, record, at).await,
    }
}

/// Tells the owners that somebody else pays now.
async fn tell(world: &World, org: OrgId, record: AuditId, at: DateTime<Utc>) -> Result<(), Retry> {
    if !world.store.may_tell(&org, record, at).await.map_err(retry)? {
        tracing::warn!(org_id = %org, audit_id = %record, "the owners were told of as many changes of that day as they are told of in a day");
        return Ok(());
    }
    world.tell_owners(org, Notice::Audit(record), |org, owner| mail::billing_moved(org, owner, world.mailer.settings())).await
}

async fn invite(world: &World, mail: InvitationMail) -> Result<(), Retry> {
    let InvitationMail { org_id, invitation_id, send_seq } = mail;
    let secrets = Secrets { link: Secret::fresh().map_err(retry)?, opt_out: Secret::fresh().map_err(retry)? };
    let (hashes, now) = ([&secrets.link.hash(), &secrets.opt_out.hash()], world.clock.now());
    let pending = world.store.add_secrets(&org_id, &invitation_id, send_seq, hashes, now).await.map_err(retry)?;
    let Some(invitation) = pending else { return Ok(()) };
    let message = mail::invitation(&invitation, secrets, world.mailer.settings()).map_err(retry)?;
    let Err(error) = world.mailer.send(&message, now).await else {
        return world.store.mark_sent(&org_id, &invitation_id, send_seq).await.map_err(retry);
    };
    tracing::error!(%error, "the invitation is not mailed");
    world.metrics.note(Metric::MailFailures, 1);
    match error {
        MailError::Refused(_) => world.store.mark_failed(&org_id, &invitation_id, send_seq).await.map_err(retry),
        MailError::Unavailable(why) => Err(Retry(why)),
    }
}

fn retry(error: impl std::fmt::Display) -> Retry {
    Retry(error.to_string())
}
