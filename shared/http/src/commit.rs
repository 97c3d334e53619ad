//! From a decision to its commit, and from a commit that did not happen to what the caller is told.

use orgs_domain::invitation::{AcceptRefused, AddressLock, InviteRefused};
use orgs_domain::{AuditId, Member};
use orgs_policies::Permit;
use orgs_store::{Change, Commit, CommitError, Guard, IdempotencyKey, Line, LineRefused};

use crate::call::{Call, answered_before};
use crate::problem::{Problem, Result, Stop};
use crate::reply::Reply;

/// What stands between an invitation and its mail, and means the same whatever was read.
const MAIL: [Guard; 3] = [Guard::AddressOpen, Guard::SenderRate, Guard::RecipientRate];

impl Call<'_> {
    /// Commits a decision together with its audit record and the answer that an `Idempotency-Key`
    /// remembers.
    ///
    /// # Errors
    /// What the conditions that did not hold mean: a refusal, an earlier answer, or that the action
    /// has to run again.
    pub async fn commit(
        &self,
        permit: &Permit,
        member: Option<&Member>,
        change: &impl Change,
        reply: Reply,
    ) -> Result<Reply> {
        self.commit_keyed(permit, member, change, reply, self.given_key().as_ref()).await
    }

    /// Commits a decision, and remembers the answer under `key` where one is given.
    pub(crate) async fn commit_keyed(
        &self,
        permit: &Permit,
        member: Option<&Member>,
        change: &impl Change,
        reply: Reply,
        key: Option<&IdempotencyKey>,
    ) -> Result<Reply> {
        let commit = self.around(permit, member, key, &reply)?;
        let committed = self.world.store.commit(&commit, change).await;
        committed.map(|()| reply).map_err(|error| self.not_committed(error, key))
    }

    /// Answers what changed nothing, and remembers the answer under its `Idempotency-Key`.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn unchanged(
        &self,
        permit: &Permit,
        member: Option<&Member>,
        reply: Reply,
    ) -> Result<Reply> {
        let idempotency = self.given_key();
        let commit = self.around(permit, member, idempotency.as_ref(), &reply)?;
        let remembered = self.world.store.remember(&commit).await;
        remembered.map(|()| reply).map_err(|error| self.not_committed(error, idempotency.as_ref()))
    }

    fn around<'a>(
        &'a self,
        permit: &'a Permit,
        member: Option<&'a Member>,
        idempotency: Option<&'a IdempotencyKey>,
        reply: &Reply,
    ) -> Result<Commit<'a>> {
        Ok(Commit {
            permit,
            actor: self.person()?,
            member,
            audit_id: AuditId::new(self.world.ids.fresh()),
            request_id: &self.request_id,
            now: self.now,
            idempotency,
            reply: (reply.status, reply.text_body().map(str::to_owned), reply.etag.clone()),
        })
    }

    /// What a commit that did not happen means to the caller.
    #[must_use]
    pub fn not_recorded(&self, error: CommitError) -> Stop {
        self.not_committed(error, self.given_key().as_ref())
    }

    fn not_committed(&self, error: CommitError, idempotency: Option<&IdempotencyKey>) -> Stop {
        match error {
            CommitError::Replay(stored) => answered_before(*stored, idempotency),
            CommitError::Lost { guards, taken } => self.lost(&guards, taken.as_ref()),
            CommitError::Contention => Problem::contention().into(),
            CommitError::Unavailable(error) => error.into(),
        }
    }

    /// What conditions mean that no read comes before. Everything else is judged anew.
    fn lost(&self, guards: &[Guard], taken: Option<&AddressLock>) -> Stop {
        let waits =
            || guards.iter().filter_map(|guard| orgs_store::retry_after(*guard, self.now)).max();
        let problem = match (guards, taken) {
            ([Guard::AddressFree], Some(lock)) => InviteRefused::from(lock).into(),
            ([Guard::OrgLimit], _) => Problem::new(
                409,
                "org_limit_reached",
                format!(
                    "one person creates at most {} organizations",
                    self.world.settings.limits.orgs_per_creator
                ),
            ),
            ([Guard::InviterIsOwner], _) => AcceptRefused::Revoked.into(),
            _ if !guards.iter().all(|guard| MAIL.contains(guard)) => {
                return Stop::Again(format!("{guards:?}"));
            }
            _ if guards.contains(&Guard::AddressOpen) => Problem::address_blocked(),
            _ => Problem::rate_limited(waits()),
        };
        Stop::Settled(Box::new(problem))
    }

    /// Makes many invitations, each on its own: of each, why it was not made, or nothing.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn invite_each(
        &self,
        permit: &Permit,
        inviter: &Member,
        lines: &[Line],
    ) -> Result<Vec<Option<LineRefused>>> {
        let commit = self.around(permit, Some(inviter), None, &Reply::no_content())?;
        let limits = &self.world.settings.limits;
        self.world
            .store
            .invite_each(&commit, inviter, lines, limits)
            .await
            .map_err(|error| self.not_committed(error, None))
    }

    /// What keeps one of many invitations from being made.
    #[must_use]
    pub fn refused_line(&self, refused: &LineRefused) -> Problem {
        match refused {
            LineRefused::Taken(lock) => InviteRefused::from(lock).into(),
            LineRefused::Blocked => Problem::address_blocked(),
            LineRefused::RateLimited => Problem::rate_limited(None),
        }
    }
}
