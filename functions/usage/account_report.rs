//! The report of the usage that an account paid for, in all organizations. The report adds up
//! counters of days, so its cost does not depend on the number of events.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::AccountId;
use orgs_domain::forecast::Forecast;
use orgs_domain::month;
use orgs_domain::report::{CsvFor, GroupBy, Row, Total, UsageQuery};
use orgs_domain::text::true_or_false;
use orgs_domain::time::optional_rfc3339;
use orgs_domain::window::{Span, Window};
use orgs_runtime::{Problem, RequestContext, Response, Result};
use orgs_store::keys::Ledger;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The parameters of the report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueryAccountUsage {
    /// The start of the report, inclusive, in the format of RFC 3339. It is rounded down to the
    /// start of a window, or of a day without `window`. The default is the start of the month in
    /// which the report ends.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    from: Option<DateTime<Utc>>,
    /// The end of the report, exclusive, in the format of RFC 3339. It is rounded up to the end of
    /// a window, or of a day without `window`. The default is now.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    to: Option<DateTime<Utc>>,
    /// The length of the windows: `day` or `month`. By default, the whole time is one window. A
    /// report has at most 744 windows.
    window: Option<Window>,
    /// How the rows are grouped. By default, each window has one row.
    group_by: Option<GroupBy>,
    /// `true` leaves the groups of a CSV response as they are, for programs. By default, a group that
    /// a spreadsheet would read as a formula gets an apostrophe in front.
    #[serde(default, deserialize_with = "true_or_false")]
    #[schema(default = false)]
    raw: bool,
}

/// The usage that an account paid for in a time range, in all organizations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountUsageReport)]
pub(crate) struct AccountReport {
    /// The id of the account: `acct_` and 32 hex digits.
    #[schema(example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    account_id: String,
    /// The start of the report, inclusive: the start of a day, in UTC.
    from: DateTime<Utc>,
    /// The end of the report, exclusive: the start of a day, in UTC.
    to: DateTime<Utc>,
    /// The time from which the report no longer changes: 7 days and 5 minutes after the end
    /// of the last month of the report.
    final_at: DateTime<Utc>,
    /// True if the report no longer changes. Later changes are adjustments in the statements
    /// of later months.
    #[serde(rename = "final")]
    is_final: bool,
    /// The `window` of the request; null if it had none.
    window: Option<Window>,
    /// The `group_by` of the request; null if it had none.
    group_by: Option<GroupBy>,
    /// The unit of all amounts: always `credits`.
    #[schema(example = "credits")]
    unit: &'static str,
    /// The total usage of the report.
    total: Total,
    /// The rows, one for each window and group with usage, sorted by start and then by group.
    data: Vec<Row>,
    /// The expected usage of the current month; null if the report does not include a part of that
    /// month.
    forecast: Option<Forecast>,
}

/// Responds with the report of an account.
pub(crate) async fn respond(ctx: &RequestContext<'_>, account: &AccountId) -> Result<Response> {
    let QueryAccountUsage { from, to, window, group_by, raw } = ctx.query()?;
    let query = UsageQuery::new(from, to, window, group_by, Window::Day, ctx.now)
        .map_err(|(field, invalid)| Problem::field(field, &invalid))?;
    // An account can have paid for usage at any time up to now.
    let life =
        Span { from: DateTime::UNIX_EPOCH, to: Window::Month.ceil(ctx.now + Duration::hours(1)) };
    let reported = ctx.report(Ledger::Account(account), query, life).await?;
    let Span { from, to } = query.span;
    let final_at = month::final_at(query.span);
    let report = AccountReport {
        account_id: account.to_string(),
        from,
        to,
        final_at,
        is_final: ctx.now >= final_at,
        window,
        group_by,
        unit: "credits",
        total: reported.total,
        data: reported.rows,
        forecast: reported.forecast,
    };
    let readers = if raw { CsvFor::Programs } else { CsvFor::Spreadsheets };
    ctx.respond_with(&report, &report.data, readers)
}
