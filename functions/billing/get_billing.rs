//! Shows who pays for an organization, and where its bills go.

use orgs_http::domain::billing::BillingView;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(get_billing, "Shows who pays for an organization", handle, answer: BillingView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let _administrator = scene.permit(&Ask::OfOrg(OfOrg::GetBilling, scene.facts()))?;
    let billing = scene.org.billing_view();
    Ok(Reply::ok(&billing)?.version(billing.version))
}
