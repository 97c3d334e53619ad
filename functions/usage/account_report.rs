//! The report of the usage that an account paid for, in all organizations. The report adds up
//! counters of days, so its cost does not depend on the number of events.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::AccountId;
use orgs_domain::forecast::Forecast;
use orgs_domain::month;
use orgs_domain::report::{CsvFor, GroupBy, Parameters, ROWS_MAX, Row, TOP_MAX, Total, UsageQuery};
use orgs_domain::text::{number_up_to, true_or_false};
use orgs_domain::time::optional_rfc3339;
use orgs_domain::window::{Span, Window};
use orgs_runtime::{Problem, RequestContext, Response, Result};
use orgs_store::keys::Ledger;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The start of 2026, before the first release: no usage is older.
const FIRST_USAGE: DateTime<Utc> =
    DateTime::from_timestamp(1_767_225_600, 0).expect("a time that chrono can represent");

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
    /// Reports the usage of this kind only, with no grouping, by `kind` or by `org`.
    kind: Option<String>,
    /// Reports the usage of this resource only, by day or month, with no grouping or by `resource`.
    resource_id: Option<String>,
    /// Reports the usage for this person only, by day or month, with no grouping or by `member`.
    user_id: Option<String>,
    /// The number of groups with the most credits that have rows of their own, 1 to 100. All other
    /// groups are added up in rows with `other`. By default, every group has its own rows.
    #[serde(default, deserialize_with = "number_up_to::<TOP_MAX, _>")]
    #[schema(minimum = 1, maximum = 100)]
    top: Option<u16>,
    /// The largest number of rows in the response, 1 to 10,000, which is also the default.
    #[serde(default, deserialize_with = "number_up_to::<ROWS_MAX, _>")]
    #[schema(minimum = 1, maximum = 10000)]
    limit: Option<u16>,
    /// The `next_cursor` of the response before. Send all other parameters again, and `from` and
    /// `to` as the response has them.
    cursor: Option<String>,
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
    /// The cursor of the next rows; null after the last row. `total` is the total of all rows.
    next_cursor: Option<String>,
    /// The expected usage of the current month; null if the report does not include a part of that
    /// month, or is about one kind, resource or person.
    forecast: Option<Forecast>,
}

/// Responds with the report of an account.
pub(crate) async fn respond(ctx: &RequestContext<'_>, account: &AccountId) -> Result<Response> {
    let QueryAccountUsage {
        from,
        to,
        window,
        group_by,
        kind,
        resource_id,
        user_id,
        top,
        limit,
        cursor,
        raw,
    } = ctx.query()?;
    let asked = Parameters { from, to, window, group_by, kind, resource_id, user_id, top, limit };
    let mut query = UsageQuery::new(asked, Window::Day, ctx.now)
        .map_err(|(field, invalid)| Problem::field(field, &invalid))?;
    // An account can have paid for usage at any time since the first release.
    let life = Span { from: FIRST_USAGE, to: Window::Month.ceil(ctx.now + Duration::hours(1)) };
    let reported =
        ctx.report(Ledger::Account(account), &mut query, cursor.as_deref(), life).await?;
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
        next_cursor: reported.next_cursor,
        forecast: reported.forecast,
    };
    let readers = if raw { CsvFor::Programs } else { CsvFor::Spreadsheets };
    let next = report.next_cursor.as_deref();
    ctx.respond_with(&report, &report.data, &query, next, readers)
}
