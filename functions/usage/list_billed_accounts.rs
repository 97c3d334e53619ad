//! Lists the accounts with usage in a month, so that a billing system can fetch the statement of
//! each.

use orgs_domain::{AccountId, Month};
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{ListOf, ProblemCode, RequestContext, Response, Result, action};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action =
    action!(list_billed_accounts, query: BilledAccounts, returns: ListOf<BilledAccountView>)
        .summary("List the accounts with usage in a month")
        .description(
            "Lists each account that paid for usage of the month, or has an adjustment in it, also \
             of organizations that are purged. An account whose usage was all rejected or voided \
             can be listed too.",
        )
        .get("/v1/accounts", Caller::Service("billing:read"))
        .grants(&[Grant::ListUsage])
        .problems(&[ProblemCode::MissingPermission, ProblemCode::ValidationFailed]);

/// The accounts to list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BilledAccounts {
    /// The month, in UTC.
    #[schema(value_type = String, example = "2026-11")]
    month: Month,
}

/// An account with usage in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BilledAccount)]
pub struct BilledAccountView {
    /// The id of the account: `acct_` and 32 hex digits.
    #[schema(value_type = String, example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    account_id: AccountId,
    /// The hash of the account's final statement, as `get_statement` returns it; null until the
    /// statement is stored, up to an hour after the month is final.
    #[schema(example = "sha256:f7a1ec1d5c9b6b9d0e7a3b44b3bd1f6fd2a8a3a0c1e5a9e0d5a1c2b3a4d5e6f7")]
    hash: Option<String>,
}

async fn list_billed_accounts(ctx: &RequestContext<'_>) -> Result<Response> {
    let _biller = ctx.authorize_service("billing:read", ActionName::ListBilledAccounts)?;
    let query = ctx.list_query::<BilledAccounts>(|_| &["acct_"])?;
    let accounts = ctx.app.store.billed_accounts(query.filter.month, &query.page).await?;
    Response::page(&accounts, |account| BilledAccountView {
        account_id: account.account_id.clone(),
        hash: account.hash.clone(),
    })
}
