//! Shows an organization's budget, what was spent of it this month, and what the month is expected
//! to come to.

use orgs_domain::Role;
use orgs_domain::budget::BudgetView;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{OrgContext, OrgContextQuery, RequestContext, Response, Result, action};

/// The declaration.
pub const ACTION: Action = action!(get_budget, returns: BudgetView)
    .summary("Show the monthly budget")
    .description("With what this month has used of it.")
    .get("/v1/orgs/{org_id}/budget", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore, Grant::ListUsage]);

async fn get_budget(ctx: &RequestContext<'_>) -> Result<Response> {
    let (org, wants) =
        (ctx.org_id()?, OrgContextQuery { budget: true, ..OrgContextQuery::default() });
    let (org, (spent, _)) =
        OrgContext::load_with(ctx, org, wants, ctx.app.store.spending(&org, ctx.now)).await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::GetBudget))?;
    let budget = org.budget();
    Ok(Response::ok(&budget.view(spent, ctx.now))?.version(budget.version))
}
