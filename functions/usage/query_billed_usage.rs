//! Reports the usage that any account paid for, for billing systems. The usage of an account stays
//! stored after its organization is purged, so every account can be billed to the end.

use orgs_domain::report::CSV_EXAMPLE;
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};

use super::account_report::{self, AccountReport, QueryAccountUsage};

/// The declaration.
pub const ACTION: Action =
    action!(query_billed_usage, query: QueryAccountUsage, returns: AccountReport)
        .summary("Report the usage of any account")
        .description(
            "Adds up the usage of all organizations that the account paid for at the time of the \
             usage, also of organizations that are purged. An account without usage has an \
             empty report. Send `Accept: text/csv` to get the rows as CSV.",
        )
        .get("/v1/accounts/{account_id}/usage", Caller::Service("billing:read"))
        .grants(&[Grant::ListUsage])
        .problems(&[
            ProblemCode::MissingPermission,
            ProblemCode::ValidationFailed,
            ProblemCode::ReportTooLarge,
        ])
        .csv(CSV_EXAMPLE);

async fn query_billed_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let _biller = ctx.authorize_service("billing:read", ActionName::QueryBilledUsage)?;
    let account = ctx.account_id().map_err(|invalid| Problem::field("/account_id", &invalid))?;
    account_report::respond(ctx, &account).await
}
