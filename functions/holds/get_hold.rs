//! Shows a hold: the reserved and captured credits, and what is left of the budget.

use orgs_domain::{Month, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::HoldView;

use super::budget_limit::BudgetLimit;

/// The declaration.
pub const ACTION: Action = action!(get_hold, returns: HoldView)
    .summary("Show a hold")
    .description("`limits` has the budget of the current month.")
    .get(
        "/v1/orgs/{org_id}/holds/{hold_id}",
        Caller::MemberOrService(Role::Administrator, "usage:write"),
    )
    .grants(&[Grant::ReadCore, Grant::ListUsage, Grant::ReadUsage])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::HoldNotFound]);

async fn get_hold(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let month = Month::of(ctx.now);
    let id = ctx.hold_id();
    let query = OrgContextQuery {
        service: Some("usage:write"),
        budget: true,
        ..OrgContextQuery::default()
    };
    let usage = async {
        futures::try_join!(
            ctx.app.store.spending(&org_id, month),
            ctx.app.store.holds(&org_id, &id, ctx.now),
        )
    };
    let (org, ((used, _), holds)) = OrgContext::load_with(ctx, org_id, query, usage).await?;
    let _reader = org.authorize(&AuthzRequest::new(ActionName::GetHold))?;
    let hold = id.and_then(|id| holds.get(&id)).ok_or_else(Problem::hold_not_found)?;
    let limit = BudgetLimit { budget: &org.budget(), used: &used, month };
    Response::ok(&limit.view(hold, ctx))
}
