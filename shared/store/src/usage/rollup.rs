//! Usage counters per hour, day and month. The transaction of each event adds to them.
//!
//! A counter of a window holds two numbers for each kind: the usage (`cr_<kind>`, in millionths of
//! a credit) and the number of events (`n_<kind>`). A counter of a resource or a member holds one
//! sum (`cr`, `n`) and the id (`id`). Each counter has shards, so that concurrent transactions can
//! add to it. A voided event is subtracted from the shard that it was added to, so no number falls
//! below zero, except in the counters of adjustments.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use chrono::{DateTime, NaiveDateTime, Utc};
use futures::stream::{self, StreamExt};
use orgs_domain::booking::BookedEvent;
use orgs_domain::report::{Amount, Filter, Rollup};
use orgs_domain::window::{Span, Window};
use orgs_domain::{Credits, Month, OrgId, text};

use crate::error::StoreError;
use crate::item::{Item, n, number, primary_key, s, text as attribute};
use crate::keys::{self, CounterSeries, Key, Ledger};
use crate::store::Store;

/// The maximum number of partitions that one report reads in parallel.
const PARALLEL_QUERIES_MAX: usize = 16;
/// Prefix of the attribute with the credits of a kind, in millionths.
pub(crate) const CREDITS: &str = "cr_";
/// Prefix of the attribute with the number of events of a kind.
pub(crate) const EVENTS: &str = "n_";
/// The attribute with the credits that holds covered, in millionths, of an organization's monthly
/// counter.
pub(crate) const COVERED: &str = "covered";

/// A counter, in all of its shards.
///
/// Keys are formatted when a counter is written. Comparing counters is cheap, and a call of 500
/// events compares thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Counter<'e> {
    ledger: Ledger<'e>,
    series: CounterSeries,
    start: DateTime<Utc>,
    /// The organization whose events it counts.
    org: &'e OrgId,
    /// The resource or the member, in a series of those.
    id: Option<&'e str>,
    /// The closed month that an adjustment changes, in a series of those.
    adjusts: Option<Month>,
}

impl<'e> Counter<'e> {
    /// Returns every counter that an event of `org` raises. An adjustment raises one counter, of the
    /// account that pays: the reports of a closed month do not change.
    pub(crate) fn of(booked: &'e BookedEvent, org: &'e OrgId) -> impl Iterator<Item = Self> {
        let BookedEvent { event, account_id, adjusted_in } = booked;
        let (mine, paid) = (Ledger::Org(org), Ledger::Account(account_id));
        let counter = move |(ledger, series, id): (Ledger<'e>, CounterSeries, Option<&'e str>)| {
            let start = series.window().floor(event.timestamp);
            Self { ledger, series, start, org, id, adjusts: None }
        };
        let windows = [
            (mine, CounterSeries::Hours),
            (mine, CounterSeries::Days),
            (mine, CounterSeries::Months),
            (paid, CounterSeries::Days),
        ];
        let ids = [
            (CounterSeries::Resources, event.resource_id.as_deref()),
            (CounterSeries::Members, event.user_id.as_deref()),
        ];
        let of_ids = ids
            .into_iter()
            .filter(|(_, id)| id.is_some())
            .flat_map(move |(series, id)| [mine, paid].map(|ledger| (ledger, series, id)));
        let in_its_month = windows
            .map(|(ledger, series)| (ledger, series, None))
            .into_iter()
            .chain(of_ids)
            .map(counter)
            .filter(|_| adjusted_in.is_none());
        let adjustment = adjusted_in.map(|month| Self {
            ledger: paid,
            series: CounterSeries::Adjustments,
            start: month.start(),
            org,
            id: None,
            adjusts: Some(Month::of(event.timestamp)),
        });
        in_its_month.chain(adjustment)
    }

    fn key(&self, shard: u8) -> Key {
        let label = match (self.id, self.ledger, self.adjusts) {
            (Some(id), ..) => format!("{}#", text::short_hash(id)),
            (None, Ledger::Account(_), Some(month)) => format!("{month}#{}#", self.org),
            (None, Ledger::Account(_), None) => format!("{}#", self.org),
            (None, Ledger::Org(_), _) => String::new(),
        };
        let sort = keys::rollup_sort(self.series, self.start);
        Key {
            pk: keys::rollup_partition(self.ledger, self.series, self.start),
            sk: format!("{sort}{label}{shard}"),
        }
    }

    /// Returns the attributes beside the numbers: the id of a resource or member, or the
    /// organization and month that the stream's reader looks at.
    fn labels(&self) -> Vec<(&'static str, AttributeValue)> {
        match (self.id, self.ledger, self.series) {
            (Some(id), ..) => vec![("id", s(id))],
            (None, Ledger::Org(org), CounterSeries::Months) => {
                vec![
                    ("org_id", s(org.to_string())),
                    ("month", s(self.start.format("%Y-%m").to_string())),
                ]
            }
            (None, ..) => Vec::new(),
        }
    }
}

/// The change of one shard of a counter.
#[derive(Debug, Default)]
struct Delta<'e> {
    /// The amounts by kind.
    kinds: BTreeMap<&'e str, Amount>,
    /// The credits that holds covered, only in an organization's monthly counter.
    covered: Credits,
}

/// The changes of counters in one transaction, to be added or subtracted.
#[derive(Debug, Default)]
pub(crate) struct CounterDeltas<'e>(BTreeMap<(Counter<'e>, u8), Delta<'e>>);

impl<'e> CounterDeltas<'e> {
    /// Adds an event to one shard of each of its counters. A hold covered the credits `covered` of
    /// the event.
    pub(crate) fn add(
        &mut self,
        booked: &'e BookedEvent,
        org: &'e OrgId,
        shard: u8,
        covered: Credits,
    ) {
        let event = &booked.event;
        for counter in Counter::of(booked, org) {
            let delta = self.0.entry((counter, shard)).or_default();
            let amount = Amount { credits: event.credits, events: 1 };
            *delta.kinds.entry(&event.kind).or_default() += amount;
            if counter.series == CounterSeries::Months {
                delta.covered += covered;
            }
        }
    }

    /// Returns the number of items that the changes write.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of items that this event would add.
    pub(crate) fn more_with(&self, booked: &'e BookedEvent, org: &'e OrgId, shard: u8) -> usize {
        Counter::of(booked, org).filter(|counter| !self.0.contains_key(&(*counter, shard))).count()
    }

    /// Returns the writes that add all amounts to the counters, or subtract them if `take` is true.
    pub(crate) fn writes(
        &self,
        table: &str,
        take: bool,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        self.0
            .iter()
            .map(|((counter, shard), delta)| write(table, counter, *shard, delta, take))
            .collect()
    }
}

fn write(
    table: &str,
    counter: &Counter<'_>,
    shard: u8,
    Delta { kinds, covered }: &Delta<'_>,
    take: bool,
) -> Result<TransactWriteItem, StoreError> {
    let (mut names, mut values) = (HashMap::new(), HashMap::new());
    let mut adds = Vec::new();
    let mut bind = |adds: &mut Vec<String>, name: String, number: u128| {
        let index = adds.len();
        adds.push(format!("#a{index} :a{index}"));
        names.insert(format!("#a{index}"), name);
        values.insert(
            format!(":a{index}"),
            n(if take { format!("-{number}") } else { number.to_string() }),
        );
    };
    let mut sets = Vec::new();
    if counter.id.is_some() {
        let sum: Amount = kinds.values().copied().sum();
        bind(&mut adds, "cr".to_owned(), sum.credits.micro());
        bind(&mut adds, "n".to_owned(), sum.events.into());
    } else {
        for (kind, amount) in kinds {
            bind(&mut adds, format!("{CREDITS}{kind}"), amount.credits.micro());
            bind(&mut adds, format!("{EVENTS}{kind}"), amount.events.into());
        }
    }
    if *covered > Credits::default() {
        bind(&mut adds, COVERED.to_owned(), covered.micro());
    }
    for (name, value) in counter.labels() {
        sets.push(format!("#{name} = :{name}"));
        names.insert(format!("#{name}"), name.to_owned());
        values.insert(format!(":{name}"), value);
    }
    let mut expression = format!("ADD {}", adds.join(", "));
    if !sets.is_empty() {
        expression = format!("SET {} {expression}", sets.join(", "));
    }
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(primary_key(&counter.key(shard))))
        .update_expression(expression)
        .set_expression_attribute_names(Some(names))
        .set_expression_attribute_values(Some(values))
        .build()
        .map_err(|error| StoreError::new(error.to_string()))?;
    Ok(TransactWriteItem::builder().update(update).build())
}

/// The counters to read, and how to group them.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    /// The owner of the counters.
    pub ledger: Ledger<'a>,
    /// The periods to read.
    pub ranges: &'a [CounterRange],
    /// The grouping.
    pub group: Group,
    /// The part of the usage to read; `None` reads all. A resource or a member needs a series of
    /// those.
    pub filter: Option<&'a Filter>,
}

/// The grouping of rows, for counters that allow several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Groups by the kind, the resource or the member, depending on the series.
    Own,
    /// Groups the usage that an account pays for by organization.
    Org,
}

/// A period to read from a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CounterRange {
    /// The series of counters to read.
    pub series: CounterSeries,
    /// The period to read.
    pub span: Span,
}

impl Store {
    /// Reads the counters of several periods, all shards, strongly consistent and in parallel, and
    /// passes each to `take` until `take` returns an error.
    ///
    /// The number of queries depends on the days and months in `ranges`, never on the number of
    /// events.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a counter has an unexpected format. The inner error is
    /// the one that `take` returned.
    pub async fn rollups<E: Send>(
        &self,
        selection: Selection<'_>,
        mut take: impl FnMut(Rollup) -> Result<(), E> + Send,
    ) -> Result<Result<(), E>, StoreError> {
        let Selection { ledger, ranges, group, filter } = selection;
        let (id, kind) = match filter {
            Some(Filter::Resource(id) | Filter::Member(id)) => (Some(text::short_hash(id)), None),
            Some(Filter::Kind(kind)) => (None, Some(kind.as_str())),
            None => (None, None),
        };
        let id = id.as_deref();
        let mut parts: Vec<CounterRange> = Vec::new();
        for CounterRange { series, span } in ranges {
            // The counters of one id are together within a day only.
            let partition = if id.is_some() { Window::Day } else { series.partition() };
            let mut from = span.from;
            while from < span.to {
                let to = partition.next(partition.floor(from)).min(span.to);
                parts.push(CounterRange { series: *series, span: Span { from, to } });
                from = to;
            }
        }
        let mut read = stream::iter(parts)
            .map(|part| self.part(ledger, part, id))
            .buffer_unordered(PARALLEL_QUERIES_MAX);
        while let Some(part) = read.next().await {
            let (series, mut items, mut next) = part?;
            loop {
                for item in &items {
                    for rollup in rollups_in(series, item, group, kind)? {
                        if let Err(refused) = take(rollup) {
                            return Ok(Err(refused));
                        }
                    }
                }
                let Some((range, start)) = next else { break };
                (items, next) = self.range(range, Some(start)).await?;
            }
        }
        Ok(Ok(()))
    }

    /// Returns the first counters of one partition that start within a period, and how to continue
    /// if there are more.
    async fn part(
        &self,
        ledger: Ledger<'_>,
        part: CounterRange,
        id: Option<&str>,
    ) -> Result<(CounterSeries, Vec<Item>, Next), StoreError> {
        let CounterRange { series, span } = part;
        let label = id.map(|id| format!("{id}#")).unwrap_or_default();
        let last = series.window().floor(span.to - chrono::Duration::milliseconds(1));
        let range = Range {
            partition: keys::rollup_partition(ledger, series, span.from),
            // `!` sorts before, and `~` after, every character that follows the window in a sort
            // key.
            from: keys::rollup_sort(series, span.from) + &label + "!",
            to: keys::rollup_sort(series, last) + &label + "~",
        };
        let (items, next) = self.range(range, None).await?;
        Ok((series, items, next))
    }

    pub(crate) async fn range(
        &self,
        range: Range,
        start: Option<Item>,
    ) -> Result<(Vec<Item>, Next), StoreError> {
        let answer = self
            .client()
            .query()
            .table_name(&self.settings.usage_table)
            .consistent_read(true)
            .key_condition_expression("#PK = :partition AND #SK BETWEEN :from AND :to")
            .expression_attribute_names("#PK", "PK")
            .expression_attribute_names("#SK", "SK")
            .expression_attribute_values(":partition", s(&range.partition))
            .expression_attribute_values(":from", s(&range.from))
            .expression_attribute_values(":to", s(&range.to))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| StoreError::sdk("Query", error))?;
        Ok((
            answer.items.unwrap_or_default(),
            answer.last_evaluated_key.map(|start| (range, start)),
        ))
    }
}

/// A range of a partition's sort keys.
pub(crate) struct Range {
    pub(crate) partition: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The position at which a query continues, if there are more items.
pub(crate) type Next = Option<(Range, Item)>;

/// Returns the amounts in a counter, of all kinds or of one. Its window is in its keys. The alerts
/// and the holds of a month are not counters and have none.
pub(crate) fn rollups_in(
    series: CounterSeries,
    item: &Item,
    group: Group,
    only: Option<&str>,
) -> Result<Vec<Rollup>, StoreError> {
    let bad = || StoreError::new("a usage counter has an unexpected format");
    let (pk, sk) = (attribute(item, "PK").ok_or_else(bad)?, attribute(item, "SK").ok_or_else(bad)?);
    if sk == keys::BUDGET_ALERTS || sk == keys::RESERVED {
        return Ok(Vec::new());
    }
    let (date, mut parts) = (pk.rsplit('#').next().unwrap_or_default(), sk.split('#'));
    let start = match series {
        CounterSeries::Hours => format!("{date}T{}:00:00", parts.next().unwrap_or_default()),
        CounterSeries::Days | CounterSeries::Resources | CounterSeries::Members => {
            format!("{date}-{}T00:00:00", parts.next().unwrap_or_default())
        }
        CounterSeries::Months | CounterSeries::Adjustments => format!("{date}-01T00:00:00"),
    };
    let start =
        NaiveDateTime::parse_from_str(&start, "%Y-%m-%dT%H:%M:%S").map_err(|_| bad())?.and_utc();
    // The part between the window and the shard: an organization or a hash.
    let label = parts.next().filter(|_| parts.next().is_some());
    let amount = |credits: &str, events: &str| {
        let (credits, events) =
            (number(item, credits).ok_or_else(bad)?, number(item, events).ok_or_else(bad)?);
        Ok::<_, StoreError>(Amount { credits: Credits::from_micro(credits), events })
    };
    if item.contains_key("cr") {
        let group = attribute(item, "id").or(label).ok_or_else(bad)?.to_owned();
        return Ok(vec![Rollup { start, group, amount: amount("cr", "n")? }]);
    }
    let rollup = |kind: &str| {
        let amount = amount(&format!("{CREDITS}{kind}"), &format!("{EVENTS}{kind}"))?;
        let group = if group == Group::Org { label.ok_or_else(bad)? } else { kind };
        Ok(Rollup { start, group: group.to_owned(), amount })
    };
    let kinds = item.keys().filter_map(|name| name.strip_prefix(CREDITS));
    kinds.filter(|kind| only.is_none_or(|only| only == *kind)).map(rollup).collect()
}

/// Returns the periods that add up to a total, as few months, days and hours as possible, or the
/// windows of a table.
#[must_use]
pub fn counter_ranges(span: Span, window: Option<Window>) -> Vec<CounterRange> {
    let series_of = |window| match window {
        Window::Hour => CounterSeries::Hours,
        Window::Day => CounterSeries::Days,
        Window::Month => CounterSeries::Months,
    };
    let pieces = window.map_or_else(|| span.pieces(), |window| vec![(window, span)]);
    pieces
        .into_iter()
        .map(|(window, span)| CounterRange { series: series_of(window), span })
        .collect()
}
