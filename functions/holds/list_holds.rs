//! Lists the open holds of an organization, the first to expire first.

use orgs_domain::{Month, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    ListOf, OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_store::keys::OPEN_HOLD;
use orgs_views::HoldView;

use super::budget_limit::BudgetLimit;

/// The declaration.
pub const ACTION: Action = action!(list_holds, returns: ListOf<HoldView>)
    .summary("List open holds")
    .description(
        "Returns the open holds in the order of their expiry. `limits` has the budget of the \
         current month.",
    )
    .get("/v1/orgs/{org_id}/holds", Caller::MemberOrService(Role::Administrator, "usage:write"))
    .grants(&[Grant::ReadCore, Grant::ListUsage, Grant::ReadUsage])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::ValidationFailed]);

async fn list_holds(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let month = Month::of(ctx.now);
    let page = ctx.page(&[OPEN_HOLD]);
    let query = OrgContextQuery {
        service: Some("usage:write"),
        budget: true,
        ..OrgContextQuery::default()
    };
    let usage = async {
        let open = async {
            match &page {
                Ok(page) => ctx.app.store.open_holds(&org_id, page, ctx.now).await.map(Some),
                Err(_) => Ok(None),
            }
        };
        futures::try_join!(ctx.app.store.spending(&org_id, month), open)
    };
    let (org, ((used, _), open)) = OrgContext::load_with(ctx, org_id, query, usage).await?;
    let _reader = org.authorize(&AuthzRequest::new(ActionName::ListHolds))?;
    page?;
    let limit = BudgetLimit { budget: &org.budget(), used: &used, month };
    Response::page(&open.unwrap_or_default(), |hold| limit.view(hold, ctx))
}
