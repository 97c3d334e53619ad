//! An invitation, seen by whoever was invited: the holder of its link, or the bearer of its
//! address.

use orgs_domain::token::{LinkToken, Purpose};
use orgs_domain::{EmailAddress, Invitation, InvitationId, Member, Org, OrgId};
use orgs_policies::{ActionName, AuthzRequest, OrgFacts, Permit, Principal};
use orgs_store::ReadRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Result};
use crate::request_context::{RequestContext, answered_before};

/// What shows that the caller was invited.
#[derive(Debug)]
pub enum InvitationCredential {
    /// The token in the link.
    Token(LinkToken),
    /// The invited address, in the caller's own token.
    Address(OrgId, InvitationId),
}

/// Which invitation is accepted or declined: by the `token` of its link, or by `org_id` and
/// `invitation_id` together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvitationReply)]
pub struct InvitationReply {
    /// What stands behind the `#` in the link.
    #[schema(
        example = "inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    )]
    token: Option<String>,
    /// The organization.
    org_id: Option<String>,
    /// The invitation.
    invitation_id: Option<String>,
}

impl InvitationReply {
    /// The proof that the answer gives.
    ///
    /// # Errors
    /// `invitation_not_found` for a token or ids that are none, 422 for another choice of fields.
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
    /// The organization.
    pub org: Org,
    /// The invitation.
    pub invitation: Invitation,
    /// The caller's membership, where there is one.
    pub mine: Option<Member>,
}

impl InvitationCredential {
    /// Reads the token of a link.
    ///
    /// # Errors
    /// `invitation_not_found`.
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
    /// 404 `invitation_not_found`. The stored response if the request was answered before.
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

    /// Authorizes the caller, who is not a member yet, to accept or decline.
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

    /// The caller's membership, where it came from this invitation.
    #[must_use]
    pub fn membership_from_invitation(&self) -> Option<&Member> {
        self.mine.as_ref().filter(|member| {
            member.invitation_id == Some(self.invitation.id)
                && self.invitation.accepted_by.as_ref() == Some(&member.user_id)
        })
    }
}

impl RequestContext<'_> {
    /// The invitation whose mail had the opt-out token in the path; nothing where there is none.
    ///
    /// # Errors
    /// When the database does not answer.
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
