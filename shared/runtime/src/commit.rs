//! Commits decisions, and turns failed conditions into problems or retries.

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

/// The conditions of an invitation's mail. No read loads their items, so a retry would not help.
const MAIL_CONDITIONS: [Condition; 3] =
    [Condition::AddressOpen, Condition::SenderRate, Condition::RecipientRate];

impl RequestContext<'_> {
    /// Commits a decision, its audit record, and the response for its `Idempotency-Key`, in one
    /// transaction.
    ///
    /// # Errors
    /// A problem, [`ActionError::Retry`] or [`ActionError::Replay`], depending on the conditions
    /// that failed. 503 `contention` if transactions keep conflicting or DynamoDB does not respond.
    pub async fn commit(
        &self,
        permit: &Permit,
        member: Option<&Member>,
        change: &impl Transaction,
        response: Response,
    ) -> Result<Response> {
        self.commit_keyed(permit, member, change, response, self.given_key().as_ref()).await
    }

    /// Commits a decision, and stores the response under `key` if there is one.
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

    /// Responds to a request that changes nothing, and stores the response for its
    /// `Idempotency-Key`.
    ///
    /// # Errors
    /// The errors of [`Self::commit`].
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

    /// Returns the action's error for a failed commit.
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
            CommitError::ConditionsFailed { conditions, taken } => {
                self.conditions_failed(&conditions, taken.as_ref())
            }
            CommitError::Contention => Problem::contention().into(),
            CommitError::Store(error) => error.into(),
        }
    }

    /// Returns the error for failed conditions. Conditions on items that no read loads become a
    /// problem. For all others, the action runs again on a new read.
    fn conditions_failed(
        &self,
        conditions: &[Condition],
        taken: Option<&AddressLock>,
    ) -> ActionError {
        let retry_after = || {
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
                    "a person can create at most {} organizations: delete one, or ask the operator",
                    self.app.settings.limits.orgs_per_creator
                ),
            ),
            ([Condition::InviterIsOwner], _) => AcceptError::Revoked.into(),
            _ if !conditions.iter().all(|condition| MAIL_CONDITIONS.contains(condition)) => {
                return ActionError::Retry(format!("{conditions:?}"));
            }
            _ if conditions.contains(&Condition::AddressOpen) => Problem::address_blocked(),
            _ => Problem::rate_limited(retry_after()),
        };
        ActionError::Final(Box::new(problem))
    }

    /// Creates many invitations, each in its own transaction. Returns the error of each line. None
    /// means that its invitation was created.
    ///
    /// # Errors
    /// The errors of [`Self::commit`].
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

    /// Returns the problem of a line whose invitation was not created.
    #[must_use]
    pub fn refused_line(&self, refused: &BulkInvitationError) -> Problem {
        match refused {
            BulkInvitationError::Taken(lock) => InviteError::from(lock).into(),
            BulkInvitationError::Blocked => Problem::address_blocked(),
            BulkInvitationError::RateLimited => Problem::rate_limited(None),
        }
    }
}
