//! Usage reports: of an organization, or of an account that pays for organizations.

use std::collections::BTreeMap;
use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use futures::future::OptionFuture;
use orgs_domain::forecast::Forecast;
use orgs_domain::report::{
    Amount, Answer, COUNTERS_MAX, CsvFor, CsvFormat, Filter, GroupBy, Position, Report,
    ReportTooLargeError, Rollup, Row, Total, UsageQuery, csv,
};
use orgs_domain::window::{Span, Window};
use orgs_domain::{Credits, text};
use orgs_store::keys::{CounterSeries, Ledger};
use orgs_store::{CounterRange, Group, Selection, StoreError, counter_ranges};
use serde::Serialize;

use crate::problem::{Problem, Result};
use crate::request_context::RequestContext;
use crate::response::Response;

/// The usage of each day.
type WholeDays = BTreeMap<DateTime<Utc>, Amount>;

/// A usage report.
#[derive(Debug)]
pub struct UsageReport {
    /// The total of all usage in the report.
    pub total: Total,
    /// A row for each window and group with usage.
    pub rows: Vec<Row>,
    /// The cursor of the next rows; `None` after the last row.
    pub next_cursor: Option<String>,
    /// The forecast for the current month. `None` if the report does not include that month, or has
    /// a filter.
    pub forecast: Option<Forecast>,
}

/// Returns a short hash of the report that a query is about, without the position in it. A cursor has
/// it, so that a cursor of another report is rejected.
fn identity(ledger: Ledger<'_>, query: &UsageQuery) -> String {
    let UsageQuery { span, window, group_by, filter, top, .. } = query;
    text::short_hash(&format!("{ledger:?} {span:?} {window:?} {group_by:?} {filter:?} {top:?}"))
}

fn cursor(identity: &str, position: &Position) -> String {
    URL_SAFE_NO_PAD.encode(format!("{identity} {position}"))
}

/// Returns the position in a cursor.
///
/// # Errors
/// 422 `validation_failed`.
fn position(cursor: &str, identity: &str) -> Result<Position> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let position = text
        .as_deref()
        .and_then(|text| text.split_once(' '))
        .and_then(|(of, rest)| if of == identity { Position::parse(rest) } else { None });
    position.ok_or_else(|| {
        let detail = "is not a cursor of this report: send all other parameters again, and `from` \
                      and `to` as the response has them";
        Problem::invalid("/cursor", "invalid_value", detail).into()
    })
}

impl RequestContext<'_> {
    /// Reads the counters of `ledger` and adds them up. `life` is the time in which usage is
    /// possible: nothing outside of it is read. Sets the position of `query` from the request's
    /// `after`, the cursor.
    ///
    /// # Errors
    /// 422 `validation_failed` for an invalid cursor, or `report_too_large`. 503 `contention` if the
    /// database does not respond.
    pub async fn report(
        &self,
        ledger: Ledger<'_>,
        query: &mut UsageQuery,
        after: Option<&str>,
        life: Span,
    ) -> Result<UsageReport> {
        let identity = identity(ledger, query);
        query.after = after.map(|after| position(after, &identity)).transpose()?;
        let query = &*query;
        let month = Window::Month.floor(self.now);
        let month = (query.touches_month_of(self.now) && query.filter.is_none())
            .then(|| Span { from: month, to: Window::Month.next(month) });
        let used = OptionFuture::from(month.map(|month| Box::pin(self.used_in(ledger, month))));
        let read = async {
            let mut report = Report::new(query.clone());
            let Some(span) = query.span.within(life) else { return Ok(report.answer()) };
            let group = if query.group_by == Some(GroupBy::Org) { Group::Org } else { Group::Own };
            let ranges = needed(ledger, query, span);
            let filter = query.filter.as_ref();
            let selection = Selection { ledger, ranges: &ranges, group, filter };
            let rows = Box::pin(self.app.store.rollups(selection, |rollup| report.add(rollup)));
            let (rows, whole) =
                futures::try_join!(rows, Box::pin(self.whole(ledger, query, span)))?;
            rows?;
            for (start, amount) in whole? {
                report.add_whole(start, amount);
            }
            Ok(report.answer())
        };
        let (Answer { total, rows, next }, used) =
            futures::try_join!(read, async { used.await.transpose() })?;
        Ok(UsageReport {
            total,
            rows,
            next_cursor: next.map(|next| cursor(&identity, &next)),
            forecast: used.map(|used| Forecast::of(used, self.now)),
        })
    }

    /// Reads the total usage of each day for reports by resource or member. Their rows do not add up
    /// to it, because an event need not name a resource or a member.
    async fn whole(
        &self,
        ledger: Ledger<'_>,
        query: &UsageQuery,
        span: Span,
    ) -> std::result::Result<std::result::Result<WholeDays, ReportTooLargeError>, StoreError> {
        let (mut counters, mut whole) = (0, WholeDays::new());
        let is_by_id = matches!(query.group_by, Some(GroupBy::Resource | GroupBy::Member));
        if is_by_id && query.filter.is_none() {
            let take = |rollup: Rollup| {
                *whole.entry(rollup.start).or_default() += rollup.amount;
                counters += 1;
                if counters > COUNTERS_MAX { Err(ReportTooLargeError) } else { Ok(()) }
            };
            let ranges = [CounterRange { series: CounterSeries::Days, span }];
            let selection = Selection { ledger, ranges: &ranges, group: Group::Own, filter: None };
            if let Err(error) = self.app.store.rollups(selection, take).await? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(whole))
    }

    /// Reads the credits used in a month.
    async fn used_in(&self, ledger: Ledger<'_>, month: Span) -> Result<Credits> {
        let series = match ledger {
            Ledger::Org(_) => CounterSeries::Months,
            Ledger::Account(_) => CounterSeries::Days,
        };
        let mut used = Credits::default();
        let add = |rollup: Rollup| {
            used += rollup.amount.credits;
            Ok::<(), Infallible>(())
        };
        let ranges = [CounterRange { series, span: month }];
        let selection = Selection { ledger, ranges: &ranges, group: Group::Own, filter: None };
        let Ok(()) = self.app.store.rollups(selection, add).await?;
        Ok(used)
    }

    /// Returns a response with the report as JSON, or with its rows as CSV for `readers` if the
    /// caller accepts CSV. `next_cursor` is the cursor of the next rows.
    ///
    /// # Errors
    /// [`ActionError::Internal`](crate::ActionError::Internal) if the body cannot be written as
    /// JSON.
    pub fn respond_with(
        &self,
        report: &impl Serialize,
        rows: &[Row],
        query: &UsageQuery,
        next_cursor: Option<&str>,
        readers: CsvFor,
    ) -> Result<Response> {
        if self.wants_csv() {
            let format = CsvFormat {
                readers,
                has_header: query.after.is_none(),
                has_other: query.top.is_some(),
            };
            let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            let span = [("from", time(query.span.from)), ("to", time(query.span.to))];
            let next = next_cursor.map(|cursor| self.next_link(cursor, &span));
            let headers = next.into_iter().collect();
            return Ok(Response::text("text/csv; charset=utf-8", csv(rows, format), headers));
        }
        Response::ok(report)
    }
}

/// Returns the counters to read for a query.
fn needed(ledger: Ledger<'_>, query: &UsageQuery, span: Span) -> Vec<CounterRange> {
    let by_days = |series| vec![CounterRange { series, span }];
    match (&query.filter, query.group_by, ledger) {
        (Some(Filter::Resource(_)), ..) | (_, Some(GroupBy::Resource), _) => {
            by_days(CounterSeries::Resources)
        }
        (Some(Filter::Member(_)), ..) | (_, Some(GroupBy::Member), _) => {
            by_days(CounterSeries::Members)
        }
        (_, _, Ledger::Account(_)) => by_days(CounterSeries::Days),
        (_, _, Ledger::Org(_)) => counter_ranges(span, query.window),
    }
}
