//! Sets an organization's budget for a month: how much, when its owners are mailed, and whether
//! agents stop at its end. Usage that happens is recorded whatever the budget says.

use orgs_domain::Credits;
use orgs_domain::Role;
use orgs_domain::budget::{self, BudgetView, Thresholds};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_budget, body: SetBudget, returns: BudgetView)
    .summary("Set the monthly budget")
    .description(
        "Owners get a mail at each threshold. An enforced budget denies `use_resource` beyond it.",
    )
    .put("/v1/orgs/{org_id}/budget", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore, Grant::ListUsage])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::VersionMismatch,
    ])
    .event(Shape::Maybe("BudgetTerms"), Shape::Object("BudgetTerms"));

/// The budget, all of it: what is left out is as by default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudget {
    /// Credits in a calendar month in UTC, a decimal string with at most 6 decimals; null for no
    /// budget.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = true, pattern = r"^\d{1,20}(\.\d{1,6})?$", example = "1000")]
    monthly_credits: Option<Credits>,
    /// At which percentages the owners are mailed, once a month each: at most 10, each from 1 to
    /// 1000.
    #[serde(default)]
    #[schema(value_type = Vec<u16>, required = false, max_items = 10, example = json!([50, 80, 100]))]
    thresholds: Thresholds,
    /// Whether using resources is denied beyond it.
    #[serde(default)]
    enforce: bool,
}

/// What may be null and may not be left out: serde would take an absent option for null.
fn nullable<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Credits>, D::Error> {
    Option::deserialize(deserializer)
}

async fn set_budget(ctx: &RequestContext<'_>) -> Result<Response> {
    let (org, wants) =
        (ctx.org_id()?, OrgContextQuery { budget: true, ..OrgContextQuery::default() });
    let (org, (spent, _)) =
        OrgContext::load_with(ctx, org, wants, ctx.app.store.spending(&org, ctx.now)).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::SetBudget))?;
    let SetBudget { monthly_credits, thresholds, enforce } = ctx.body()?;
    let before = org.budget();
    ctx.if_match(before.version)?;
    let Some(change) = budget::set(org.org.id, &before, monthly_credits, thresholds, enforce)
    else {
        return org
            .respond_unchanged(
                &permit,
                Response::ok(&before.view(spent, ctx.now))?.version(before.version),
            )
            .await;
    };
    let after = change.after();
    let response = Response::ok(&after.view(spent, ctx.now))?.version(after.version);
    org.commit(&permit, &change, response).await
}
