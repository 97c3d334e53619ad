//! Errors of actions, and their form in responses: RFC 9457 problems.
//!
//! The `From` implementations are the only map from the errors of rules to problems.

use chrono::{DateTime, Utc};
use orgs_domain::billing_change::TooManyPayersError;
use orgs_domain::invitation::{AcceptError, InviteError, NotPendingError};
use orgs_domain::member::JoinError;
use orgs_domain::membership::LastOwnerError;
use orgs_domain::ownership_transfer::TransferToSelfError;
use orgs_domain::report::ReportTooLargeError;
use orgs_domain::{InvalidError, Role};
use orgs_policies::{Denial, DenialCode, PolicySetError};
use orgs_store::{StoreError, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem_code::ProblemCode;

/// The result of an action, or of a step of one.
pub type Result<T> = std::result::Result<T, ActionError>;

/// An error that ends an action before its own response.
#[derive(Debug)]
pub enum ActionError {
    /// A problem, which is the response. A problem with status 409 or 410 is first confirmed on a
    /// snapshot read.
    Problem(Box<Problem>),
    /// A problem that a condition of the commit found. It does not depend on what the action read,
    /// so it needs no snapshot read.
    Final(Box<Problem>),
    /// The stored response of an earlier request with the same `Idempotency-Key`.
    Replay(Box<StoredResponse>),
    /// A condition of the commit failed because the action's read is stale. The action runs again.
    /// The text names the conditions.
    Retry(String),
    /// The request has no valid token. The response is the same as API Gateway's own 401.
    Unauthorized,
    /// A bug, or a broken setting. The text is for the logs only.
    Internal(String),
}

/// An error response, before it is written as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code, which determines the HTTP status.
    pub code: ProblemCode,
    /// The reason and the next step, for people.
    pub detail: String,
    /// The invalid fields of the input.
    pub errors: Vec<FieldProblem>,
    /// The lowest higher role that would be allowed.
    pub required_role: Option<Role>,
    /// The ids of the policies that denied the request. None if Cedar did not decide.
    pub policies: Option<Vec<String>>,
    /// The id of the pending invitation to the same address.
    pub invitation_id: Option<String>,
    /// The ids of the organizations that would have no owner.
    pub orgs: Vec<String>,
    /// The seconds to wait before a retry: the header `Retry-After`.
    pub retry_after: Option<i64>,
}

/// An invalid field, query parameter or header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The JSON Pointer (RFC 6901) of the field in the body, or a slash and the name of the query
    /// parameter or header. Empty for the whole body.
    #[schema(example = "/name")]
    pub pointer: String,
    /// The stable code of the error, for code.
    #[schema(example = "invalid_value")]
    pub code: String,
    /// The error as a text for people, which can change.
    #[schema(example = "must be at most 64 characters")]
    pub detail: String,
}

/// An error response (RFC 9457), with the media type `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// The URN of the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:organizations:problem:org_not_found")]
    kind: String,
    /// The code in words, with a capital letter.
    #[schema(example = "Org not found")]
    title: String,
    /// The HTTP status of the response.
    #[schema(example = 404)]
    status: u16,
    /// The reason as a text for people, which can change.
    #[schema(example = "the organization does not exist")]
    detail: &'a str,
    /// The stable code, for code.
    #[schema(example = "org_not_found")]
    code: &'a str,
    /// The id of the request, as in the header `x-request-id`, the logs and the audit record.
    #[schema(example = "b7b0c9a2-6a5e-4c58-9a57-0c9d5d0f5b1e")]
    request_id: &'a str,
    /// With `validation_failed`: the invalid fields.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldProblem],
    /// With status 403: the lowest role that would be allowed. Absent if no higher role would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    required_role: Option<Role>,
    /// With status 403: the ids of the policies that decided. Empty if no policy permits the
    /// request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    policies: Option<&'a [String]>,
    /// With `already_invited`: the id of the pending invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    invitation_id: Option<&'a str>,
    /// With `last_owner`, if the request ends all memberships of a person: the ids of the
    /// organizations that would have no owner.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    orgs: &'a [String],
}

/// The body of API Gateway's response if the token is missing or invalid.
pub const UNAUTHORIZED: &str = r#"{"message":"Unauthorized"}"#;

impl Problem {
    /// Returns a problem with a code and a detail, and without other fields.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            required_role: None,
            policies: None,
            invitation_id: None,
            orgs: Vec::new(),
            retry_after: None,
        }
    }

    /// Returns the response to everyone without access to an organization, whether it exists or
    /// not.
    #[must_use]
    pub fn org_not_found() -> Self {
        Self::new(ProblemCode::OrgNotFound, "the organization does not exist")
    }

    /// Returns the response if there is no such invitation for the caller. It is the same for all
    /// reasons, so that it reveals nothing about other invitations.
    #[must_use]
    pub fn invitation_not_found() -> Self {
        Self::new(ProblemCode::InvitationNotFound, "the invitation does not exist")
    }

    /// Returns `validation_failed` for a field. `pointer` is empty for the whole body.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        let field =
            FieldProblem { pointer: pointer.into(), code: code.to_owned(), detail: detail.into() };
        Self {
            errors: vec![field],
            ..Self::new(ProblemCode::ValidationFailed, "the input is not valid")
        }
    }

    /// Returns `validation_failed` for a field whose value a rule rejected.
    #[must_use]
    pub fn field(pointer: &str, invalid: &InvalidError) -> Self {
        Self::invalid(pointer, invalid.code, invalid.detail.clone())
    }

    /// Returns `address_blocked`: the recipient opted out, or reported an invitation as spam.
    #[must_use]
    pub fn address_blocked() -> Self {
        Self::new(
            ProblemCode::AddressBlocked,
            "this address opted out of invitations, or reported one as spam: ask the operator",
        )
    }

    /// Returns `rate_limited`: too many mails by one inviter, or to one address. `retry_after` has
    /// the seconds to wait.
    #[must_use]
    pub fn rate_limited(retry_after: Option<i64>) -> Self {
        Self {
            retry_after,
            ..Self::new(ProblemCode::RateLimited, "too many invitations: try again later")
        }
    }

    /// Returns `rate_limited`: the payer changed too often. `Retry-After` has the time until it can
    /// change again.
    #[must_use]
    pub fn payer_locked(error: TooManyPayersError, now: DateTime<Utc>) -> Self {
        Self {
            retry_after: Some((error.until - now).num_seconds() + 1),
            ..Self::new(ProblemCode::RateLimited, error.to_string())
        }
    }

    /// Returns `hold_not_found`.
    #[must_use]
    pub fn hold_not_found() -> Self {
        Self::new(ProblemCode::HoldNotFound, "the hold does not exist")
    }

    /// Returns `hold_not_open`.
    #[must_use]
    pub fn hold_not_open() -> Self {
        Self::new(ProblemCode::HoldNotOpen, "the hold is captured, released or expired")
    }

    /// Returns `contention`, with a retry after one second.
    #[must_use]
    pub fn contention() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(ProblemCode::Contention, "too many changes at once: try again")
        }
    }

    /// Returns the body of the response.
    #[must_use]
    pub fn body<'a>(&'a self, request_id: &'a str) -> ProblemBody<'a> {
        ProblemBody {
            kind: format!("urn:organizations:problem:{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status(),
            detail: &self.detail,
            code: self.code.as_str(),
            request_id,
            errors: &self.errors,
            required_role: self.required_role,
            policies: self.policies.as_deref(),
            invitation_id: self.invitation_id.as_deref(),
            orgs: &self.orgs,
        }
    }
}

impl From<Problem> for ActionError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Box<Problem>> for ActionError {
    fn from(problem: Box<Problem>) -> Self {
        Self::Problem(problem)
    }
}

impl From<Denial> for ActionError {
    fn from(denial: Denial) -> Self {
        if denial.code == DenialCode::NotFound {
            return Problem::org_not_found().into();
        }
        Problem {
            required_role: denial.required_role,
            policies: Some(denial.policies),
            ..Problem::new(denial.code.into(), denial.reason)
        }
        .into()
    }
}

impl From<LastOwnerError> for ActionError {
    fn from(error: LastOwnerError) -> Self {
        Problem::new(ProblemCode::LastOwner, error.to_string()).into()
    }
}

impl From<TransferToSelfError> for ActionError {
    fn from(error: TransferToSelfError) -> Self {
        Problem::invalid("/user_id", "oneself", error.to_string()).into()
    }
}

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::AlreadyMember => Self::new(ProblemCode::AlreadyMember, error.to_string()),
            InviteError::AlreadyInvited(id) => Self {
                invitation_id: Some(id.to_string()),
                ..Self::new(ProblemCode::AlreadyInvited, error.to_string())
            },
        }
    }
}

impl From<InviteError> for ActionError {
    fn from(error: InviteError) -> Self {
        Problem::from(error).into()
    }
}

impl From<NotPendingError> for ActionError {
    fn from(error: NotPendingError) -> Self {
        Problem::new(ProblemCode::InvitationNotPending, error.to_string()).into()
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        let code = match error {
            AcceptError::Expired => ProblemCode::InvitationExpired,
            AcceptError::Revoked => ProblemCode::InvitationRevoked,
            AcceptError::Declined => ProblemCode::InvitationDeclined,
            AcceptError::Used => ProblemCode::InvitationUsed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<AcceptError> for ActionError {
    fn from(error: AcceptError) -> Self {
        Problem::from(error).into()
    }
}

impl From<JoinError> for ActionError {
    fn from(error: JoinError) -> Self {
        let code = match error {
            JoinError::AlreadyMember => ProblemCode::AlreadyMember,
            JoinError::SeatLimitReached => ProblemCode::SeatLimitReached,
        };
        Problem::new(code, error.to_string()).into()
    }
}

impl From<ReportTooLargeError> for ActionError {
    fn from(error: ReportTooLargeError) -> Self {
        Problem::new(ProblemCode::ReportTooLarge, error.to_string()).into()
    }
}

impl From<StoreError> for ActionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Transient(_) => {
                tracing::error!(%error, "no answer from the database");
                Problem {
                    detail: "the database did not respond: try again".into(),
                    ..Problem::contention()
                }
                .into()
            }
            StoreError::Permanent(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<&PolicySetError> for ActionError {
    fn from(error: &PolicySetError) -> Self {
        Self::Internal(error.to_string())
    }
}
