//! Shows an organization's own policies.

use orgs_http::domain::own_policies::OrgPolicies;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(get_policies, "Shows an organization's own policies", handle, answer: OrgPolicies);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let _administrator = scene.permit(&Ask::OfOrg(OfOrg::GetPolicies, scene.facts()))?;
    let policies = scene.policies();
    Ok(Reply::ok(&policies)?.version(policies.version))
}
