//! The organization of a request, and the caller's membership in it.

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

/// The objects to load together with the organization and the caller's membership.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrgContextQuery<'a> {
    /// The members to load, at most 60.
    pub members: &'a [UserId],
    /// The invitation to load.
    pub invitation: Option<InvitationId>,
    /// The resources to load, at most 30.
    pub resources: &'a [ResourceId],
    /// The addresses whose locks to load, at most 20. A lock says whether the address is a member
    /// or invited.
    pub addresses: &'a [EmailKey],
    /// The scope with which a service client acts without being a member.
    pub service: Option<&'static str>,
    /// True to load the organization's budget.
    pub budget: bool,
    /// True if a service client checks the access of members. The organization's own policies,
    /// which do not apply to service clients, are then loaded too.
    pub for_members: bool,
}

/// The organization of a request, whose caller may know that it exists.
#[derive(Debug)]
pub struct OrgContext<'c> {
    ctx: &'c RequestContext<'c>,
    /// The organization as the action read it.
    pub org: Org,
    /// The organization's own policies. None if it has none.
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
    /// response if the `Idempotency-Key` was used before.
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
            // The key was used with a different body. Only members get this error: for others, the
            // organization does not exist.
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
    /// The errors of [`Self::load`] and of `other`.
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
    /// The errors of [`Self::load`] and of `page`.
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

    /// Authorizes the caller for a request.
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

    /// Evaluates the request as another member, for a service client that checks the member's
    /// access. `user` is one of the members of the query.
    ///
    /// # Errors
    /// 403 with the reason. 404 `member_not_found`.
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

    /// Rejects a caller who could not do this with any body, before the body is read.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn require_capability(&self, action: ActionName) -> Result<()> {
        self.capability(action).map(drop)
    }

    /// Returns the permit of the first allowed request of [`AuthzRequest::least_privileged`]: proof
    /// that the caller may perform the action in some form.
    ///
    /// # Errors
    /// 403 with the reason of the request that needs the fewest permissions.
    pub fn capability(&self, action: ActionName) -> Result<Permit> {
        let caller = &self.ctx.person()?.user_id;
        first_allowed(action, caller, |request| self.authorize(request))
    }

    /// Rejects a check about a member who could not do this with any body. `user` is one of the
    /// members of the query.
    ///
    /// # Errors
    /// The denial; `member_not_found`.
    pub fn require_member_capability(&self, user: &UserId, action: ActionName) -> Result<()> {
        first_allowed(action, user, |request| self.authorize_member(user, request)).map(drop)
    }

    /// Returns true if the caller is a service client and not a member.
    #[must_use]
    pub fn is_service(&self) -> bool {
        matches!(self.actor, Actor::Service)
    }

    /// Returns the caller's membership.
    ///
    /// # Errors
    /// 404 `org_not_found` for a service client, which is not a member.
    pub fn caller_member(&self) -> Result<&Member> {
        match &self.actor {
            Actor::Member(member) => Ok(member),
            Actor::Service => Err(Problem::org_not_found().into()),
        }
    }

    /// Returns a member of the query.
    ///
    /// # Errors
    /// 404 `member_not_found`, also for None, which means an invalid id.
    pub fn member(&self, user: Option<&UserId>) -> Result<&Member> {
        let found = user.and_then(|user| self.found.members.get(user));
        found.ok_or_else(|| {
            Problem::new(ProblemCode::MemberNotFound, "the member does not exist").into()
        })
    }

    /// Returns a resource of the query.
    ///
    /// # Errors
    /// 404 `resource_not_found`, also for None, which means an invalid id.
    pub fn resource(&self, id: Option<&ResourceId>) -> Result<&Resource> {
        let found = id.and_then(|id| self.found.resources.get(id));
        found.ok_or_else(|| {
            Problem::new(ProblemCode::ResourceNotFound, "the resource does not exist").into()
        })
    }

    /// Returns the organization's own policies as they are stored.
    #[must_use]
    pub fn policies(&self) -> OrgPolicies {
        self.found.policies.clone().unwrap_or_default()
    }

    /// Returns the organization's budget as it is stored. Returns the default if the query did not
    /// load it.
    #[must_use]
    pub fn budget(&self) -> Budget {
        self.found.budget.clone().unwrap_or_default()
    }

    /// Returns the invitation of the query.
    ///
    /// # Errors
    /// 404 `invitation_not_found`.
    pub fn invitation(&self) -> Result<&Invitation> {
        self.found.invitation.as_ref().ok_or_else(|| Problem::invitation_not_found().into())
    }

    /// Returns the lock of an address of the query. Returns None if the address has none.
    #[must_use]
    pub fn address(&self, email: &EmailKey) -> Option<&AddressLock> {
        self.found.addresses.get(email)
    }

    /// Responds to a request that changes nothing.
    ///
    /// # Errors
    /// The errors of [`RequestContext::commit`].
    pub async fn respond_unchanged(&self, permit: &Permit, response: Response) -> Result<Response> {
        self.ctx.respond_unchanged(permit, self.caller_member().ok(), response).await
    }

    /// Commits a decision, on the condition that the caller still has the role that was authorized.
    ///
    /// # Errors
    /// The errors of [`RequestContext::commit`].
    pub async fn commit(
        &self,
        permit: &Permit,
        change: &impl Transaction,
        response: Response,
    ) -> Result<Response> {
        self.ctx.commit(permit, self.caller_member().ok(), change, response).await
    }
}

/// Returns the first permit, or the first denial if all requests are denied.
fn first_allowed(
    action: ActionName,
    user: &UserId,
    authorize: impl Fn(&AuthzRequest<'_>) -> Result<Permit>,
) -> Result<Permit> {
    let mut denial = None;
    for request in AuthzRequest::least_privileged(action, user) {
        match authorize(&request) {
            Ok(permit) => return Ok(permit),
            Err(error) => denial = denial.or(Some(error)),
        }
    }
    Err(denial.unwrap_or_else(|| ActionError::Internal(format!("no request for {action:?}"))))
}
