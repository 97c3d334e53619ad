//! Shows an organization's own policies.

use orgs_runtime::domain::org_policies::OrgPolicies;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(get_policies, "Shows an organization's own policies", handle, answer: OrgPolicies);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let _administrator = scene.authorize(&Ask::OfOrg(OfOrg::GetPolicies, scene.facts()))?;
    let policies = scene.policies();
    Ok(Response::ok(&policies)?.version(policies.version))
}
