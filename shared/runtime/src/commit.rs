//! From a decision to its commit, and from a commit that did not happen to what the caller is told.

use orgs_domain::invitation::{AcceptError, AddressLock, InviteError};
use orgs_domain::{AuditId, Member};
use orgs_policies::Permit;
use orgs_store::{
    BulkInvitation, BulkInvitationError, Commit, CommitError, Condition, IdempotencyKey,
    Transaction,
};

use crate::problem::{ActionError, Problem, Result};
use crate::problem_code::ProblemCode;
use crate::request_context::{RequestContext, answered_before};
use crate::response::Response;

/// What stands between an invitation and its mail, and means the same whatever was read.
const MAIL: [Condition; 3] =
    [Condition::AddressOpen, Condition::SenderRate, Condition::RecipientRate];

impl RequestContext<'_> {
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
        change: &impl Transaction,
        response: Response,
    ) -> Result<Response> {
        self.commit_keyed(permit, member, change, response, self.given_key().as_ref()).await
    }

    /// Commits a decision, and remembers the answer under `key` where one is given.
    pub(crate) async fn commit_keyed(
        &self,
        permit: &Permit,
        member: Option<&Member>,
        change: &impl Transaction,
        response: Response,
        key: Option<&IdempotencyKey>,
    ) -> Result<Response> {
        let commit = self.commit_envelope(permit, member, key, &response)?;
        let committed = self.app.store.commit(&commit, change).await;
        committed.map(|()| response).map_err(|error| self.not_committed(error, key))
    }

    /// Answers what changed nothing, and remembers the answer under its `Idempotency-Key`.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn respond_unchanged(
        &self,
        permit: &Permit,
        member: Option<&Member>,
        response: Response,
    ) -> Result<Response> {
        let idempotency = self.given_key();
        let commit = self.commit_envelope(permit, member, idempotency.as_ref(), &response)?;
        let remembered = self.app.store.remember(&commit).await;
        remembered
            .map(|()| response)
            .map_err(|error| self.not_committed(error, idempotency.as_ref()))
    }

    fn commit_envelope<'a>(
        &'a self,
        permit: &'a Permit,
        member: Option<&'a Member>,
        idempotency: Option<&'a IdempotencyKey>,
        response: &Response,
    ) -> Result<Commit<'a>> {
        Ok(Commit {
            permit,
            actor: self.person()?,
            member,
            audit_id: AuditId::new(self.app.ids.generate()),
            request_id: &self.request_id,
            now: self.now,
            idempotency,
            response: (
                response.status,
                response.text_body().map(str::to_owned),
                response.etag.clone(),
            ),
        })
    }

    /// What a commit that did not happen means to the caller.
    #[must_use]
    pub fn commit_error(&self, error: CommitError) -> ActionError {
        self.not_committed(error, self.given_key().as_ref())
    }

    fn not_committed(
        &self,
        error: CommitError,
        idempotency: Option<&IdempotencyKey>,
    ) -> ActionError {
        match error {
            CommitError::Replay(stored) => answered_before(*stored, idempotency),
            CommitError::Lost { conditions, taken } => self.lost(&conditions, taken.as_ref()),
            CommitError::Contention => Problem::contention().into(),
            CommitError::StoreError(error) => error.into(),
        }
    }

    /// What conditions mean that no read comes before. Everything else is judged anew.
    fn lost(&self, conditions: &[Condition], taken: Option<&AddressLock>) -> ActionError {
        let waits = || {
            conditions
                .iter()
                .filter_map(|condition| orgs_store::retry_after(*condition, self.now))
                .max()
        };
        let problem = match (conditions, taken) {
            ([Condition::AddressFree], Some(lock)) => InviteError::from(lock).into(),
            ([Condition::OrgLimit], _) => Problem::new(
                ProblemCode::OrgLimitReached,
                format!(
                    "one person creates at most {} organizations",
                    self.app.settings.limits.orgs_per_creator
                ),
            ),
            ([Condition::InviterIsOwner], _) => AcceptError::Revoked.into(),
            _ if !conditions.iter().all(|condition| MAIL.contains(condition)) => {
                return ActionError::Retry(format!("{conditions:?}"));
            }
            _ if conditions.contains(&Condition::AddressOpen) => Problem::address_blocked(),
            _ => Problem::rate_limited(waits()),
        };
        ActionError::Final(Box::new(problem))
    }

    /// Makes many invitations, each on its own: of each, why it was not made, or nothing.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn invite_each(
        &self,
        permit: &Permit,
        inviter: &Member,
        lines: &[BulkInvitation],
    ) -> Result<Vec<Option<BulkInvitationError>>> {
        let commit = self.commit_envelope(permit, Some(inviter), None, &Response::no_content())?;
        let limits = &self.app.settings.limits;
        self.app
            .store
            .invite_each(&commit, inviter, lines, limits)
            .await
            .map_err(|error| self.not_committed(error, None))
    }

    /// What keeps one of many invitations from being made.
    #[must_use]
    pub fn refused_line(&self, refused: &BulkInvitationError) -> Problem {
        match refused {
            BulkInvitationError::Taken(lock) => InviteError::from(lock).into(),
            BulkInvitationError::Blocked => Problem::address_blocked(),
            BulkInvitationError::RateLimited => Problem::rate_limited(None),
        }
    }
}
