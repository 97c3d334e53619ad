//! Usage reports: of an organization, or of an account that pays for organizations.

use std::convert::Infallible;

use futures::future::OptionFuture;
use orgs_domain::Credits;
use orgs_domain::forecast::Forecast;
use orgs_domain::report::{CsvFor, GroupBy, Report, Rollup, Row, Total, UsageQuery, csv};
use orgs_domain::window::{Span, Window};
use orgs_store::keys::{CounterSeries, Ledger};
use orgs_store::{CounterRange, Group, StoreError, counter_ranges};
use serde::Serialize;

use crate::problem::Result;
use crate::request_context::RequestContext;
use crate::response::Response;

/// A usage report.
#[derive(Debug)]
pub struct UsageReport {
    /// The total of all usage in the report.
    pub total: Total,
    /// A row for each window and group with usage.
    pub rows: Vec<Row>,
    /// The forecast for the current month. None if the report does not include that month.
    pub forecast: Option<Forecast>,
}

impl RequestContext<'_> {
    /// Reads the counters of `ledger` and adds them up. `life` is the time in which usage is
    /// possible: nothing outside of it is read.
    ///
    /// # Errors
    /// 422 `report_too_large`. 503 `contention` if the database does not respond.
    pub async fn report(
        &self,
        ledger: Ledger<'_>,
        query: UsageQuery,
        life: Span,
    ) -> Result<UsageReport> {
        let month = Window::Month.floor(self.now);
        let month = query
            .touches_month_of(self.now)
            .then(|| Span { from: month, to: Window::Month.next(month) });
        let used = OptionFuture::from(month.map(|month| Box::pin(self.used_in(ledger, month))));
        let read = async {
            let mut report = Report::new(query);
            let Some(span) = query.span.within(life) else { return Ok(report.answer()) };
            let group = if query.group_by == Some(GroupBy::Org) { Group::Org } else { Group::Own };
            let ranges = needed(ledger, query, span);
            let rows = Box::pin(
                self.app.store.rollups(ledger, &ranges, group, |rollup| report.add(rollup)),
            );
            let (rows, whole) =
                futures::try_join!(rows, Box::pin(self.whole(ledger, query, span)))?;
            rows?;
            for rollup in &whole {
                report.add_whole(rollup);
            }
            Ok(report.answer())
        };
        let ((total, rows), used) = futures::try_join!(read, async { used.await.transpose() })?;
        Ok(UsageReport { total, rows, forecast: used.map(|used| Forecast::of(used, self.now)) })
    }

    /// Reads the total usage for reports by resource or member. Their rows do not add up to it,
    /// because an event need not name a resource or a member.
    async fn whole(
        &self,
        ledger: Ledger<'_>,
        query: UsageQuery,
        span: Span,
    ) -> std::result::Result<Vec<Rollup>, StoreError> {
        let mut whole = Vec::new();
        if matches!(query.group_by, Some(GroupBy::Resource | GroupBy::Member)) {
            let take = |rollup| {
                whole.push(rollup);
                Ok::<(), Infallible>(())
            };
            let Ok(()) = self
                .app
                .store
                .rollups(
                    ledger,
                    &[CounterRange { series: CounterSeries::Days, span }],
                    Group::Own,
                    take,
                )
                .await?;
        }
        Ok(whole)
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
        let Ok(()) = self
            .app
            .store
            .rollups(ledger, &[CounterRange { series, span: month }], Group::Own, add)
            .await?;
        Ok(used)
    }

    /// Returns a response with the report as JSON, or with its rows as CSV for `readers` if the
    /// caller accepts CSV.
    ///
    /// # Errors
    /// [`ActionError::Internal`](crate::ActionError::Internal) if the body cannot be written as
    /// JSON.
    pub fn respond_with(
        &self,
        report: &impl Serialize,
        rows: &[Row],
        readers: CsvFor,
    ) -> Result<Response> {
        if self.wants_csv() {
            return Ok(Response::text("text/csv; charset=utf-8", csv(rows, readers), Vec::new()));
        }
        Response::ok(report)
    }
}

/// Returns the counters to read for a query.
fn needed(ledger: Ledger<'_>, query: UsageQuery, span: Span) -> Vec<CounterRange> {
    let by_days = |series| vec![CounterRange { series, span }];
    match (query.group_by, ledger) {
        (Some(GroupBy::Resource), _) => by_days(CounterSeries::Resources),
        (Some(GroupBy::Member), _) => by_days(CounterSeries::Members),
        (Some(GroupBy::Kind | GroupBy::Org) | None, Ledger::Account(_)) => {
            by_days(CounterSeries::Days)
        }
        (Some(GroupBy::Kind | GroupBy::Org) | None, Ledger::Org(_)) => {
            counter_ranges(span, query.window)
        }
    }
}
