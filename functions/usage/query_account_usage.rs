//! Reports what the caller's account pays for, over all organizations, as it was paid for at the
//! time: from counters of days, so what it costs does not depend on the number of events.

use chrono::{DateTime, Duration, Utc};
use orgs_domain::AccountId;
use orgs_domain::forecast::Forecast;
use orgs_domain::report::{GroupBy, Row, Total, UsageQuery};
use orgs_domain::time::optional_rfc3339;
use orgs_domain::window::{Span, Window};
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::keys::Ledger;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An example of the report as CSV.
const CSV_EXAMPLE: &str = "start,end,group,credits,events\n\
    2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50\n";

/// The declaration.
pub const ACTION: Action =
    action!(query_account_usage, query: QueryAccountUsage, returns: AccountReport)
        .summary("Report the usage of the caller's account")
        .description(
            "Over all organizations that the account paid for, as it was paid for at the time.",
        )
        .get("/v1/account/usage", Caller::Person)
        .grants(&[Grant::ListUsage])
        .problems(&[ProblemCode::ValidationFailed, ProblemCode::ReportTooLarge])
        .csv(CSV_EXAMPLE);

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryAccountUsage {
    /// From when: RFC 3339, widened to whole days; the first of the month unless it says.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    from: Option<DateTime<Utc>>,
    /// Until when: RFC 3339, widened to whole days; now unless it says.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    to: Option<DateTime<Utc>>,
    /// How long each row's window is: `day` or `month`; one for the whole time unless it says. At
    /// most 744 windows.
    window: Option<Window>,
    /// What rows tell apart.
    group_by: Option<GroupBy>,
}

/// The report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountUsageReport)]
pub struct AccountReport {
    /// The caller's account.
    #[schema(example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    account_id: String,
    /// From when, at the start of a day.
    from: DateTime<Utc>,
    /// Until when, at the start of a day.
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

async fn query_account_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let _mine = ctx.authorize(ActionName::QueryAccountUsage)?;
    let QueryAccountUsage { from, to, window, group_by } = ctx.query()?;
    let query = UsageQuery::new(from, to, window, group_by, Window::Day, ctx.now)
        .map_err(|(field, invalid)| Problem::field(field, &invalid))?;
    let account = AccountId::of_user(&ctx.person()?.user_id);
    // Nothing was used in the future.
    let life =
        Span { from: DateTime::UNIX_EPOCH, to: Window::Month.ceil(ctx.now + Duration::hours(1)) };
    let reported = ctx.report(Ledger::Account(&account), query, life).await?;
    let Span { from, to } = query.span;
    let report = AccountReport {
        account_id: account.to_string(),
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
