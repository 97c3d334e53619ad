//! Telling the owners of an organization something by mail: each once, as far as that can be.

use std::time::Duration;

use orgs_domain::{Member, Org, OrgId, Role};
use orgs_mail::{MailError, Message};
use orgs_store::keys::MEMBERS;
use orgs_store::{
    Lease, MemberFilter, Notice, PageRequest, ReadIsolation, ReadRequest, ReadResponse, StoreError,
};
use tokio::time::Instant;

use crate::app_state::AppState;
use crate::messages::RetryableError;
use crate::metrics::Metric;

/// The wait before a retry while another process holds the lease. With it, the retries of a record
/// last longer than a lease.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest run of one notice. Other mails wait meanwhile; a retry mails the owners that are
/// left.
const AT_MOST: Duration = Duration::from_secs(20);

impl AppState {
    /// An organization with its budget, as they are now.
    ///
    /// # Errors
    /// When the database does not answer.
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

    /// Mails every owner, unless that was done before. A process that ends between a mail and its
    /// note sends that one again; what SES cannot take now comes again for those who are left; what
    /// it refuses is not tried again.
    ///
    /// # Errors
    /// When this is to be tried again.
    pub async fn notify_owners<E: std::fmt::Display>(
        &self,
        id: OrgId,
        notice: Notice,
        message: impl Fn(&Org, &Member) -> Result<Message, E> + Send,
    ) -> Result<(), RetryableError> {
        let retry = |error: StoreError| RetryableError(error.to_string());
        let told = match self
            .store
            .acquire_notice(&id, notice, self.ids.generate(), self.clock.now())
            .await
            .map_err(retry)?
        {
            Lease::Acquired(told) => told,
            Lease::Completed => return Ok(()),
            Lease::HeldElsewhere => {
                tokio::time::sleep(PAUSE).await;
                return Err(RetryableError("somebody else tells the owners".to_owned()));
            }
        };
        // What became of it meanwhile is what is told.
        let Some(org) = self.org_with_budget(id).await.map_err(retry)?.org else { return Ok(()) };
        let owners = self.owners(&id).await.map_err(retry)?;
        // Who became an owner just now is in the index a moment later.
        let mut waits = (owners.len() < org.owner_count as usize)
            .then(|| "an owner is not in the index yet".to_owned());
        let until = Instant::now() + AT_MOST;
        for owner in owners.iter().filter(|owner| !told.contains(&owner.user_id)) {
            if Instant::now() > until {
                waits = Some("more owners than one run can mail".to_owned());
                break;
            }
            let message =
                message(&org, owner).map_err(|error| RetryableError(error.to_string()))?;
            match self.mailer.send(&message, self.clock.now()).await {
                Ok(()) => {}
                Err(MailError::Unavailable(why)) => {
                    tracing::error!(why, "SES did not take a notice to an owner");
                    self.metrics.record(Metric::MailFailures, 1);
                    waits = Some(why);
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "an owner is not told");
                    self.metrics.record(Metric::MailFailures, 1);
                }
            }
            self.store
                .mark_notified(&id, notice, &owner.user_id, self.clock.now())
                .await
                .map_err(retry)?;
        }
        match waits {
            None => self.store.complete_notice(&id, notice, self.clock.now()).await.map_err(retry),
            Some(why) => {
                self.store.release_notice(&id, notice).await.map_err(retry)?;
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
