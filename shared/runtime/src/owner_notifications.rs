//! Sends a notice to all owners of an organization by mail, once to each if possible.

use std::time::Duration;

use orgs_domain::{AuditId, Member, Org, OrgId, Role};
use orgs_mail::{MailError, Message};
use orgs_store::keys::MEMBERS;
use orgs_store::{
    Lease, MemberFilter, PageRequest, ReadIsolation, ReadRequest, ReadResponse, StoreError,
};
use tokio::time::Instant;

use crate::app_state::AppState;
use crate::messages::RetryableError;
use crate::metrics::Metric;

/// The wait before a retry while another process holds the lease. With it, the retries of a record
/// last longer than a lease.
const LEASE_HELD_DELAY: Duration = Duration::from_secs(2);
/// The longest time for the mails of one notice in one attempt. Other mails of the batch wait for
/// it. A retry sends the notice to the remaining owners.
const ATTEMPT_DURATION_MAX: Duration = Duration::from_secs(20);

impl AppState {
    /// Loads an organization and its budget.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not respond.
    pub async fn org_with_budget(&self, org: OrgId) -> Result<ReadResponse, StoreError> {
        let request = ReadRequest {
            org,
            caller: None,
            members: &[],
            invitation: None,
            resources: &[],
            policies: false,
            budget: true,
            addresses: &[],
            idempotency: None,
            now: self.clock.now(),
            isolation: ReadIsolation::Batch,
        };
        self.store.read(&request).await
    }

    /// Sends the notice of an audit record to every owner who did not get it yet. If SES is unavailable, a retry sends
    /// it to the remaining owners. If SES rejects the mail to an owner, that owner is skipped for
    /// good. If the process ends after it sent a mail and before it recorded that, the owner gets
    /// the notice twice.
    ///
    /// # Errors
    /// [`RetryableError`] if SES or the database is unavailable, another process holds the lease,
    /// or owners remain.
    pub async fn notify_owners<E: std::fmt::Display>(
        &self,
        id: OrgId,
        record: AuditId,
        message: impl Fn(&Org, &Member) -> Result<Message, E> + Send,
    ) -> Result<(), RetryableError> {
        let retry = |error: StoreError| RetryableError(error.to_string());
        let notified = match self
            .store
            .acquire_notice(&id, record, self.ids.generate(), self.clock.now())
            .await
            .map_err(retry)?
        {
            Lease::Acquired(notified) => notified,
            Lease::Completed => return Ok(()),
            Lease::HeldElsewhere => {
                tokio::time::sleep(LEASE_HELD_DELAY).await;
                return Err(RetryableError("another process sends the notice".to_owned()));
            }
        };
        // The mail states the current values, which can differ from those at the time of the event.
        let Some(org) = self.org_with_budget(id).await.map_err(retry)?.org else { return Ok(()) };
        let owners = self.owners(&id).await.map_err(retry)?;
        // The index of members is eventually consistent: a new owner can be missing.
        let mut retry_reason = (owners.len() < org.owner_count as usize)
            .then(|| "an owner is not in the index yet".to_owned());
        let deadline = Instant::now() + ATTEMPT_DURATION_MAX;
        for owner in owners.iter().filter(|owner| !notified.contains(&owner.user_id)) {
            if Instant::now() > deadline {
                retry_reason = Some("too many owners to mail in one attempt".to_owned());
                break;
            }
            let message =
                message(&org, owner).map_err(|error| RetryableError(error.to_string()))?;
            match self.mailer.send(&message, self.clock.now()).await {
                Ok(()) => {}
                Err(MailError::Unavailable(why)) => {
                    tracing::error!(error = why, "SES did not take a notice to an owner");
                    self.metrics.record(Metric::MailFailures, 1);
                    retry_reason = Some(why);
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "an owner did not get the notice");
                    self.metrics.record(Metric::MailFailures, 1);
                }
            }
            self.store
                .mark_notified(&id, record, &owner.user_id, self.clock.now())
                .await
                .map_err(retry)?;
        }
        match retry_reason {
            None => self.store.complete_notice(&id, record, self.clock.now()).await.map_err(retry),
            Some(why) => {
                self.store.release_notice(&id, record).await.map_err(retry)?;
                Err(RetryableError(why))
            }
        }
    }

    async fn owners(&self, org: &OrgId) -> Result<Vec<Member>, StoreError> {
        let (mut owners, mut next) = (Vec::new(), PageRequest::new(100, None, &[MEMBERS]));
        let filter = MemberFilter::Role(Role::Owner);
        while let Some(page) = next {
            let found = self.store.members(org, &filter, &page).await?;
            owners.extend(found.data);
            next = found
                .next_cursor
                .and_then(|cursor| PageRequest::new(100, Some(&cursor), filter.cursors()));
        }
        Ok(owners)
    }
}
