//! Shows the budget of an organization, with the usage so far and the expected usage of the current
//! month.

use orgs_domain::{Month, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{OrgContext, OrgContextQuery, RequestContext, Response, Result, action};
use orgs_views::BudgetView;

/// The declaration.
pub const ACTION: Action = action!(get_budget, returns: BudgetView)
    .summary("Show the monthly budget")
    .description(
        "Includes the usage of the current month so far, and the expected usage of the month.",
    )
    .get("/v1/orgs/{org_id}/budget", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore, Grant::ListUsage]);

async fn get_budget(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let query = OrgContextQuery { budget: true, ..OrgContextQuery::default() };
    let (org, (used, _)) = OrgContext::load_with(
        ctx,
        org_id,
        query,
        ctx.app.store.spending(&org_id, Month::of(ctx.now)),
    )
    .await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::GetBudget))?;
    let budget = org.budget();
    Ok(Response::ok(&BudgetView::of(&budget, &used, ctx.now))?.version(budget.version))
}
