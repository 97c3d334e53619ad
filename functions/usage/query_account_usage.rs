//! Reports the usage that the caller's account paid for, in all organizations. Usage belongs to the
//! account that paid at the time of the usage.

use orgs_domain::AccountId;
use orgs_domain::report::CSV_EXAMPLE;
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{ProblemCode, RequestContext, Response, Result, action};

use super::account_report::{self, AccountReport, QueryAccountUsage};

/// The declaration.
pub const ACTION: Action =
    action!(query_account_usage, query: QueryAccountUsage, returns: AccountReport)
        .summary("Report the usage of the caller's account")
        .description(
            "Adds up the usage of all organizations that the account paid for at the time of the \
             usage. Send `Accept: text/csv` to get the rows as CSV.",
        )
        .get("/v1/account/usage", Caller::Person)
        .grants(&[Grant::ListUsage])
        .problems(&[ProblemCode::ValidationFailed, ProblemCode::ReportTooLarge])
        .csv(CSV_EXAMPLE);

async fn query_account_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let _mine = ctx.authorize(ActionName::QueryAccountUsage)?;
    account_report::respond(ctx, &AccountId::of_user(&ctx.person()?.user_id)).await
}
