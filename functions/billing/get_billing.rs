//! Shows the billing of an organization, the account that pays and the address for bills, to its
//! administrators and to billing systems.

use orgs_domain::Role;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::BillingView;

/// The declaration.
pub const ACTION: Action = action!(get_billing, returns: BillingView)
    .summary("Show the billing")
    .description("Returns the account that pays for the organization, and the address for bills.")
    .get("/v1/orgs/{org_id}/billing", Caller::MemberOrService(Role::Administrator, "billing:read"))
    .grants(&[Grant::ReadCore])
    .problems(&[ProblemCode::MissingPermission]);

async fn get_billing(ctx: &RequestContext<'_>) -> Result<Response> {
    let query = OrgContextQuery { service: Some("billing:read"), ..OrgContextQuery::default() };
    let org = OrgContext::load(ctx, ctx.org_id()?, query).await?;
    let _reader = org.authorize(&AuthzRequest::new(ActionName::GetBilling))?;
    let billing = BillingView::of(&org.org, &org.org.billing);
    Ok(Response::ok(&billing)?.version(billing.version))
}
