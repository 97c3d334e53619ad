//! A page of a statement: of an account, or of an organization that pays for itself.
//!
//! A final statement comes from the table, where `close_months` stored it. Until then, or if the
//! account has none, the statement is added up from the counters.

use chrono::{DateTime, Utc};
use orgs_domain::statement::{self, CSV_HEADER, Line, Statement, Total};
use orgs_domain::{AccountId, Month};
use orgs_runtime::{Problem, RequestContext, Response, Result};
use orgs_store::{ClosedStatement, STATEMENT_PART_LINES};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An example of a statement as CSV, for documents.
pub(crate) const CSV_EXAMPLE: &str = "org_id,kind,adjustment_of,credits,events\n\
    org_019ab3c0d5e07f10a2b3c4d5e6f70812,chat.completion,,12.5,50\n";

/// The page of a statement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GetStatement {
    /// The `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
}

/// The usage that an account owes for a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statement)]
pub(crate) struct StatementView {
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

/// Returns the number of the requested page, from 0.
pub(crate) fn page_number(ctx: &RequestContext<'_>) -> Result<usize> {
    let GetStatement { cursor } = ctx.query()?;
    let page = cursor.map_or(Ok(0), |cursor| cursor.parse::<u16>()).map_err(|_| {
        Problem::invalid("/cursor", "invalid_value", "is not a cursor returned by this statement")
    })?;
    Ok(usize::from(page))
}

/// Responds with a page. `closed` is the page of the stored statement, if there is one.
pub(crate) async fn respond(
    ctx: &RequestContext<'_>,
    account_id: AccountId,
    month: Month,
    page: usize,
    closed: Option<(ClosedStatement, Vec<Line>)>,
) -> Result<Response> {
    let (lines, pages, total, hash) = if let Some((closed, lines)) = closed {
        (lines, closed.parts, closed.total, closed.hash)
    } else {
        let Statement { lines, total, hash, .. } =
            ctx.app.store.add_up_statement(&account_id, month).await?;
        let pages = lines.chunks(STATEMENT_PART_LINES);
        let count = pages.len();
        let lines = pages.skip(page).take(1).flatten().cloned().collect();
        (lines, count, total, hash)
    };
    let next_cursor = (page + 1 < pages).then(|| (page + 1).to_string());
    if ctx.wants_csv() {
        let header = if page == 0 { CSV_HEADER } else { "" };
        let headers = next_cursor.map(|cursor| ctx.next_link(&cursor, &[])).into_iter().collect();
        let csv = header.to_owned() + &statement::csv(&lines);
        return Ok(Response::text("text/csv; charset=utf-8", csv, headers).entity_tag(&hash));
    }
    let view = StatementView {
        account_id,
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
