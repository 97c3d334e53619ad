//! Shows the policies that the owners of an organization set.

use orgs_domain::Role;
use orgs_domain::org_policies::OrgPolicies;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(get_policies, returns: OrgPolicies)
    .summary("Show the organization's own policies")
    .description("If no policies were ever set, the text is empty and the version is 0.")
    .get("/v1/orgs/{org_id}/policies", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore])
    .problems(&[ProblemCode::MissingPermission]);

async fn get_policies(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let _administrator = org.authorize(&AuthzRequest::new(ActionName::GetPolicies))?;
    let policies = org.policies();
    Ok(Response::ok(&policies)?.version(policies.version))
}
