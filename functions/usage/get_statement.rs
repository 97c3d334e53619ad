//! Shows the usage that an account owes for a month, to billing systems and to the person whose account it
//! is.

use orgs_domain::AccountId;
use orgs_policies::AuthzRequest;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};

use super::statement_page::{self, CSV_EXAMPLE, GetStatement, StatementView};

/// The declaration.
pub const ACTION: Action = action!(get_statement, query: GetStatement, returns: StatementView)
    .summary("Show an account's statement")
    .description(
        "The usage that the account owes for a month, by organization and kind. A month is final 7 days and \
         5 minutes after its end; after that, its statement never changes. A void or a backfilled \
         event of a closed month is an adjustment in the statement of the month in which it was \
         made. `hash` is the SHA-256 of the whole statement as CSV, and the `ETag` of the \
         response. Send `Accept: text/csv` to get the lines as CSV. A statement with more than \
         2,000 lines has several pages; as CSV, only the first page has the header line, and the \
         header `Link` names the next page.",
    )
    .get("/v1/accounts/{account_id}/statements/{month}", Caller::AccountOrService("billing:read"))
    .grants(&[Grant::ReadUsage, Grant::ListUsage])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::ValidationFailed])
    .csv(CSV_EXAMPLE);

async fn get_statement(ctx: &RequestContext<'_>) -> Result<Response> {
    let account = ctx.account_id();
    let own = AccountId::of_user(&ctx.caller()?.person.user_id);
    let is_own = account.as_ref().is_ok_and(|account| *account == own);
    let _reader =
        ctx.authorize_service_for("billing:read", &AuthzRequest::get_statement(is_own))?;
    let account = account.map_err(|invalid| Problem::field("/account_id", &invalid))?;
    let month = ctx.month().map_err(|invalid| Problem::field("/month", &invalid))?;
    let page = statement_page::page_number(ctx)?;
    let closed = ctx.app.store.closed_statement(&account, month, page).await?;
    statement_page::respond(ctx, account, month, page, closed).await
}
