//! Reports usage in credits, from rollups: what it costs does not depend on the number of events.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::Org;
use orgs_domain::Role;
use orgs_domain::forecast::Forecast;
use orgs_domain::report::{self, Row, Total, UsageQuery};
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

/// An example of the report as CSV.
const CSV_EXAMPLE: &str = "start,end,group,credits,events\n\
    2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50\n";

/// The declaration.
pub const ACTION: Action = action!(query_usage, query: QueryUsage, returns: Report)
    .summary("Report an organization's usage")
    .description("Reads counters, so the cost does not depend on the number of events.")
    .get("/v1/orgs/{org_id}/usage", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore, Grant::ListUsage])
    .problems(&[ProblemCode::ValidationFailed, ProblemCode::ReportTooLarge])
    .csv(CSV_EXAMPLE);

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryUsage {
    /// From when: RFC 3339; the first of the month unless it says.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    from: Option<DateTime<Utc>>,
    /// Until when: RFC 3339; now unless it says.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    to: Option<DateTime<Utc>>,
    /// How long each row's window is; one for the whole time unless it says. At most 744 windows.
    window: Option<Window>,
    /// What rows tell apart.
    group_by: Option<GroupBy>,
}

/// The report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageReport)]
pub struct Report {
    /// The organization.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    org_id: String,
    /// From when, at the start of a window.
    from: DateTime<Utc>,
    /// Until when, at the start of a window.
    to: DateTime<Utc>,
    /// As asked.
    window: Option<Window>,
    /// As asked.
    group_by: Option<GroupBy>,
    /// `credits`.
    #[schema(example = "credits")]
    unit: &'static str,
    /// All of it.
    total: Total,
    /// A row for each window and group with usage, by start, then group.
    data: Vec<Row>,
    /// What this month is expected to come to; null where this month is not asked about.
    forecast: Option<Forecast>,
}

/// What rows tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrgGroupBy)]
pub enum GroupBy {
    /// The kind of the events.
    Kind,
    /// The resource that was used, by days.
    Resource,
    /// The person it was used for, by days.
    Member,
}

impl From<GroupBy> for report::GroupBy {
    fn from(group_by: GroupBy) -> Self {
        match group_by {
            GroupBy::Kind => Self::Kind,
            GroupBy::Resource => Self::Resource,
            GroupBy::Member => Self::Member,
        }
    }
}

async fn query_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::QueryUsage))?;
    let QueryUsage { from, to, window, group_by } = ctx.query()?;
    let group = group_by.map(report::GroupBy::from);
    let min_window = group.map_or(Window::Hour, report::GroupBy::min_window);
    let query = UsageQuery::new(from, to, window, group, min_window, ctx.now)
        .map_err(|(field, invalid)| Problem::field(field, &invalid))?;
    let reported = ctx.report(Ledger::Org(&org.org.id), query, life(&org.org, ctx.now)).await?;
    let Span { from, to } = query.span;
    let report = Report {
        org_id: org.org.id.to_string(),
        from,
        to,
        window,
        group_by,
        unit: "credits",
        total: reported.total,
        data: reported.rows,
        forecast: reported.forecast,
    };
    ctx.respond_with(&report, &report.data)
}

/// The months in which the organization can have used anything: nothing else needs to be read.
fn life(org: &Org, now: DateTime<Utc>) -> Span {
    Span {
        from: Window::Month.floor(org.created_at - Duration::days(ACCEPT_DAYS)),
        to: Window::Month.ceil(now + Duration::hours(1)),
    }
}
