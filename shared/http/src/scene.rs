//! What a decision in an organization is made from, and by whom.

use orgs_domain::invitation::AddressLock;
use orgs_domain::{EmailKey, Invitation, InvitationId, Member, Org, OrgId, UserId};
use orgs_policies::{Ask, Authorizer, OrgFacts, Permit, Principal};
use orgs_store::{Change, Found, Wanted};

use crate::call::{Call, answered_before};
use crate::offer::invitation_not_found;
use crate::problem::{Problem, Result};
use crate::reply::Reply;

/// What is read beside the organization and the caller's membership.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wants<'a> {
    /// A member.
    pub member: Option<&'a UserId>,
    /// An invitation.
    pub invitation: Option<InvitationId>,
    /// What addresses are to the organization; at most 20.
    pub addresses: &'a [EmailKey],
    /// The scope whose bearer acts without being a member.
    pub service: Option<&'static str>,
}

/// An organization as it was read for one request, seen by somebody who may know that it exists.
#[derive(Debug)]
pub struct Scene<'c> {
    call: &'c Call<'c>,
    /// The organization.
    pub org: Org,
    actor: Actor,
    found: Found,
}

#[derive(Debug)]
enum Actor {
    Member(Member),
    Service,
}

impl<'c> Scene<'c> {
    pub(crate) async fn read(call: &'c Call<'c>, org: OrgId, wants: Wants<'_>) -> Result<Self> {
        let caller = call.caller()?;
        let key = call.given_key();
        let wanted = Wanted {
            org,
            caller: Some(&caller.person.user_id),
            member: wants.member,
            invitation: wants.invitation,
            addresses: wants.addresses,
            idempotency: key.as_ref(),
            now: call.now,
            reading: call.reading,
        };
        let mut found = call.world.store.read(&wanted).await?;
        let stored = found.reply.take();
        if let (Some(stored), Some(key)) = (&stored, &key)
            && stored.answers(key)
        {
            return Err(answered_before(stored.clone(), Some(key)));
        }
        let service = wants.service.is_some_and(|scope| caller.scopes.iter().any(|has| has == scope));
        let actor = if service { Some(Actor::Service) } else { found.caller.take().map(Actor::Member) };
        let (Some(org), Some(actor)) = (found.org.take(), actor) else { return Err(Problem::org_not_found().into()) };
        match stored {
            // The key was used with another body; only a member is told.
            Some(stored) => Err(answered_before(stored, key.as_ref())),
            None => Ok(Self { call, org, actor, found }),
        }
    }

    /// What the policies know of the organization.
    #[must_use]
    pub fn facts(&self) -> OrgFacts {
        OrgFacts { id: self.org.id, status: self.org.status() }
    }

    /// Asks for a permit.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn permit(&self, ask: &Ask<'_>) -> Result<Permit> {
        let caller = self.call.caller()?;
        let principal = match &self.actor {
            Actor::Member(member) => Principal::Person { person: &caller.person, role: Some(member.role) },
            Actor::Service => Principal::Service { id: &caller.person.user_id, scopes: &caller.scopes },
        };
        self.call.judged(Authorizer::shared()?.permit(principal, ask))
    }

    /// Refuses whoever could not do this with any body: `mildest` is the same question with the most harmless input.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn could(&self, mildest: &Ask<'_>) -> Result<()> {
        self.permit(mildest).map(drop)
    }

    /// The caller's membership.
    ///
    /// # Errors
    /// `org_not_found` for a service, which is no member.
    pub fn me(&self) -> Result<&Member> {
        match &self.actor {
            Actor::Member(member) => Ok(member),
            Actor::Service => Err(Problem::org_not_found().into()),
        }
    }

    /// The member that was wanted.
    ///
    /// # Errors
    /// `member_not_found`.
    pub fn member(&self) -> Result<&Member> {
        self.found.member.as_ref().ok_or_else(|| Problem::new(404, "member_not_found", "the member does not exist").into())
    }

    /// The invitation that was wanted.
    ///
    /// # Errors
    /// `invitation_not_found`.
    pub fn invitation(&self) -> Result<&Invitation> {
        self.found.invitation.as_ref().ok_or_else(|| invitation_not_found().into())
    }

    /// What an address that was wanted is to the organization.
    #[must_use]
    pub fn address(&self, email: &EmailKey) -> Option<&AddressLock> {
        self.found.addresses.get(email)
    }

    /// Answers what changed nothing.
    ///
    /// # Errors
    /// As [`Call::commit`].
    pub async fn unchanged(&self, permit: &Permit, reply: Reply) -> Result<Reply> {
        self.call.unchanged(permit, self.me().ok(), reply).await
    }

    /// Commits a decision, on the condition that the caller still has the role that was judged.
    ///
    /// # Errors
    /// As [`Call::commit`].
    pub async fn commit(&self, permit: &Permit, change: &impl Change, reply: Reply) -> Result<Reply> {
        self.call.commit(permit, self.me().ok(), change, reply).await
    }
}
