//! Shows the usage that an account owes for a month, to billing systems and to the person whose account it
//! is. A final statement comes from the table, where `close_months` stored it. Until then, or if the
//! account has none, the statement is added up from the counters.

use chrono::{DateTime, Utc};
use orgs_domain::statement::{self, CSV_HEADER, Line, Statement, Total};
use orgs_domain::{AccountId, Month};
use orgs_policies::AuthzRequest;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::STATEMENT_PART_LINES;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    .csv(
        "org_id,kind,adjustment_of,credits,events\n\
         org_019ab3c0d5e07f10a2b3c4d5e6f70812,chat.completion,,12.5,50\n",
    );

/// The page of a statement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetStatement {
    /// The `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
}

/// The usage that an account owes for a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementView {
    /// The id of the account: `acct_` and 32 hex digits.
    #[schema(value_type = String, example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    account_id: AccountId,
    /// The month, in UTC.
    #[schema(value_type = String, example = "2026-11")]
    month: Month,
    /// True if the statement no longer changes.
    #[serde(rename = "final")]
    is_final: bool,
    /// The time from which the statement no longer changes: 7 days and 5 minutes after the
    /// end of the month.
    final_at: DateTime<Utc>,
    /// The lines of the page, sorted by organization, kind and corrected month.
    lines: Vec<Line>,
    /// The total of the whole statement, adjustments included.
    total: Total,
    /// The hash of the whole statement as CSV: `sha256:` and 64 hex digits.
    #[schema(example = "sha256:f7a1ec1d5c9b6b9d0e7a3b44b3bd1f6fd2a8a3a0c1e5a9e0d5a1c2b3a4d5e6f7")]
    hash: String,
    /// The cursor of the next page; null on the last page.
    next_cursor: Option<String>,
}

async fn get_statement(ctx: &RequestContext<'_>) -> Result<Response> {
    let account = ctx.account_id();
    let own = AccountId::of_user(&ctx.caller()?.person.user_id);
    let is_own = account.as_ref().is_ok_and(|account| *account == own);
    let _reader =
        ctx.authorize_service_for("billing:read", &AuthzRequest::get_statement(is_own))?;
    let account = account.map_err(|invalid| Problem::field("/account_id", &invalid))?;
    let month = ctx.month().map_err(|invalid| Problem::field("/month", &invalid))?;
    let GetStatement { cursor } = ctx.query()?;
    let part = cursor.map_or(Ok(0), |cursor| cursor.parse::<u16>()).map_err(|_| {
        Problem::invalid("/cursor", "invalid_value", "is not a cursor returned by this statement")
    })?;
    let part = usize::from(part);
    let store = &ctx.app.store;
    let closed = store.closed_statement(&account, month, part).await?;
    let (lines, parts, total, hash) = if let Some((closed, lines)) = closed {
        (lines, closed.parts, closed.total, closed.hash)
    } else {
        let Statement { lines, total, hash, .. } = store.add_up_statement(&account, month).await?;
        let parts = lines.chunks(STATEMENT_PART_LINES);
        let count = parts.len();
        let lines = parts.skip(part).take(1).flatten().cloned().collect();
        (lines, count, total, hash)
    };
    let next_cursor = (part + 1 < parts).then(|| (part + 1).to_string());
    if ctx.wants_csv() {
        let header = if part == 0 { CSV_HEADER } else { "" };
        let headers = next_cursor.map(|cursor| ctx.next_link(&cursor)).into_iter().collect();
        let csv = header.to_owned() + &statement::csv(&lines);
        return Ok(Response::text("text/csv; charset=utf-8", csv, headers).entity_tag(&hash));
    }
    let view = StatementView {
        account_id: account,
        month,
        is_final: ctx.now >= month.final_at(),
        final_at: month.final_at(),
        lines,
        total,
        hash,
        next_cursor,
    };
    Ok(Response::ok(&view)?.entity_tag(&view.hash))
}
