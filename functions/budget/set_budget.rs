//! Sets the monthly budget of an organization: the credits, the thresholds at which its owners are
//! mailed, and whether it is enforced. A budget never stops usage from being recorded.

use orgs_domain::Credits;
use orgs_domain::budget::{self, Thresholds};
use orgs_domain::{Month, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::BudgetView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_budget, body: SetBudget, returns: BudgetView)
    .summary("Set the monthly budget")
    .description(
        "Replaces the whole budget. Each owner gets a mail when the usage reaches a threshold. If \
         the budget is enforced, checks of `use_resource` are denied when it is spent or would be \
         exceeded. Usage is recorded even then.",
    )
    .put("/v1/orgs/{org_id}/budget", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore, Grant::ListUsage])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::VersionMismatch,
    ])
    .event("Changed the budget", Shape::Maybe("BudgetTerms"), Shape::Object("BudgetTerms"));

/// The new budget, which replaces the current one. Absent fields get their defaults.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudget {
    /// The credits for a calendar month in UTC, as a decimal string from 0 to 10^12 with at most 6
    /// decimals; null means no budget. The field is required.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = true, pattern = r"^\d{1,20}(\.\d{1,6})?$", example = "1000")]
    monthly_credits: Option<Credits>,
    /// The percentages of the budget at which the owners are mailed, each at most once a month: at
    /// most 10 different ones, each from 1 to 1000. An empty list sends no mails. The default is
    /// 50, 80 and 100.
    #[serde(default)]
    #[schema(required = false)]
    thresholds: Thresholds,
    /// True to deny the use of resources when the budget is spent or would be exceeded. The default
    /// is false.
    #[serde(default)]
    enforce: bool,
}

/// Parses a field that may be null but must be present. By default, serde reads an absent option as
/// null.
fn nullable<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Credits>, D::Error> {
    Option::deserialize(deserializer)
}

async fn set_budget(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let query = OrgContextQuery { budget: true, ..OrgContextQuery::default() };
    let (org, (used, _)) = OrgContext::load_with(
        ctx,
        org_id,
        query,
        ctx.app.store.spending(&org_id, Month::of(ctx.now)),
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::SetBudget))?;
    let SetBudget { monthly_credits, thresholds, enforce } = ctx.body()?;
    let before = org.budget();
    ctx.if_match(before.version)?;
    let Some(change) =
        budget::set(org.org.id, &before, monthly_credits, thresholds, enforce, ctx.now)
    else {
        return org
            .respond_unchanged(
                &permit,
                Response::ok(&BudgetView::of(&before, &used, ctx.now))?.version(before.version),
            )
            .await;
    };
    let after = change.after();
    let response = Response::ok(&BudgetView::of(after, &used, ctx.now))?.version(after.version);
    org.commit(&permit, &change, response).await
}
