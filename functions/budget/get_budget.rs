//! Shows an organization's budget, what was spent of it this month, and what the month is expected
//! to come to.

use orgs_http::domain::budget::BudgetView;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants};

orgs_http::action!(get_budget, "Shows an organization's budget and how the month stands to it", handle, answer: BudgetView);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let (org, wants) = (call.org_id()?, Wants { budget: true, ..Wants::default() });
    let (scene, (spent, _)) =
        call.scene_beside(org, wants, call.world.store.spending(&org, call.now)).await?;
    let _viewer = scene.permit(&Ask::OfOrg(OfOrg::GetBudget, scene.facts()))?;
    let budget = scene.budget();
    Ok(Reply::ok(&budget.view(spent, call.now))?.version(budget.version))
}
