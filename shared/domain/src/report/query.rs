//! The query of a usage report.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invalid::InvalidError;
use crate::window::{Span, Window};

/// The largest number of windows in one report: the hours of a month with 31 days.
const WINDOWS_MAX: i64 = 744;
/// The largest number of rows in one response, and the default.
pub const ROWS_MAX: u16 = 10_000;
/// The largest number of groups that a report shows one by one, if the request has `top`.
pub const TOP_MAX: u16 = 100;

/// The grouping of the rows of a report.
///
/// - `kind`: one row per kind of event.
/// - `resource`: one row per resource, by day or month.
/// - `member`: one row per person for whom something was used, by day or month.
/// - `org`: one row per organization, in the report of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountUsageGroupBy)]
pub enum GroupBy {
    /// One row per kind of event.
    Kind,
    /// One row per resource. The shortest window is a day.
    Resource,
    /// One row per person for whom something was used. The shortest window is a day.
    Member,
    /// One row per organization, in the report of an account.
    Org,
}

impl GroupBy {
    /// Returns the shortest window for which there are counters with this grouping.
    #[must_use]
    pub fn min_window(self) -> Window {
        match self {
            Self::Kind => Window::Hour,
            Self::Resource | Self::Member | Self::Org => Window::Day,
        }
    }
}

/// The part of the usage that a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The usage of a kind.
    Kind(String),
    /// The usage of a resource, by its id.
    Resource(String),
    /// The usage for a person, by the user id.
    Member(String),
}

impl Filter {
    /// Returns the shortest window for which there are counters with this filter.
    fn min_window(&self) -> Window {
        match self {
            Self::Kind(_) => Window::Hour,
            Self::Resource(_) | Self::Member(_) => Window::Day,
        }
    }

    /// Returns true if there are counters with this filter and grouping. Kinds, resources and members
    /// are counted apart.
    fn allows(&self, group_by: GroupBy) -> bool {
        match self {
            Self::Kind(_) => matches!(group_by, GroupBy::Kind | GroupBy::Org),
            Self::Resource(_) => group_by == GroupBy::Resource,
            Self::Member(_) => group_by == GroupBy::Member,
        }
    }
}

/// The parameters of a report, as the request has them.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    /// The start. By default, the start of the month in which the report ends.
    pub from: Option<DateTime<Utc>>,
    /// The end. By default, now.
    pub to: Option<DateTime<Utc>>,
    /// The window of a row. By default, the whole time.
    pub window: Option<Window>,
    /// The grouping of the rows.
    pub group_by: Option<GroupBy>,
    /// The kind whose usage is reported.
    pub kind: Option<String>,
    /// The resource whose usage is reported.
    pub resource_id: Option<String>,
    /// The person whose usage is reported.
    pub user_id: Option<String>,
    /// The number of groups with rows of their own.
    pub top: Option<u16>,
    /// The largest number of rows.
    pub limit: Option<u16>,
}

/// A query for a usage report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageQuery {
    /// The time range, widened to whole windows.
    pub span: Span,
    /// The window of a row; `None` means one row for the whole range.
    pub window: Option<Window>,
    /// The grouping of the rows; `None` means one row per window.
    pub group_by: Option<GroupBy>,
    /// The part of the usage that the report is about; `None` means all usage.
    pub filter: Option<Filter>,
    /// The number of groups with rows of their own; `None` means all groups.
    pub top: Option<usize>,
    /// The largest number of rows.
    pub limit: usize,
    /// The row after which the report continues.
    pub after: Option<Position>,
}

impl UsageQuery {
    /// Creates a query. `min_window` is the shortest window for which the ledger has counters.
    ///
    /// # Errors
    /// Returns the pointer to the invalid field and the reason: `no_hours` if `window` is shorter
    /// than the counters, `invalid_range` if the range is empty or outside the years 0 to 9998,
    /// `too_many_windows` if the report would have more than 744 windows, and `not_available` for
    /// parameters that cannot be combined.
    pub fn new(
        asked: Parameters,
        min_window: Window,
        now: DateTime<Utc>,
    ) -> Result<Self, (&'static str, InvalidError)> {
        let Parameters { from, to, window, group_by, kind, resource_id, user_id, .. } = asked;
        let filters = [
            ("/kind", kind.map(Filter::Kind)),
            ("/resource_id", resource_id.map(Filter::Resource)),
            ("/user_id", user_id.map(Filter::Member)),
        ];
        let mut filters =
            filters.into_iter().filter_map(|(pointer, filter)| Some((pointer, filter?)));
        let filter = filters.next().map(|(_, filter)| filter);
        if let Some((pointer, _)) = filters.next() {
            let reason = "send one of `kind`, `resource_id` and `user_id`";
            return Err((pointer, InvalidError::new("not_available", reason)));
        }
        if let (Some(filter), Some(group_by)) = (&filter, group_by)
            && !filter.allows(group_by)
        {
            let reason = "is not available with this filter: omit it, or group by what you filter";
            return Err(("/group_by", InvalidError::new("not_available", reason)));
        }
        if asked.top.is_some() && group_by.is_none() {
            return Err(("/top", InvalidError::new("not_available", "needs `group_by`")));
        }
        let is_about_id = filter.as_ref().is_some_and(|filter| filter.min_window() == Window::Day);
        let has_no_hours = min_window == Window::Day
            || is_about_id
            || group_by.is_some_and(|group_by| group_by.min_window() == Window::Day);
        let min_window = if has_no_hours { Window::Day } else { Window::Hour };
        let span = span(from, to, window, min_window, now)?;
        // The counters of one resource or person are read day by day, whatever the windows are.
        if is_about_id {
            check_windows(Window::Day, span)?;
        }
        Ok(Self {
            span,
            window,
            group_by,
            filter,
            top: asked.top.map(usize::from),
            limit: asked.limit.unwrap_or(ROWS_MAX).into(),
            after: None,
        })
    }

    /// Returns true if the range overlaps the month that contains `now`.
    #[must_use]
    pub fn touches_month_of(&self, now: DateTime<Utc>) -> bool {
        let from = Window::Month.floor(now);
        self.span.within(Span { from, to: Window::Month.next(from) }).is_some()
    }
}

/// Returns the time range of a report, widened to whole windows.
fn span(
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    window: Option<Window>,
    min_window: Window,
    now: DateTime<Utc>,
) -> Result<Span, (&'static str, InvalidError)> {
    if (min_window, window) == (Window::Day, Some(Window::Hour)) {
        return Err((
            "/window",
            InvalidError::new(
                "no_hours",
                "hourly windows are not available for this report; use `day` or `month`",
            ),
        ));
    }
    let instant = chrono::Duration::milliseconds(1);
    // The range does not include its end. What is used at this instant is in the report, also if
    // an hour or a month begins now.
    let to = to.unwrap_or(now + instant);
    let from = from
        .or_else(|| to.checked_sub_signed(instant).map(|last| Window::Month.floor(last)))
        .unwrap_or(to);
    let span = Span::widened(window.unwrap_or(min_window), from, to).ok_or_else(|| {
        (
            "/to",
            InvalidError::new(
                "invalid_range",
                "`to` must be after `from`, and both must be in the years 0 to 9998",
            ),
        )
    })?;
    // Without `window`, the report adds up months, or days if there are no monthly counters, so
    // the limit counts these.
    let limited_by =
        window.unwrap_or(if min_window == Window::Hour { Window::Month } else { Window::Day });
    check_windows(limited_by, span)?;
    Ok(span)
}

/// Rejects a time range of more than 744 windows.
fn check_windows(window: Window, span: Span) -> Result<(), (&'static str, InvalidError)> {
    if window.count(window.floor(span.from), window.ceil(span.to)) > WINDOWS_MAX {
        return Err((
            "/from",
            InvalidError::new(
                "too_many_windows",
                format!(
                    "a report has at most {WINDOWS_MAX} windows; use a shorter range or longer \
                     windows"
                ),
            ),
        ));
    }
    Ok(())
}

/// The group of a row. Rows of a window are sorted in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowGroup {
    /// All usage of the window, or the usage without a resource or person.
    Rest,
    /// A kind, resource id, user id or organization id.
    Named(String),
    /// All groups that are not among the `top`.
    Other,
}

impl RowGroup {
    /// Returns the length of the name in bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Named(name) => name.len(),
            Self::Rest | Self::Other => 0,
        }
    }
}

/// The position of a row in a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The start of the row's window.
    pub start: DateTime<Utc>,
    /// The group of the row.
    pub group: RowGroup,
}

impl Position {
    /// Parses the text that [`fmt::Display`] wrote. Returns `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (start, group) = text.split_once(' ')?;
        let group = match group.split_at_checked(1)? {
            ("r", "") => RowGroup::Rest,
            ("n", name) => RowGroup::Named(name.to_owned()),
            ("o", "") => RowGroup::Other,
            _ => return None,
        };
        Some(Self { start: start.parse().ok()?, group })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.start.to_rfc3339_opts(SecondsFormat::AutoSi, true))?;
        match &self.group {
            RowGroup::Rest => f.write_str("r"),
            RowGroup::Named(name) => write!(f, "n{name}"),
            RowGroup::Other => f.write_str("o"),
        }
    }
}
