//! The invitation that its recipient responds to, by its link or by its address.

use orgs_domain::token::{LinkToken, Purpose};
use orgs_domain::{EmailAddress, Invitation, InvitationId, Member, Org, OrgId};
use orgs_policies::{ActionName, AuthzRequest, OrgFacts, Permit, Principal};
use orgs_store::ReadRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Result};
use crate::request_context::{RequestContext, answered_before};

/// The proof that the caller is the recipient of an invitation.
#[derive(Debug)]
pub enum InvitationCredential {
    /// The token in the link of the mail.
    Token(LinkToken),
    /// The ids of the invitation. The caller's verified address must be the invited one.
    Address(OrgId, InvitationId),
}

/// The invitation to accept or decline: either the `token` of its link, or both `org_id` and
/// `invitation_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvitationReference)]
pub struct InvitationReply {
    /// The token of the invitation: the part of the link in the mail after `#`.
    #[schema(
        example = "inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    )]
    token: Option<String>,
    /// The id of the organization. Required without a `token`.
    org_id: Option<String>,
    /// The id of the invitation. Required without a `token`.
    invitation_id: Option<String>,
}

impl InvitationReply {
    /// Returns the credential in the body.
    ///
    /// # Errors
    /// 404 `invitation_not_found` for an invalid token or id. 422 `validation_failed` for another
    /// combination of fields.
    pub fn credential(self) -> Result<InvitationCredential> {
        match (self.token, self.org_id, self.invitation_id) {
            (Some(token), None, None) => InvitationCredential::token(&token),
            (None, Some(org), Some(invitation)) => {
                match (OrgId::parse(&org), InvitationId::parse(&invitation)) {
                    (Ok(org), Ok(invitation)) => Ok(InvitationCredential::Address(org, invitation)),
                    _ => Err(Problem::invitation_not_found().into()),
                }
            }
            _ => Err(Problem::invalid(
                "/token",
                "missing_field",
                "either `token`, or `org_id` and `invitation_id`, is required",
            )
            .into()),
        }
    }
}

/// An invitation with its organization.
#[derive(Debug)]
pub struct InvitationContext {
    /// The organization of the invitation.
    pub org: Org,
    /// The invitation as the action read it.
    pub invitation: Invitation,
    /// The caller's membership in the organization. None if the caller is not a member.
    pub mine: Option<Member>,
}

impl InvitationCredential {
    /// Parses the token of a link.
    ///
    /// # Errors
    /// 404 `invitation_not_found` if the token is invalid.
    pub fn token(token: &str) -> Result<Self> {
        LinkToken::parse(Purpose::Invitation, token)
            .map(Self::Token)
            .ok_or_else(|| Problem::invitation_not_found().into())
    }
}

impl InvitationContext {
    /// Loads the invitation that the caller has a credential for, with one consistent read.
    ///
    /// # Errors
    /// 404 `invitation_not_found` if there is no such invitation or the credential is wrong. The
    /// stored response if the `Idempotency-Key` was used before.
    pub async fn load(ctx: &RequestContext<'_>, credential: &InvitationCredential) -> Result<Self> {
        let (org, invitation) = match credential {
            InvitationCredential::Token(token) => (token.org_id, token.invitation_id),
            InvitationCredential::Address(org, invitation) => (*org, *invitation),
        };
        let person = ctx.person().ok();
        let key = ctx.given_key();
        let request = ReadRequest {
            org,
            caller: person.map(|person| &person.user_id),
            members: &[],
            resources: &[],
            policies: false,
            budget: false,
            invitation: Some(invitation),
            addresses: &[],
            idempotency: key.as_ref(),
            now: ctx.now,
            isolation: ctx.isolation,
        };
        let found = ctx.app.store.read(&request).await?;
        if let Some(stored) = found.response {
            return Err(answered_before(stored, key.as_ref()));
        }
        let (Some(org), Some(invitation)) = (found.org, found.invitation) else {
            return Err(Problem::invitation_not_found().into());
        };
        let proven = match credential {
            InvitationCredential::Token(token) => invitation.accepts_link_secret(&token.secret),
            InvitationCredential::Address(..) => person
                .and_then(|person| person.verified_email())
                .is_some_and(|email: &EmailAddress| *email == invitation.email),
        };
        if proven {
            Ok(InvitationContext { org, invitation, mine: found.caller })
        } else {
            Err(Problem::invitation_not_found().into())
        }
    }

    /// Authorizes the caller to accept or decline. The caller needs no membership.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn authorize(&self, ctx: &RequestContext<'_>, action: ActionName) -> Result<Permit> {
        let principal = Principal::Person { person: ctx.person()?, role: None };
        let email = self.invitation.email.key();
        let request = AuthzRequest::invitee(action, self.invitation.role, &email);
        // An organization's own policies do not restrict who accepts or declines.
        ctx.decide(principal, &request, Some(OrgFacts::of(&self.org, None, ctx.now)))
    }

    /// Returns the caller's membership if this invitation created it.
    #[must_use]
    pub fn membership_from_invitation(&self) -> Option<&Member> {
        self.mine.as_ref().filter(|member| {
            member.invitation_id == Some(self.invitation.id)
                && self.invitation.accepted_by.as_ref() == Some(&member.user_id)
        })
    }
}

impl RequestContext<'_> {
    /// Returns the invitation whose mail has the opt-out token in the path. Returns None if there
    /// is none.
    ///
    /// # Errors
    /// 503 `contention` if the database does not respond.
    pub async fn find_opt_out_invitation(&self) -> Result<Option<Invitation>> {
        let Some(token) =
            self.parameter("token").and_then(|token| LinkToken::parse(Purpose::OptOut, token))
        else {
            return Ok(None);
        };
        let request = ReadRequest {
            org: token.org_id,
            caller: None,
            members: &[],
            resources: &[],
            policies: false,
            budget: false,
            invitation: Some(token.invitation_id),
            addresses: &[],
            idempotency: None,
            now: self.now,
            isolation: self.isolation,
        };
        let found = self.app.store.read(&request).await?;
        Ok(found.invitation.filter(|invitation| invitation.accepts_opt_out_secret(&token.secret)))
    }
}
