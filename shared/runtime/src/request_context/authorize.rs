//! Authorizes requests that are not about one organization.

use orgs_policies::{ActionName, Authorizer, AuthzRequest, OrgFacts, Permit, Principal};

use super::RequestContext;
use crate::metrics::Metric;
use crate::problem::Result;

impl RequestContext<'_> {
    /// Authorizes the caller, as a person, for an action that is not about one organization.
    ///
    /// # Errors
    /// 401 without an identity, 403 with the reason.
    pub fn authorize(&self, action: ActionName) -> Result<Permit> {
        let principal = Principal::Person { person: self.person()?, role: None };
        self.decide(principal, &AuthzRequest::new(action), None)
    }

    /// Authorizes the caller as a service client with `scope`, or as a person without it, for an
    /// action that is not about one organization.
    ///
    /// # Errors
    /// 401 without an identity, 403 with the reason.
    pub fn authorize_service(&self, scope: &str, action: ActionName) -> Result<Permit> {
        self.authorize_service_for(scope, &AuthzRequest::new(action))
    }

    /// Authorizes the caller as [`Self::authorize_service`] does, for a request with a context.
    ///
    /// # Errors
    /// 401 without an identity, 403 with the reason.
    pub fn authorize_service_for(&self, scope: &str, request: &AuthzRequest<'_>) -> Result<Permit> {
        let caller = self.caller()?;
        let principal = if caller.scopes.iter().any(|has| has == scope) {
            Principal::Service { id: &caller.person.user_id, scopes: &caller.scopes }
        } else {
            Principal::Person { person: self.person()?, role: None }
        };
        self.decide(principal, request, None)
    }

    /// Authorizes a caller without an identity.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn authorize_anonymous(&self, action: ActionName) -> Result<Permit> {
        self.decide(Principal::Nobody, &AuthzRequest::new(action), None)
    }

    /// Asks Cedar, and counts decisions that a broken policy prevented.
    pub(crate) fn decide(
        &self,
        principal: Principal<'_>,
        request: &AuthzRequest<'_>,
        org: Option<OrgFacts<'_>>,
    ) -> Result<Permit> {
        let decision = Authorizer::for_action(request.action)?.authorize(principal, request, org);
        if decision.as_ref().is_err_and(|denial| denial.is_broken) {
            self.app.metrics.record(Metric::PolicyErrors, 1);
        }
        Ok(decision?)
    }
}
