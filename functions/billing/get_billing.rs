//! Shows who pays for an organization, and where its bills go.

use orgs_runtime::domain::billing::BillingView;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(get_billing, "Shows who pays for an organization", handle, answer: BillingView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let _administrator = scene.authorize(&Ask::OfOrg(OfOrg::GetBilling, scene.facts()))?;
    let billing = scene.org.billing_view();
    Ok(Response::ok(&billing)?.version(billing.version))
}
