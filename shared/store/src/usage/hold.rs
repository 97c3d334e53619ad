//! Stores holds, and settles them in the transaction that counts the usage.
//!
//! The item of a month's reserved credits has one number: what all holds of the month have reserved
//! and not given back. A capture leaves it as it is, because the reserved credits are spent now. The
//! end of a hold lowers it by the rest of the hold. A new hold raises it, on the condition that the
//! budget suffices.
//!
//! An open hold also has an item in a list that is sorted by expiry. It is deleted with the
//! transaction that ends the hold.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use chrono::{DateTime, Duration, Utc};
use futures::future::try_join_all;
use orgs_domain::booking::BookedEvent;
use orgs_domain::hold::{self, Hold, HoldChange, NewHold, Status};
use orgs_domain::usage::REMEMBER_DAYS;
use orgs_domain::{Credits, HoldId, Month, OrgId};
use orgs_policies::Permit;

use crate::commit::CommitError;
use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, item, n, number, primary_key, s, text, value};
use crate::keys::{self, Key};
use crate::store::Store;
use crate::tx::{Condition, Expr, TransactionBuilder};
use crate::usage::BATCH_GET_ITEMS_MAX;

/// The attribute with the reserved credits of a month, in millionths.
pub(crate) const RESERVED: &str = "reserved";
/// The number of expired holds that one transaction ends.
const EXPIRED_MAX: i32 = 30;
/// The most transactions that end expired holds in one request.
const EXPIRED_ROUNDS_MAX: usize = 10;

/// The holds that the events of a call name.
pub type Holds = HashMap<HoldId, Hold>;

/// The captures of a piece of events.
pub(crate) struct Captures {
    /// The writes of the holds. The first `changed` of them have a condition.
    pub(crate) writes: Vec<TransactWriteItem>,
    /// The ids of the changed holds, in the order of their writes.
    pub(crate) changed: Vec<HoldId>,
    /// The credits that a hold covered, by the position of the event.
    pub(crate) covered: HashMap<usize, Credits>,
}

impl Store {
    /// Returns the holds with these ids. An id without a hold is missing in the result.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a hold has an unexpected format.
    pub async fn holds<'i>(
        &self,
        org: &OrgId,
        ids: impl IntoIterator<Item = &'i HoldId>,
        now: DateTime<Utc>,
    ) -> Result<Holds, StoreError> {
        let keys: Vec<Item> = ids.into_iter().map(|id| primary_key(&keys::hold(org, id))).collect();
        let read = keys
            .chunks(BATCH_GET_ITEMS_MAX)
            .map(|keys| self.get_from(&self.settings.usage_table, keys.to_vec()));
        let mut holds = Holds::new();
        for item in try_join_all(read).await?.into_iter().flatten().map(|(_, item)| item) {
            // DynamoDB deletes an expired item some time later.
            if number(&item, "ttl").is_none_or(|ttl: i64| ttl > now.timestamp()) {
                let hold: Hold = value(item)?;
                holds.insert(hold.request.id.clone(), hold);
            }
        }
        Ok(holds)
    }

    /// Creates a hold, on the condition that its id is unused and the budget suffices.
    ///
    /// # Errors
    /// [`CommitError::ConditionsFailed`] with [`Condition::HoldIdUnused`] or
    /// [`Condition::BudgetLeft`]. Other [`CommitError`]s if conflicts persist or DynamoDB fails.
    pub async fn create_hold(
        &self,
        permit: &Permit,
        new: &NewHold,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        let org =
            &permit.org().ok_or_else(|| StoreError::new("the permit names no organization"))?;
        let (table, hold) = (&self.settings.usage_table, new.hold());
        let mut tx = TransactionBuilder::new(table);
        let unused = Expr::when("attribute_not_exists(#PK) OR #ttl <= :now")
            .bind(":now", n(now.timestamp()));
        tx.put(Condition::HoldIdUnused, hold_item(org, hold)?, unused)?;
        let reserve = (hold.month, hold.rest(), new.reserved_max());
        reserved(&mut tx, org, reserve)?;
        tx.put(Condition::HoldIdUnused, open_item(org, hold), Expr::default())?;
        Ok(self.transact(&tx).await?)
    }

    /// Commits a change or the end of a hold, on the condition that nobody changed it since it was
    /// read.
    ///
    /// # Errors
    /// [`CommitError::ConditionsFailed`] with [`Condition::HoldUnchanged`] or
    /// [`Condition::BudgetLeft`]. Other [`CommitError`]s if conflicts persist or DynamoDB fails.
    pub async fn change_hold(
        &self,
        permit: &Permit,
        change: &HoldChange,
    ) -> Result<(), CommitError> {
        let org =
            &permit.org().ok_or_else(|| StoreError::new("the permit names no organization"))?;
        let mut tx = TransactionBuilder::new(&self.settings.usage_table);
        put_change(&mut tx, org, change)?;
        let (before, after) = (change.before().rest(), change.after().rest());
        if after > before {
            let more = Credits::from_micro(after.micro() - before.micro());
            reserved(&mut tx, org, (change.after().month, more, change.reserved_max()))?;
        } else {
            give_back(&mut tx, org, [change])?;
        }
        list_change(&mut tx, org, change)?;
        Ok(self.transact(&tx).await?)
    }

    /// Ends the expired holds of an organization, so that their credits are no longer reserved.
    /// Returns true if there were any.
    ///
    /// # Errors
    /// [`StoreError`] if conflicts persist, DynamoDB fails or a hold has an unexpected format.
    pub async fn end_expired_holds(
        &self,
        org: &OrgId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        for round in 0..EXPIRED_ROUNDS_MAX {
            let ended = self.expired_holds(org, now).await?;
            if ended.is_empty() {
                return Ok(round > 0);
            }
            let mut tx = TransactionBuilder::new(&self.settings.usage_table);
            for change in &ended {
                put_change(&mut tx, org, change)?;
                list_change(&mut tx, org, change)?;
            }
            give_back(&mut tx, org, &ended)?;
            // If a condition fails, another request changed one of the holds. The next round reads
            // it again.
            self.transact_if(&tx).await?;
        }
        Ok(true)
    }

    /// Returns the ends of the holds that expired first.
    async fn expired_holds(
        &self,
        org: &OrgId,
        now: DateTime<Utc>,
    ) -> Result<Vec<HoldChange>, StoreError> {
        let expired = self
            .client()
            .query()
            .table_name(&self.settings.usage_table)
            .consistent_read(true)
            .key_condition_expression("PK = :partition AND SK BETWEEN :from AND :to")
            .expression_attribute_values(":partition", s(keys::open_holds(org)))
            .expression_attribute_values(":from", s(keys::OPEN_HOLD))
            // `~` follows `#`, so the holds that expire exactly now are included.
            .expression_attribute_values(":to", s(format!("{}~", keys::open_holds_until(now))))
            .limit(EXPIRED_MAX);
        let found = expired.send().await.map_err(|error| StoreError::sdk("Query", error))?;
        let holds = self.holds(org, &ids_of(found.items())?, now).await?;
        Ok(holds.values().filter_map(|open| hold::end(open, now)).collect())
    }

    /// Returns a page of the open holds of an organization, in the order of their expiry. It can
    /// contain holds that are expired and not ended yet.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or a hold has an unexpected format.
    pub async fn open_holds(
        &self,
        org: &OrgId,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<Page<Hold>, StoreError> {
        let partition = keys::open_holds(org);
        let start = page.after().map(|after| {
            Item::from([("PK".to_owned(), s(&partition)), ("SK".to_owned(), s(after))])
        });
        let query = self
            .client()
            .query()
            .table_name(&self.settings.usage_table)
            .consistent_read(true)
            .key_condition_expression("PK = :partition")
            .expression_attribute_values(":partition", s(&partition))
            .set_exclusive_start_key(start)
            .limit(page.limit.into());
        let found = query.send().await.map_err(|error| StoreError::sdk("Query", error))?;
        let ids = ids_of(found.items())?;
        let mut holds = self.holds(org, &ids, now).await?;
        let open = ids
            .iter()
            .filter_map(|id| holds.remove(id))
            .filter(|hold| hold.status_at(now) == Status::Open);
        let last = found.last_evaluated_key.as_ref().and_then(|key| text(key, "SK"));
        Ok(Page::new(open.collect(), last))
    }

    /// Returns the writes of the holds that the events at the positions `open` name. Events that
    /// name no known hold cause no write.
    pub(crate) fn captures(
        &self,
        org: &OrgId,
        holds: &Holds,
        events: &[BookedEvent],
        open: &[usize],
    ) -> Result<Captures, StoreError> {
        let mut named: BTreeMap<&HoldId, Vec<usize>> = BTreeMap::new();
        for i in open {
            if let Some(id) = events[*i].event.hold_id.as_ref().filter(|id| holds.contains_key(id))
            {
                named.entry(id).or_default().push(*i);
            }
        }
        let mut covered = HashMap::new();
        let mut changes = Vec::new();
        for (id, positions) in &named {
            let captured = positions.iter().map(|i| &events[*i]);
            let (change, of_each) = hold::capture(&holds[*id], captured);
            covered.extend(positions.iter().copied().zip(of_each));
            changes.push(change);
        }
        let mut tx = TransactionBuilder::new(&self.settings.usage_table);
        for change in &changes {
            put_change(&mut tx, org, change)?;
        }
        give_back(&mut tx, org, &changes)?;
        for change in &changes {
            list_change(&mut tx, org, change)?;
        }
        Ok(Captures { writes: tx.writes(), changed: named.into_keys().cloned().collect(), covered })
    }
}

fn ids_of(items: &[Item]) -> Result<Vec<HoldId>, StoreError> {
    let bad = || StoreError::new("an open hold has an unexpected format");
    let id = |item| HoldId::parse(text(item, "id").ok_or_else(bad)?).map_err(|_| bad());
    items.iter().map(id).collect()
}

fn forget_at(hold: &Hold) -> AttributeValue {
    n((hold.expires_at + Duration::days(REMEMBER_DAYS)).timestamp())
}

fn hold_item(org: &OrgId, hold: &Hold) -> Result<Item, StoreError> {
    let mut written = item(&keys::hold(org, &hold.request.id), hold)?;
    written.insert("ttl".to_owned(), forget_at(hold));
    Ok(written)
}

fn open_item(org: &OrgId, hold: &Hold) -> Item {
    let mut written = primary_key(&open_key(org, hold));
    written.insert("id".to_owned(), s(hold.request.id.as_str()));
    written.insert("ttl".to_owned(), forget_at(hold));
    written
}

fn open_key(org: &OrgId, hold: &Hold) -> Key {
    keys::open_hold(org, &hold.request.id, hold.expires_at)
}

/// Adds the hold after a change to a transaction.
fn put_change(
    tx: &mut TransactionBuilder,
    org: &OrgId,
    change: &HoldChange,
) -> Result<(), StoreError> {
    let unchanged = Expr::when("#version = :version").bind(":version", n(change.before().version));
    tx.put(Condition::HoldUnchanged, hold_item(org, change.after())?, unchanged)
}

/// Adds the change of the list of open holds to a transaction.
fn list_change(
    tx: &mut TransactionBuilder,
    org: &OrgId,
    change: &HoldChange,
) -> Result<(), StoreError> {
    let (before, after) = (change.before(), change.after());
    let is_open = after.status == Status::Open;
    let (old, new) = (open_key(org, before), open_key(org, after));
    if before.status != Status::Open || (is_open && old == new) {
        return Ok(());
    }
    tx.delete(Condition::HoldUnchanged, &old, Expr::default())?;
    if is_open {
        tx.put(Condition::HoldUnchanged, open_item(org, after), Expr::default())?;
    }
    Ok(())
}

/// Adds the reservation of credits in a month to a transaction. `max` is the most credits that may
/// be reserved before.
fn reserved(
    tx: &mut TransactionBuilder,
    org: &OrgId,
    (month, credits, max): (Month, Credits, Option<Credits>),
) -> Result<(), StoreError> {
    let mut change = Expr::update("ADD #reserved :credits").bind(":credits", n(credits.micro()));
    if let Some(max) = max {
        change = change
            .and_when("attribute_not_exists(#reserved) OR #reserved <= :max")
            .bind(":max", n(max.micro()));
    }
    tx.update(Condition::BudgetLeft, &keys::reserved(org, month), change)
}

/// Adds the credits that ended or lowered holds give back to a transaction, by month.
fn give_back<'c>(
    tx: &mut TransactionBuilder,
    org: &OrgId,
    changes: impl IntoIterator<Item = &'c HoldChange>,
) -> Result<(), StoreError> {
    let mut months: BTreeMap<Month, u128> = BTreeMap::new();
    for change in changes {
        let (before, after) = (change.before(), change.after());
        let covered = after.covered.micro() - before.covered.micro();
        let rest = before.rest().micro() - after.rest().micro();
        *months.entry(after.month).or_default() += rest - covered;
    }
    for (month, credits) in months.into_iter().filter(|(_, credits)| *credits > 0) {
        let change =
            Expr::update("ADD #reserved :credits").bind(":credits", n(format!("-{credits}")));
        tx.update(Condition::BudgetLeft, &keys::reserved(org, month), change)?;
    }
    Ok(())
}
