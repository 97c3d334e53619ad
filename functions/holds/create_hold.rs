//! Reserves credits of the monthly budget for a run. One transaction stores the hold, on the
//! condition that the budget suffices for all holds, so concurrent runs cannot spend the same
//! credits.

use orgs_domain::hold::{self, EXPIRES_IN_SECONDS_MAX, HoldError, HoldRequest};
use orgs_domain::usage::{is_kind, is_resource_id, is_user_id};
use orgs_domain::{Credits, HoldId, Month};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::HoldView;
use serde::Deserialize;
use utoipa::ToSchema;

use super::budget_limit::BudgetLimit;

/// The declaration.
pub const ACTION: Action = action!(create_hold, body: CreateHold, returns: HoldView)
    .summary("Reserve credits for a run")
    .description(
        "Reserves credits of the month's budget until the hold is captured, released or expired. \
         If the budget is enforced and does not suffice, the hold is denied. Usage events that \
         name the hold capture it. The same request again returns the hold with status 200. The \
         request therefore needs no `Idempotency-Key`. If the organization has no enforced budget, \
         every hold is allowed.",
    )
    .post("/v1/orgs/{org_id}/holds", Caller::Service("usage:write"))
    .created_once()
    .grants(&[
        Grant::ReadCore,
        Grant::ListUsage,
        Grant::ReadUsage,
        Grant::CommitUsage,
        Grant::EndHolds,
        Grant::CommitCore,
    ])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::BudgetExceeded,
        ProblemCode::BudgetHeld,
        ProblemCode::HoldTooLarge,
        ProblemCode::HoldConflict,
    ]);

/// The credits to reserve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateHold {
    /// The id of the hold, which you choose: 1 to 128 printable ASCII characters, unique in the
    /// organization, for example the id of the run.
    #[schema(value_type = String, min_length = 1, max_length = 128, example = "run-7f3a")]
    id: HoldId,
    /// The credits to reserve, as a decimal string from 0 to 10^12 with at most 6 decimals.
    #[schema(value_type = String, pattern = r"^\d{1,20}(\.\d{1,6})?$", example = "5")]
    credits: Credits,
    /// The number of seconds for which the credits are reserved: 1 to 86,400.
    #[schema(minimum = 1, maximum = 86400, example = 600)]
    expires_in: i64,
    /// The kind of the planned usage: 1 to 64 characters of `a-z`, `0-9`, `_`, `.` and `-`.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9_.-]{1,64}$", example = "chat.completion")]
    kind: Option<String>,
    /// The id of the resource of the planned usage: 1 to 128 characters without control characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70814")]
    resource_id: Option<String>,
    /// The user id of the person for whom the usage is planned: 1 to 255 characters without control
    /// characters.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "auth0|65f0c1")]
    user_id: Option<String>,
}

/// Rejects a number of seconds that is not from 1 to 86,400.
pub(super) fn check_expires_in(seconds: i64) -> Result<()> {
    if (1..=EXPIRES_IN_SECONDS_MAX).contains(&seconds) {
        return Ok(());
    }
    Err(Problem::invalid("/expires_in", "out_of_range", "must be from 1 to 86400").into())
}

impl CreateHold {
    fn request(self) -> Result<HoldRequest> {
        let Self { id, credits, expires_in, kind, resource_id, user_id } = self;
        check_expires_in(expires_in)?;
        let checks = [
            (
                "/kind",
                kind.as_deref().is_none_or(is_kind),
                "must be 1 to 64 characters of `a-z`, `0-9`, `_`, `.` and `-`",
            ),
            (
                "/resource_id",
                resource_id.as_deref().is_none_or(is_resource_id),
                "must be 1 to 128 characters without control characters",
            ),
            (
                "/user_id",
                user_id.as_deref().is_none_or(is_user_id),
                "must be 1 to 255 characters without control characters",
            ),
        ];
        for (pointer, is_valid, rule) in checks {
            if !is_valid {
                return Err(Problem::invalid(pointer, "invalid_value", rule).into());
            }
        }
        Ok(HoldRequest { id, credits, expires_in, kind, resource_id, user_id })
    }
}

async fn create_hold(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let month = Month::of(ctx.now);
    let body = ctx.body::<CreateHold>();
    let id = body.as_ref().ok().map(|body| body.id.clone());
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
    let (org, ((used, history), holds)) = OrgContext::load_with(ctx, org_id, query, usage).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::CreateHold))?;
    let request = body?.request()?;
    let budget = org.budget();
    let limit = BudgetLimit { budget: &budget, used: &used, month };
    if let Some(hold) = holds.get(&request.id) {
        if hold.request == request {
            return Response::ok(&limit.view(hold, ctx));
        }
        return Err(Problem::new(
            ProblemCode::HoldConflict,
            "another hold with this id and other values exists",
        )
        .into());
    }
    let client_id = ctx.person()?.user_id.clone();
    let new = match hold::create(request, client_id, &budget, &used, ctx.now) {
        Ok(new) => new,
        Err(error) => {
            if error == HoldError::BudgetHeld {
                ctx.end_expired_holds(&org_id, month, &used).await?;
            } else {
                ctx.raise_first_denial(&org_id, &budget, (&used, &history)).await;
            }
            return Err(limit.denied(error).into());
        }
    };
    let created = ctx.app.store.create_hold(&permit, &new, ctx.now).await;
    created.map_err(|error| ctx.commit_error(error))?;
    let used = used.changed(Credits::default(), new.hold().rest());
    Response::created(&BudgetLimit { used: &used, ..limit }.view(new.hold(), ctx))
}
