//! What a decision in an organization is made from, and by whom.

use std::sync::Arc;

use futures::future::OptionFuture;
use orgs_domain::budget::Budget;
use orgs_domain::invitation::AddressLock;
use orgs_domain::org_policies::OrgPolicies;
use orgs_domain::{
    EmailKey, Invitation, InvitationId, Member, Org, OrgId, Person, Resource, ResourceId, UserId,
};
use orgs_policies::{ActionName, AuthzRequest, OrgFacts, OrgPolicySet, Permit, Principal};
use orgs_store::{ReadRequest, ReadResponse, StoreError, Transaction};

use crate::problem::{ActionError, Problem, Result};
use crate::problem_code::ProblemCode;
use crate::request_context::{RequestContext, answered_before};
use crate::response::Response;

/// What is read beside the organization and the caller's membership.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrgContextQuery<'a> {
    /// Members; at most 60.
    pub members: &'a [UserId],
    /// An invitation.
    pub invitation: Option<InvitationId>,
    /// Resources; at most 30.
    pub resources: &'a [ResourceId],
    /// What addresses are to the organization; at most 20.
    pub addresses: &'a [EmailKey],
    /// The scope whose bearer acts without being a member.
    pub service: Option<&'static str>,
    /// Whether the organization's budget.
    pub budget: bool,
    /// Whether such a bearer asks what members may: the organization's own policies have a say in
    /// that.
    pub for_members: bool,
}

/// An organization as it was read for one request, seen by somebody who may know that it exists.
#[derive(Debug)]
pub struct OrgContext<'c> {
    ctx: &'c RequestContext<'c>,
    /// The organization.
    pub org: Org,
    /// The organization's own policies, where it has some.
    own: Option<Arc<OrgPolicySet>>,
    actor: Actor,
    found: ReadResponse,
}

#[derive(Debug)]
enum Actor {
    Member(Member),
    Service,
}

impl<'c> OrgContext<'c> {
    /// Loads an organization with one consistent read.
    ///
    /// # Errors
    /// 404 `org_not_found` for callers who are not members and have no scope for it. The stored
    /// response if the request was answered before.
    pub async fn load(
        ctx: &'c RequestContext<'c>,
        org: OrgId,
        query: OrgContextQuery<'_>,
    ) -> Result<Self> {
        let caller = ctx.caller()?;
        let key = ctx.given_key();
        let service =
            query.service.is_some_and(|scope| caller.scopes.iter().any(|has| has == scope));
        let request = ReadRequest {
            org,
            caller: Some(&caller.person.user_id),
            members: query.members,
            resources: query.resources,
            policies: !service || query.for_members,
            budget: query.budget,
            invitation: query.invitation,
            addresses: query.addresses,
            idempotency: key.as_ref(),
            now: ctx.now,
            isolation: ctx.isolation,
        };
        let mut found = ctx.app.store.read(&request).await?;
        let stored = found.response.take();
        if let (Some(stored), Some(key)) = (&stored, &key)
            && stored.answers(key)
        {
            return Err(answered_before(stored.clone(), Some(key)));
        }
        let actor =
            if service { Some(Actor::Service) } else { found.caller.take().map(Actor::Member) };
        let (Some(org), Some(actor)) = (found.org.take(), actor) else {
            return Err(Problem::org_not_found().into());
        };
        if let Some(stored) = stored {
            // The key was used with another body; only a member is told.
            return Err(answered_before(stored, key.as_ref()));
        }
        let own = found
            .policies
            .as_ref()
            .filter(|own| !own.policies.is_empty())
            .map(|own| OrgPolicySet::stored(&own.policies));
        Ok(Self { ctx, org, own, actor, found })
    }

    /// Loads an organization and, at the same time, something else. Callers who are not members get
    /// their 404 without waiting for it.
    ///
    /// # Errors
    /// As [`Self::load`], and as `other`.
    pub async fn load_with<T, F>(
        ctx: &'c RequestContext<'c>,
        org: OrgId,
        query: OrgContextQuery<'_>,
        other: F,
    ) -> Result<(Self, T)>
    where
        F: Future<Output = std::result::Result<T, StoreError>>,
    {
        let other = Box::pin(async { other.await.map_err(ActionError::from) });
        futures::try_join!(Box::pin(Self::load(ctx, org, query)), other)
    }

    /// Loads an organization and, at the same time, the page that a list's query asks for. Loads no
    /// page if the query is invalid.
    ///
    /// # Errors
    /// As [`Self::load`], and as `page`.
    pub async fn load_with_page<'q, Q, T, F>(
        ctx: &'c RequestContext<'c>,
        org: OrgId,
        query: &'q Result<Q>,
        page: impl FnOnce(&'q Q) -> F,
    ) -> Result<(Self, Option<T>)>
    where
        F: Future<Output = std::result::Result<T, StoreError>>,
    {
        let page = Box::pin(OptionFuture::from(query.as_ref().ok().map(page)));
        let page = async { page.await.transpose() };
        Self::load_with(ctx, org, OrgContextQuery::default(), page).await
    }

    fn facts(&self) -> OrgFacts<'_> {
        OrgFacts::of(&self.org, self.own.as_deref(), self.ctx.now)
    }

    /// Authorizes the caller.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn authorize(&self, request: &AuthzRequest<'_>) -> Result<Permit> {
        let caller = self.ctx.caller()?;
        let principal = match &self.actor {
            Actor::Member(member) => {
                Principal::Person { person: &caller.person, role: Some(member.role) }
            }
            Actor::Service => {
                Principal::Service { id: &caller.person.user_id, scopes: &caller.scopes }
            }
        };
        self.ctx.decide(principal, request, Some(self.facts()))
    }

    /// Evaluates a request of another member, for a service client that asks about them. `user` is
    /// one of the members of the query.
    ///
    /// # Errors
    /// The denial; `member_not_found`.
    pub fn authorize_member(&self, user: &UserId, request: &AuthzRequest<'_>) -> Result<Permit> {
        let member = self.member(Some(user))?;
        let person = Person {
            user_id: user.clone(),
            email: Some(member.email.clone()),
            email_verified: true,
            name: member.name.clone(),
        };
        let principal = Principal::Person { person: &person, role: Some(member.role) };
        self.ctx.decide(principal, request, Some(self.facts()))
    }

    /// Rejects a caller who could not do this with any body, before the body is read: see
    /// [`AuthzRequest::least_privileged`].
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn require_capability(&self, action: ActionName) -> Result<()> {
        let caller = &self.ctx.person()?.user_id;
        let mut denial = Ok(());
        for request in AuthzRequest::least_privileged(action, caller) {
            match self.authorize(&request) {
                Ok(_) => return Ok(()),
                Err(error) => denial = Err(error),
            }
        }
        denial
    }

    /// Returns true if the caller is a service client and not a member.
    #[must_use]
    pub fn is_service(&self) -> bool {
        matches!(self.actor, Actor::Service)
    }

    /// The caller's membership.
    ///
    /// # Errors
    /// `org_not_found` for a service, which is no member.
    pub fn caller_member(&self) -> Result<&Member> {
        match &self.actor {
            Actor::Member(member) => Ok(member),
            Actor::Service => Err(Problem::org_not_found().into()),
        }
    }

    /// A member that was wanted.
    ///
    /// # Errors
    /// `member_not_found`; also without an id, which stands for one that is none.
    pub fn member(&self, user: Option<&UserId>) -> Result<&Member> {
        let found = user.and_then(|user| self.found.members.get(user));
        found.ok_or_else(|| {
            Problem::new(ProblemCode::MemberNotFound, "the member does not exist").into()
        })
    }

    /// A resource that was wanted.
    ///
    /// # Errors
    /// `resource_not_found`; also without an id, which stands for one that is none.
    pub fn resource(&self, id: Option<&ResourceId>) -> Result<&Resource> {
        let found = id.and_then(|id| self.found.resources.get(id));
        found.ok_or_else(|| {
            Problem::new(ProblemCode::ResourceNotFound, "the resource does not exist").into()
        })
    }

    /// The organization's own policies, as they are stored.
    #[must_use]
    pub fn policies(&self) -> OrgPolicies {
        self.found.policies.clone().unwrap_or_default()
    }

    /// The organization's budget, as it is stored, where it was wanted.
    #[must_use]
    pub fn budget(&self) -> Budget {
        self.found.budget.clone().unwrap_or_default()
    }

    /// The invitation that was wanted.
    ///
    /// # Errors
    /// `invitation_not_found`.
    pub fn invitation(&self) -> Result<&Invitation> {
        self.found.invitation.as_ref().ok_or_else(|| Problem::invitation_not_found().into())
    }

    /// What an address that was wanted is to the organization.
    #[must_use]
    pub fn address(&self, email: &EmailKey) -> Option<&AddressLock> {
        self.found.addresses.get(email)
    }

    /// Answers what changed nothing.
    ///
    /// # Errors
    /// As [`RequestContext::commit`].
    pub async fn respond_unchanged(&self, permit: &Permit, response: Response) -> Result<Response> {
        self.ctx.respond_unchanged(permit, self.caller_member().ok(), response).await
    }

    /// Commits a decision, on the condition that the caller still has the role that was judged.
    ///
    /// # Errors
    /// As [`RequestContext::commit`].
    pub async fn commit(
        &self,
        permit: &Permit,
        change: &impl Transaction,
        response: Response,
    ) -> Result<Response> {
        self.ctx.commit(permit, self.caller_member().ok(), change, response).await
    }
}
