//! Statements: adds them up from counters, and stores them when a month closes.
//!
//! The lines are stored as CSV, in parts, because the hash of a statement is that of its CSV.

use chrono::{DateTime, Utc};
use orgs_domain::statement::{self, Builder, Line, Statement, Total};
use orgs_domain::{AccountId, CreditBalance, Month, OrgId};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::item::{Item, item, number, s, text, value};
use crate::keys::{self, CounterSeries, Ledger};
use crate::store::Store;
use crate::tx::{Condition, Expr, TransactionBuilder};
use crate::usage::rollup::{CREDITS, EVENTS, Next, Range};

/// The number of lines in one part of a statement: at most 300 KB, in an item of at most 400 KB.
pub const STATEMENT_PART_LINES: usize = 2_000;
/// The number of parts in one transaction. A kilobyte costs two write units, and a partition takes
/// 1,000 in a second.
const PARTS_PER_TRANSACTION: usize = 2;

/// A stored statement, without its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedStatement {
    /// The account.
    pub account_id: AccountId,
    /// The month.
    pub month: Month,
    /// The total of all lines.
    pub total: Total,
    /// The hash of the whole statement as CSV.
    pub hash: String,
    /// The number of parts with lines.
    pub parts: usize,
    /// The time at which the statement was stored.
    pub closed_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    csv: String,
}

impl Store {
    /// Adds up the statement of an account from its counters.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a counter has an unexpected format.
    pub async fn add_up_statement(
        &self,
        account: &AccountId,
        month: Month,
    ) -> Result<Statement, StoreError> {
        let mut builder = Builder::default();
        let page = |series| self.first_counters(account, series, month);
        let (used, adjusted) =
            futures::try_join!(page(CounterSeries::Days), page(CounterSeries::Adjustments))?;
        let pages = [(CounterSeries::Days, used), (CounterSeries::Adjustments, adjusted)];
        for (series, (mut items, mut next)) in pages {
            loop {
                for item in &items {
                    add(&mut builder, item, series)?;
                }
                let Some((range, start)) = next else { break };
                (items, next) = self.range(range, Some(start)).await?;
            }
        }
        Ok(builder.statement(account.clone(), month))
    }

    async fn first_counters(
        &self,
        account: &AccountId,
        series: CounterSeries,
        month: Month,
    ) -> Result<(Vec<Item>, Next), StoreError> {
        let partition = keys::rollup_partition(Ledger::Account(account), series, month.start());
        self.range(Range { partition, from: "!".to_owned(), to: "~".to_owned() }, None).await
    }

    /// Returns the stored statement of an account with one part of its lines. `None` if no
    /// statement is stored.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn closed_statement(
        &self,
        account: &AccountId,
        month: Month,
        part: usize,
    ) -> Result<Option<(ClosedStatement, Vec<Line>)>, StoreError> {
        let (head, lines) =
            (keys::statement(account, month), keys::statement_part(account, month, part));
        let wanted = [&head, &lines].map(crate::item::primary_key).to_vec();
        let mut items = self.get_from(&self.settings.usage_table, wanted).await?;
        let Some(closed) = items.remove(&head) else { return Ok(None) };
        let closed: ClosedStatement = value(closed)?;
        let csv = match items.remove(&lines) {
            Some(item) => value::<Part>(item)?.csv,
            None if part < closed.parts => {
                return Err(StoreError::new("a statement lacks a part of its lines"));
            }
            None => String::new(),
        };
        let lines = statement::parse_csv(&csv)
            .ok_or_else(|| StoreError::new("a statement has an unexpected format"))?;
        Ok(Some((closed, lines)))
    }

    /// Stores a final statement, unless one is stored already, and marks the account as closed for
    /// the month. Returns true if the statement was stored now. An interrupted call can be repeated.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails.
    pub async fn close_statement(
        &self,
        statement: &Statement,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let Statement { account_id, month, lines, total, hash } = statement;
        let mut parts: Vec<Item> = Vec::new();
        for (number, lines) in lines.chunks(STATEMENT_PART_LINES).enumerate() {
            let key = keys::statement_part(account_id, *month, number);
            parts.push(item(&key, &Part { csv: statement::csv(lines) })?);
        }
        let closed = ClosedStatement {
            account_id: account_id.clone(),
            month: *month,
            total: *total,
            hash: hash.clone(),
            parts: parts.len(),
            closed_at: now,
        };
        // The parts of a large statement need several transactions. A statement counts as stored
        // with its last one.
        let last = parts.split_off(
            parts.len().saturating_sub(1) / PARTS_PER_TRANSACTION * PARTS_PER_TRANSACTION,
        );
        for group in parts.chunks(PARTS_PER_TRANSACTION) {
            let mut tx = TransactionBuilder::new(&self.settings.usage_table);
            for part in group {
                tx.put(Condition::StatementPart, part.clone(), Expr::default())?;
            }
            if !self.transact_if(&tx).await? {
                return Ok(false);
            }
        }
        let mut tx = TransactionBuilder::new(&self.settings.usage_table);
        tx.put_new(Condition::Statement, item(&keys::statement(account_id, *month), &closed)?)?;
        for part in last {
            tx.put(Condition::StatementPart, part, Expr::default())?;
        }
        let listed = Expr::update("SET #account_id = :account, #hash = :hash")
            .bind(":account", s(account_id.to_string()))
            .bind(":hash", s(hash));
        tx.update(Condition::StatementPart, &keys::billed_account(*month, account_id), listed)?;
        self.transact_if(&tx).await
    }
}

/// Adds one counter of an account to its lines: the usage of an organization on a day
/// (`dd#<org>#<shard>`), or its adjustments of a closed month (`<closed month>#<org>#<shard>`).
fn add(builder: &mut Builder, item: &Item, series: CounterSeries) -> Result<(), StoreError> {
    let bad = || StoreError::new("a usage counter has an unexpected format");
    let mut labels = text(item, "SK").ok_or_else(bad)?.split('#');
    let (first, org) = (labels.next().ok_or_else(bad)?, labels.next().ok_or_else(bad)?);
    let org = OrgId::parse(org).map_err(|_| bad())?;
    let adjustment_of = match series {
        CounterSeries::Adjustments => Some(Month::parse(first).map_err(|_| bad())?),
        _ => None,
    };
    for kind in item.keys().filter_map(|name| name.strip_prefix(CREDITS)) {
        let credits = number(item, &format!("{CREDITS}{kind}")).ok_or_else(bad)?;
        let events = number(item, &format!("{EVENTS}{kind}")).ok_or_else(bad)?;
        builder.add(org, kind, adjustment_of, CreditBalance::from_micro(credits), events);
    }
    Ok(())
}
