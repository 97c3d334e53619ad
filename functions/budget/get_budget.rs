//! Shows an organization's budget, what was spent of it this month, and what the month is expected
//! to come to.

use orgs_runtime::domain::budget::BudgetView;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result};

orgs_runtime::action!(get_budget, "Shows an organization's budget and how the month stands to it", handle, answer: BudgetView);

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let (org, wants) =
        (ctx.org_id()?, OrgContextQuery { budget: true, ..OrgContextQuery::default() });
    let (scene, (spent, _)) =
        ctx.scene_beside(org, wants, ctx.app.store.spending(&org, ctx.now)).await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::GetBudget, scene.facts()))?;
    let budget = scene.budget();
    Ok(Response::ok(&budget.view(spent, ctx.now))?.version(budget.version))
}
