//! Reports the usage of an organization, in credits. The report adds up counters, so its cost does
//! not depend on the number of events.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::Org;
use orgs_domain::Role;
use orgs_domain::forecast::Forecast;
use orgs_domain::month;
use orgs_domain::report::{
    self, CSV_EXAMPLE, CsvFor, Parameters, ROWS_MAX, Row, TOP_MAX, Total, UsageQuery,
};
use orgs_domain::text::{number_up_to, true_or_false};
use orgs_domain::time::optional_rfc3339;
use orgs_domain::usage::ACCEPT_DAYS;
use orgs_domain::window::{Span, Window};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_store::keys::Ledger;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(query_usage, query: QueryUsage, returns: Report)
    .summary("Report an organization's usage")
    .description(
        "Adds up counters, so the response time does not depend on the number of events. Send \
         `Accept: text/csv` to get the rows as CSV.",
    )
    .get("/v1/orgs/{org_id}/usage", Caller::MemberOrService(Role::Viewer, "billing:read"))
    .grants(&[Grant::ReadCore, Grant::ListUsage])
    .problems(&[ProblemCode::ValidationFailed, ProblemCode::ReportTooLarge])
    .csv(CSV_EXAMPLE);

/// The parameters of the report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryUsage {
    /// The start of the report, inclusive, in the format of RFC 3339. It is rounded down to the
    /// start of a window; without `window`, to an hour, or to a day if the rows are grouped by
    /// `resource` or `member`. The default is the start of the month in which the report ends.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    from: Option<DateTime<Utc>>,
    /// The end of the report, exclusive, in the format of RFC 3339. It is rounded up like `from` is
    /// rounded down. The default is now.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    to: Option<DateTime<Utc>>,
    /// The length of the windows: `hour`, `day` or `month`. By default, the whole time is one
    /// window. A report has at most 744 windows. If the rows are grouped by `resource` or `member`,
    /// `hour` is not available.
    window: Option<Window>,
    /// How the rows are grouped. By default, each window has one row.
    group_by: Option<OrgGroupBy>,
    /// Reports the usage of this kind only, with no grouping or by `kind`.
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

/// The usage of an organization in a time range.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageReport)]
pub struct Report {
    /// The id of the organization: `org_` and 32 hex digits.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    org_id: String,
    /// The start of the report, inclusive: the start of an hour or of a longer window, in UTC.
    from: DateTime<Utc>,
    /// The end of the report, exclusive: the start of an hour or of a longer window, in UTC.
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
    group_by: Option<OrgGroupBy>,
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

/// The grouping of the rows of an organization's report.
///
/// - `kind`: one row per kind of event.
/// - `resource`: one row per resource, by day or month.
/// - `member`: one row per person for whom something was used, by day or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UsageGroupBy)]
pub enum OrgGroupBy {
    /// One row per kind of event.
    Kind,
    /// One row per resource. The shortest window is a day.
    Resource,
    /// One row per person for whom something was used. The shortest window is a day.
    Member,
}

impl From<OrgGroupBy> for report::GroupBy {
    fn from(group_by: OrgGroupBy) -> Self {
        match group_by {
            OrgGroupBy::Kind => Self::Kind,
            OrgGroupBy::Resource => Self::Resource,
            OrgGroupBy::Member => Self::Member,
        }
    }
}

async fn query_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let query = OrgContextQuery { service: Some("billing:read"), ..OrgContextQuery::default() };
    let org = OrgContext::load(ctx, ctx.org_id()?, query).await?;
    let _reader = org.authorize(&AuthzRequest::new(ActionName::QueryUsage))?;
    let QueryUsage {
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
    let asked = Parameters {
        from,
        to,
        window,
        group_by: group_by.map(report::GroupBy::from),
        kind,
        resource_id,
        user_id,
        top,
        limit,
    };
    let mut query = UsageQuery::new(asked, Window::Hour, ctx.now)
        .map_err(|(field, invalid)| Problem::field(field, &invalid))?;
    let life = months_with_usage(&org.org, ctx.now);
    let reported =
        ctx.report(Ledger::Org(&org.org.id), &mut query, cursor.as_deref(), life).await?;
    let Span { from, to } = query.span;
    let final_at = month::final_at(query.span);
    let report = Report {
        org_id: org.org.id.to_string(),
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

/// Returns the months in which the organization can have usage. Counters outside of them are not
/// read. A backfilled event of an earlier month raises no counter of the organization, because that
/// month was closed when the organization was created.
fn months_with_usage(org: &Org, now: DateTime<Utc>) -> Span {
    Span {
        from: Window::Month.floor(org.created_at - Duration::days(ACCEPT_DAYS)),
        to: Window::Month.ceil(now + Duration::hours(1)),
    }
}
