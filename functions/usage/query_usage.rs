//! Reports usage in credits, from rollups: what it costs does not depend on the number of events.

use chrono::{DateTime, Duration, Utc};
use orgs_runtime::domain::Org;
use orgs_runtime::domain::forecast::Forecast;
use orgs_runtime::domain::report::{self, Row, Total, UsageQuery};
use orgs_runtime::domain::time::optional_rfc3339;
use orgs_runtime::domain::usage::ACCEPT_DAYS;
use orgs_runtime::domain::window::{Span, Window};
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::store::keys::Ledger;
use orgs_runtime::{OrgContextQuery, Problem, RequestContext, Response, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

orgs_runtime::action!(query_usage, "Reports usage in credits", handle, query: QueryUsage, answer: Report);

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

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::QueryUsage, scene.facts()))?;
    let QueryUsage { from, to, window, group_by } = ctx.query()?;
    let group = group_by.map(report::GroupBy::from);
    let min_window = group.map_or(Window::Hour, report::GroupBy::min_window);
    let query = UsageQuery::new(from, to, window, group, min_window, ctx.now)
        .map_err(|(field, invalid)| Problem::field(field, &invalid))?;
    let reported = ctx.report(Ledger::Org(&scene.org.id), query, life(&scene.org, ctx.now)).await?;
    let Span { from, to } = query.span;
    let report = Report {
        org_id: scene.org.id.to_string(),
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
