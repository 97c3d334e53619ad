//! What goes wrong, and how it is said: RFC 9457 problems, from small errors by one exhaustive map.

use orgs_domain::invitation::{AcceptError, InviteError, JoinError, NotPendingError};
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

/// Why an action stops before its own answer.
#[derive(Debug)]
pub enum ActionError {
    /// The caller is told this.
    Problem(Box<Problem>),
    /// The caller is told this, which a commit's conditions found: nothing that was read beside it
    /// can make it wrong.
    Final(Box<Problem>),
    /// The request was answered before, by this.
    Replay(Box<StoredResponse>),
    /// What was read is no longer so: the action runs again.
    Retry(String),
    /// No identity on a route that needs one: what API Gateway itself would answer.
    Unauthorized,
    /// Something of our own is broken. The text is for the logs alone.
    Internal(String),
}

/// A refusal, as a caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code, which has the HTTP status.
    pub code: ProblemCode,
    /// The reason, for people.
    pub detail: String,
    /// What is wrong with the input, field by field.
    pub errors: Vec<FieldProblem>,
    /// The role that would be allowed.
    pub required_role: Option<Role>,
    /// The policies that denied.
    pub policies: Option<Vec<String>>,
    /// The invitation that stands in the way.
    pub invitation_id: Option<String>,
    /// The organizations that stand in the way.
    pub orgs: Vec<String>,
    /// Seconds after which to try again.
    pub retry_after: Option<i64>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Which one: RFC 6901, or the name of a query parameter behind a slash.
    #[schema(example = "/name")]
    pub pointer: String,
    /// A stable code.
    #[schema(example = "invalid_value")]
    pub code: String,
    /// A sentence.
    #[schema(example = "must be at most 64 characters")]
    pub detail: String,
}

/// A problem on the wire: `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// A URN of the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:organizations:problem:org_not_found")]
    kind: String,
    /// The code in words.
    #[schema(example = "Org not found")]
    title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What is wrong, for a person.
    #[schema(example = "the organization does not exist")]
    detail: &'a str,
    /// What is wrong, for a program.
    #[schema(example = "org_not_found")]
    code: &'a str,
    /// The id of the request, as in the logs.
    #[schema(example = "b7b0c9a2-6a5e-4c58-9a57-0c9d5d0f5b1e")]
    request_id: &'a str,
    /// With status 422: the fields.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldProblem],
    /// With status 403: the lowest role that would be allowed, where a higher one would.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_role: Option<Role>,
    /// With status 403: the ids of the policies that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    policies: Option<&'a [String]>,
    /// With `already_invited`: the invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation_id: Option<&'a str>,
    /// With `last_owner`, where several organizations are left at once: those that would have no
    /// owner.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    orgs: &'a [String],
}

/// What API Gateway answers where the identity is missing or bad.
pub const UNAUTHORIZED: &str = r#"{"message":"Unauthorized"}"#;

impl Problem {
    /// A problem.
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

    /// The one answer to whoever has no access: the organization does not exist.
    #[must_use]
    pub fn org_not_found() -> Self {
        Self::new(ProblemCode::OrgNotFound, "the organization does not exist")
    }

    /// The response to everything that is not an invitation for the caller, so that the cases
    /// cannot be told apart.
    #[must_use]
    pub fn invitation_not_found() -> Self {
        Self::new(ProblemCode::InvitationNotFound, "the invitation does not exist")
    }

    /// The input is wrong in a field.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        let field =
            FieldProblem { pointer: pointer.into(), code: code.to_owned(), detail: detail.into() };
        Self {
            errors: vec![field],
            ..Self::new(ProblemCode::ValidationFailed, "the input is not valid")
        }
    }

    /// A field holds a value that a rule refuses.
    #[must_use]
    pub fn field(pointer: &str, invalid: &InvalidError) -> Self {
        Self::invalid(pointer, invalid.code, invalid.detail.clone())
    }

    /// The address takes no invitations: its owner said so.
    #[must_use]
    pub fn address_blocked() -> Self {
        Self::new(
            ProblemCode::AddressBlocked,
            "the address takes no invitations: its owner asked for none, or reported one as unwanted",
        )
    }

    /// Too many mails, by one person or to one address.
    #[must_use]
    pub fn rate_limited(retry_after: Option<i64>) -> Self {
        Self {
            retry_after,
            ..Self::new(ProblemCode::RateLimited, "too many invitations: try again later")
        }
    }

    /// Other changes stood in the way for too long.
    #[must_use]
    pub fn contention() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(ProblemCode::Contention, "too many changes at once: try again")
        }
    }

    /// The problem on the wire, under the id of its request.
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
                    detail: "the database did not answer: try again".into(),
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
