//! Changes the credits or the expiry of an open hold, for example of a run that takes longer.

use orgs_domain::hold::{self, HoldError};
use orgs_domain::{Credits, Month};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
    non_null,
};
use orgs_views::HoldView;
use serde::Deserialize;
use utoipa::ToSchema;

use super::budget_limit::BudgetLimit;
use super::create_hold::check_expires_in;

/// The declaration.
pub const ACTION: Action = action!(update_hold, body: UpdateHold, returns: HoldView)
    .summary("Change a hold")
    .description(
        "Changes the credits or the expiry of an open hold. More credits are denied if the budget \
         is enforced and does not suffice. The same request again is safe, and the expiry then \
         counts from that request.",
    )
    .patch("/v1/orgs/{org_id}/holds/{hold_id}", Caller::Service("usage:write"))
    .grants(&[
        Grant::ReadCore,
        Grant::ListUsage,
        Grant::ReadUsage,
        Grant::CommitUsage,
        Grant::EndHolds,
    ])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::HoldNotFound,
        ProblemCode::HoldNotOpen,
        ProblemCode::BudgetExceeded,
        ProblemCode::BudgetHeld,
        ProblemCode::HoldTooLarge,
    ]);

/// The changes. Absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateHold {
    /// The credits to reserve, including those that are captured already, as a decimal string from 0
    /// to 10^12 with at most 6 decimals.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, pattern = r"^\d{1,20}(\.\d{1,6})?$", example = "8")]
    credits: Option<Credits>,
    /// The number of seconds, from now, for which the credits are reserved: 1 to 86,400.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 86400, example = 600)]
    expires_in: Option<i64>,
}

async fn update_hold(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let id = ctx.hold_id();
    let query = OrgContextQuery {
        service: Some("usage:write"),
        budget: true,
        ..OrgContextQuery::default()
    };
    let month = Month::of(ctx.now);
    let usage = async {
        futures::try_join!(
            ctx.app.store.spending(&org_id, month),
            ctx.app.store.holds(&org_id, &id, ctx.now),
        )
    };
    let (org, ((used, _), holds)) = OrgContext::load_with(ctx, org_id, query, usage).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::UpdateHold))?;
    let UpdateHold { credits, expires_in } = ctx.body()?;
    expires_in.map_or(Ok(()), check_expires_in)?;
    let hold = id.and_then(|id| holds.get(&id)).ok_or_else(Problem::hold_not_found)?;
    let used = if hold.month == month {
        used
    } else {
        // The hold is of the last month: it was created in the last hours of that month.
        ctx.app.store.spending(&org_id, hold.month).await?.0
    };
    let budget = org.budget();
    let limit = BudgetLimit { budget: &budget, used: &used, month: hold.month };
    let change = match hold::update(hold, credits, expires_in, &budget, &used, ctx.now) {
        Ok(Some(change)) => change,
        Ok(None) => return Err(Problem::hold_not_open().into()),
        Err(error) => {
            if error == HoldError::BudgetHeld {
                ctx.end_expired_holds(&org_id, hold.month, &used).await?;
            }
            return Err(limit.denied(error).into());
        }
    };
    let changed = ctx.app.store.change_hold(&permit, &change).await;
    changed.map_err(|error| ctx.commit_error(error))?;
    let used = used.changed(change.before().rest(), change.after().rest());
    Response::ok(&BudgetLimit { used: &used, ..limit }.view(change.after(), ctx))
}
