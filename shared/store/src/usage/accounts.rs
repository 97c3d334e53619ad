//! Lists the accounts with usage in a month, so that each gets a statement.
//!
//! An account is listed before its first event of a month is counted. So the list can name an
//! account whose event then failed, and never misses one. Each process remembers the accounts that
//! it has listed, and writes each of them once.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use orgs_domain::booking::BookedEvent;
use orgs_domain::{AccountId, Month};
use serde::Deserialize;

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, SCHEMA, n, primary_key, s, text, value};
use crate::keys;
use crate::store::Store;

/// The number of accounts that a process remembers.
const REMEMBERED_MAX: usize = 10_000;

/// An account with usage in a month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BilledAccount {
    /// The account.
    pub account_id: AccountId,
    /// The hash of its statement. Absent until the month is closed for the account.
    pub hash: Option<String>,
}

impl Store {
    /// Lists the accounts that pay for events, in the months whose statements have the events.
    pub(crate) async fn list_billed_accounts(
        &self,
        events: impl IntoIterator<Item = &BookedEvent>,
    ) -> Result<(), StoreError> {
        let pairs: BTreeSet<(Month, &AccountId)> = events
            .into_iter()
            .map(|booked| (booked.month(), &booked.account_id))
            .filter(|(month, account)| !self.remembers(*month, account))
            .collect();
        let writes = pairs.iter().map(|(month, account)| async move {
            let call = self
                .client()
                .update_item()
                .table_name(&self.settings.usage_table)
                .set_key(Some(primary_key(&keys::billed_account(*month, account))))
                .update_expression("SET #account_id = :account, #schema = :schema")
                .expression_attribute_names("#account_id", "account_id")
                .expression_attribute_names("#schema", "schema")
                .expression_attribute_values(":schema", n(SCHEMA))
                .expression_attribute_values(":account", s(account.to_string()));
            call.send().await.map(drop).map_err(|error| StoreError::sdk("UpdateItem", error))
        });
        try_join_all(writes).await?;
        if let Ok(mut listed) = self.billed_accounts.lock() {
            if listed.len() + pairs.len() > REMEMBERED_MAX {
                let mut is_kept = false;
                listed.retain(|_| {
                    is_kept = !is_kept;
                    is_kept
                });
            }
            listed.extend(pairs.into_iter().map(|(month, account)| (month, account.clone())));
        }
        Ok(())
    }

    fn remembers(&self, month: Month, account: &AccountId) -> bool {
        // A poisoned lock costs another write.
        self.billed_accounts.lock().is_ok_and(|listed| listed.contains(&(month, account.clone())))
    }

    /// Returns a page of the accounts with usage in a month, sorted by id.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn billed_accounts(
        &self,
        month: Month,
        page: &PageRequest,
    ) -> Result<Page<BilledAccount>, StoreError> {
        let first = page.after().and_then(|id| AccountId::parse(id).ok()).map(|id| id.digit());
        let digits = keys::ACCOUNT_DIGITS.chars().filter(|digit| first.is_none_or(|f| *digit >= f));
        let queries = digits.map(|digit| {
            let after = page.after().filter(|_| Some(digit) == first);
            self.billed_accounts_after(month, digit, after, page.limit)
        });
        let mut accounts = Vec::new();
        let mut has_more = false;
        for (found, last) in try_join_all(queries).await? {
            let room = usize::from(page.limit) - accounts.len();
            has_more |= found.len() > room || last.is_some();
            accounts.extend(found.into_iter().take(room));
        }
        let last = accounts.last().map(|account| account.account_id.to_string());
        Ok(Page::new(accounts, last.filter(|_| has_more).as_deref()))
    }

    /// Returns the accounts with usage in a month whose hashes begin with a digit and whose ids
    /// follow `after`, at most `limit`, and the id after which to continue. There are no more if it
    /// is `None`.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn billed_accounts_after(
        &self,
        month: Month,
        digit: char,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<BilledAccount>, Option<String>), StoreError> {
        let partition = keys::billed_accounts(month, digit);
        let start = after.map(|account| {
            Item::from([("PK".to_owned(), s(&partition)), ("SK".to_owned(), s(account))])
        });
        let query = self
            .client()
            .query()
            .table_name(&self.settings.usage_table)
            .consistent_read(true)
            .key_condition_expression("PK = :partition")
            .expression_attribute_values(":partition", s(&partition))
            .set_exclusive_start_key(start)
            .limit(limit.into());
        let answer = query.send().await.map_err(|error| StoreError::sdk("Query", error))?;
        let last = answer.last_evaluated_key.as_ref().and_then(|key| text(key, "SK"));
        let accounts: Result<Vec<BilledAccount>, StoreError> =
            answer.items.unwrap_or_default().into_iter().map(value).collect();
        Ok((accounts?, last.map(str::to_owned)))
    }
}
