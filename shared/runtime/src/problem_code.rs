//! The code of every problem that a function can respond with.

use orgs_policies::DenialCode;

/// Declares the codes: variant, name, status, meaning, what the caller can do.
macro_rules! problem_codes {
    ($($code:ident $name:literal $status:literal $meaning:literal $remedy:literal)*) => {
        /// A stable error code. Responses, the OpenAPI document and `docs/reference/errors.md` take
        /// name, status, meaning and remedy from here.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemCode {
            $(#[doc = $meaning] $code,)*
        }

        impl ProblemCode {
            /// Every code, by status.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// Returns the code in `snake_case`, as responses have it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }

            /// Returns the HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$code => $status,)* }
            }

            /// Returns the condition that the code stands for, as part of a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$code => $meaning,)* }
            }

            /// Returns what the caller can do about it, in the imperative.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$code => $remedy,)* }
            }
        }
    };
}

problem_codes! {
    MalformedJson "malformed_json" 400
        "the body is missing, or is not JSON in UTF-8"
        "fix the body; `detail` has the line and column"
    EmailNotVerified "email_not_verified" 403
        "the token's e-mail address is not verified"
        "verify it at the identity provider, then sign in again"
    EmailMismatch "email_mismatch" 403
        "the invitation is for another address"
        "sign in with the invited address"
    OwnerProtected "owner_protected" 403
        "only an owner may change or remove an owner"
        "ask an owner"
    OwnerGrant "owner_grant" 403
        "only an owner may make an owner, invite one, or resend or revoke such an invitation"
        "ask an owner"
    OrgNotActive "org_not_active" 403
        "the organization is suspended or deleted: you can read it, remove access and change billing"
        "ask the operator to end the suspension, or an owner to restore the organization"
    HighCostRestricted "high_cost_restricted" 403
        "the organization's settings require a higher role to create a `high` cost resource or to raise one to it"
        "ask a member with `required_role`"
    BudgetExceeded "budget_exceeded" 403
        "the budget is enforced, and is spent or would be exceeded; a denied hold, or a result of `POST …/access`"
        "wait for the next month, or ask an owner to raise the budget"
    BudgetHeld "budget_held" 403
        "other holds reserve the credits that are left of the budget"
        "try again after the seconds in `Retry-After`"
    HoldTooLarge "hold_too_large" 403
        "the hold is larger than the whole budget"
        "ask for fewer credits, or ask an owner to raise the budget"
    PlanRestricted "plan_restricted" 403
        "the plan does not allow this billing mode"
        "choose another mode, or ask the operator"
    MissingPermission "missing_permission" 403
        "no policy permits this for the caller's role or scope"
        "ask a member with `required_role`, or use a token with the scope"
    OrgPolicy "org_policy" 403
        "a policy of the organization forbids this"
        "ask an owner; `policies` has the id, with the prefix `own.`"
    OrgNotFound "org_not_found" 404
        "the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`"
        "check the id and the signed-in account, or ask for an invitation"
    MemberNotFound "member_not_found" 404
        "the organization has no such member"
        "reload the list"
    ResourceNotFound "resource_not_found" 404
        "the organization has no such resource"
        "reload the list"
    InvitationNotFound "invitation_not_found" 404
        "no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address"
        "open the link in the last mail"
    HoldNotFound "hold_not_found" 404
        "the organization has no such hold, or it expired more than 96 days ago"
        "check the id"
    OptOutNotFound "opt_out_not_found" 404
        "the opt-out link is invalid, or its invitation no longer exists"
        "open the link in a newer mail"
    AssetNotFound "asset_not_found" 404
        "the console has no such file"
        "reload the console"
    LastOwner "last_owner" 409
        "the organization would have no owner"
        "make another member an owner first"
    AlreadyMember "already_member" 409
        "the person, or the address, is already a member"
        "nothing; the role stays as it is"
    AlreadyInvited "already_invited" 409
        "the address has a pending invitation"
        "resend or revoke the invitation in `invitation_id`"
    InvitationNotPending "invitation_not_pending" 409
        "the invitation was accepted, declined or revoked, so you cannot resend or revoke it; an expired one cannot be revoked either"
        "if you wanted to resend it, create a new invitation; otherwise, do nothing"
    HoldConflict "hold_conflict" 409
        "another hold with the same id and other values exists"
        "send the values of the first request, or choose a new id"
    HoldNotOpen "hold_not_open" 409
        "the hold is captured, released or expired"
        "create a new hold"
    AddressBlocked "address_blocked" 409
        "the recipient opted out, or reported an invitation as spam"
        "ask the person to contact the operator, who can remove the block"
    SeatLimitReached "seat_limit_reached" 409
        "the plan has no free seat; an invitation stays pending"
        "remove a member, or ask the operator for seats"
    OrgLimitReached "org_limit_reached" 409
        "the caller has created the maximum number of organizations (`ORGS_PER_CREATOR`, default 50)"
        "delete one and wait until it is purged, or ask the operator"
    InvitationExpired "invitation_expired" 410
        "its validity period is over"
        "ask the inviter to resend it"
    InvitationRevoked "invitation_revoked" 410
        "it was revoked, or it makes an owner and its inviter is no longer an owner"
        "ask for a new invitation"
    InvitationDeclined "invitation_declined" 410
        "it was declined"
        "ask for a new invitation"
    InvitationUsed "invitation_used" 410
        "it was accepted before, by another person or by you before you left or were removed"
        "ask for a new invitation"
    VersionMismatch "version_mismatch" 412
        "the object has another version than `If-Match` names"
        "load the object, merge your change, send it again"
    BodyTooLarge "body_too_large" 413
        "the body has more than 256 KiB, or 512 KiB when you record usage"
        "send less, such as fewer events in a request"
    UnsupportedMediaType "unsupported_media_type" 415
        "the `Content-Type` is not `application/json`"
        "set it"
    ValidationFailed "validation_failed" 422
        "a field, query parameter or header is invalid"
        "fix the fields in `errors`"
    IdempotencyKeyReused "idempotency_key_reused" 422
        "the `Idempotency-Key` was used with a different body"
        "use a new key, or send the original body"
    ReportTooLarge "report_too_large" 422
        "the report adds up more than 200,000 counters, or has too many groups for `top`"
        "ask for a shorter time, another grouping or one kind, resource or person"
    RateLimited "rate_limited" 429
        "the inviter's hourly or the recipient's daily limit of invitation mails is reached, or the payer has changed too often in 35 days"
        "wait for the seconds in `Retry-After`"
    InternalError "internal_error" 500
        "a bug, or a broken setting"
        "report it with the `request_id`"
    Contention "contention" 503
        "other changes to the same items kept interfering, or the database did not respond"
        "wait for the seconds in `Retry-After` (1), then send the request again, with the same `Idempotency-Key`"
}

impl ProblemCode {
    /// Returns the code in words, with a capital letter: the problem's `title`.
    #[must_use]
    pub fn title(self) -> String {
        let mut title = self.as_str().replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        title
    }
}

impl From<DenialCode> for ProblemCode {
    fn from(code: DenialCode) -> Self {
        match code {
            DenialCode::NotFound => Self::OrgNotFound,
            DenialCode::EmailNotVerified => Self::EmailNotVerified,
            DenialCode::EmailMismatch => Self::EmailMismatch,
            DenialCode::OwnerProtected => Self::OwnerProtected,
            DenialCode::OwnerGrant => Self::OwnerGrant,
            DenialCode::OrgNotActive => Self::OrgNotActive,
            DenialCode::HighCostRestricted => Self::HighCostRestricted,
            DenialCode::BudgetExceeded => Self::BudgetExceeded,
            DenialCode::PlanRestricted => Self::PlanRestricted,
            DenialCode::MissingPermission => Self::MissingPermission,
            DenialCode::OrgPolicy => Self::OrgPolicy,
        }
    }
}
