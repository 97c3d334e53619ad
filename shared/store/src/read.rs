//! Reads everything that a decision needs, in one call.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::types::{Get, KeysAndAttributes, TransactGetItem};
use chrono::{DateTime, Utc};
use orgs_domain::budget::Budget;
use orgs_domain::invitation::AddressLock;
use orgs_domain::org_policies::OrgPolicies;
use orgs_domain::token::SecretHash;
use orgs_domain::{
    EmailKey, Invitation, InvitationId, Member, Org, OrgId, Resource, ResourceId, UserId,
};
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::idempotency::{IdempotencyKey, StoredResponse};
use crate::item::{Item, key_of, primary_key, value};
use crate::keys::{self, Key};
use crate::store::Store;
use crate::tx::transact::ATTEMPTS_MAX;

/// The consistency of the items of one read with each other. Each item by itself is always current.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReadIsolation {
    /// A `BatchGetItem`: another change may be committed between the reads of two items. This is
    /// enough for a decision that is committed, because the conditions of the commit repeat the
    /// facts that were read.
    #[default]
    Batch,
    /// A snapshot read with `TransactGetItems`: all items are from the same moment, at twice the
    /// price. Use it to confirm a rejection, which has no commit whose conditions could catch a
    /// stale read.
    Snapshot,
}

/// The items that a decision needs. All of them are read at once, regardless of the caller.
#[derive(Debug, Clone, Copy)]
pub struct ReadRequest<'a> {
    /// The organization, which is always read.
    pub org: OrgId,
    /// The user whose membership is read as the caller's.
    pub caller: Option<&'a UserId>,
    /// Users whose memberships are read, at most 60. They may include the caller.
    pub members: &'a [UserId],
    /// The invitation to read.
    pub invitation: Option<InvitationId>,
    /// The resources to read, at most 30.
    pub resources: &'a [ResourceId],
    /// True to read the organization's policies.
    pub policies: bool,
    /// True to read the organization's budget.
    pub budget: bool,
    /// The addresses whose locks in the organization are read, at most 20.
    pub addresses: &'a [EmailKey],
    /// The key whose stored response is read.
    pub idempotency: Option<&'a IdempotencyKey>,
    /// The current time: stored responses and deleted organizations expire by it.
    pub now: DateTime<Utc>,
    /// The consistency of the items with each other.
    pub isolation: ReadIsolation,
}

/// The items that were found. A deleted organization that can no longer be restored counts as
/// missing.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the fields are those of `ReadRequest`")]
pub struct ReadResponse {
    pub org: Option<Org>,
    pub caller: Option<Member>,
    pub members: HashMap<UserId, Member>,
    pub invitation: Option<Invitation>,
    pub resources: HashMap<ResourceId, Resource>,
    pub policies: Option<OrgPolicies>,
    pub budget: Option<Budget>,
    pub addresses: HashMap<EmailKey, AddressLock>,
    pub response: Option<StoredResponse>,
}

impl Store {
    /// Reads all requested items in one round trip, strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn read(&self, request: &ReadRequest<'_>) -> Result<ReadResponse, StoreError> {
        let org = keys::org(&request.org);
        let caller = request.caller.map(|user| keys::member(&request.org, user));
        let invitation = request.invitation.map(|id| keys::invitation(&request.org, &id));
        let policies = request.policies.then(|| keys::policies(&request.org));
        let budget = request.budget.then(|| keys::budget(&request.org));
        let response = request.idempotency.map(IdempotencyKey::key);
        let members = keyed(request.members, |user| keys::member(&request.org, user));
        let resources = keyed(request.resources, |id| keys::resource(&request.org, id));
        let addresses = keyed(request.addresses, |email| keys::address(email, &request.org));
        let single = [
            Some(&org),
            caller.as_ref(),
            invitation.as_ref(),
            policies.as_ref(),
            budget.as_ref(),
            response.as_ref(),
        ];
        let many = members
            .iter()
            .map(|(_, key)| key)
            .chain(resources.iter().map(|(_, key)| key))
            .chain(addresses.iter().map(|(_, key)| key));
        let mut seen = HashSet::new();
        // A call may contain each key once, and the caller may also be among the members.
        let all: Vec<&Key> =
            single.into_iter().flatten().chain(many).filter(|key| seen.insert(*key)).collect();
        let items = self.get_as(&all, request.isolation).await?;
        Ok(ReadResponse {
            org: take(&items, Some(&org))?.filter(|org: &Org| !org.is_gone(request.now)),
            caller: take(&items, caller.as_ref())?,
            members: take_all(&items, members)?,
            invitation: invitation
                .as_ref()
                .and_then(|key| items.get(key))
                .cloned()
                .map(read_invitation)
                .transpose()?,
            resources: take_all(&items, resources)?,
            policies: take(&items, policies.as_ref())?,
            budget: take(&items, budget.as_ref())?,
            addresses: take_all(&items, addresses)?,
            response: take::<StoredResponse>(&items, response.as_ref())?
                .filter(|response| response.lives(request.now)),
        })
    }

    /// Returns the response that was stored under a key, if it has not expired.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn earlier_response(
        &self,
        key: &IdempotencyKey,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredResponse>, StoreError> {
        let key = key.key();
        Ok(take::<StoredResponse>(&self.get(&[&key]).await?, Some(&key))?
            .filter(|response| response.lives(now)))
    }

    /// Returns the organizations with these ids that exist; at most 100 ids.
    pub(crate) async fn orgs(&self, ids: &[OrgId]) -> Result<HashMap<OrgId, Org>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(keys::org).collect();
        let items = self.get(&keys.iter().collect::<Vec<_>>()).await?;
        items.into_values().map(|item| value::<Org>(item).map(|org| (org.id, org))).collect()
    }

    /// Returns up to 100 items of `core` by their keys, with the given isolation.
    pub(crate) async fn get_as(
        &self,
        keys: &[&Key],
        isolation: ReadIsolation,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        match isolation {
            ReadIsolation::Batch => self.get(keys).await,
            ReadIsolation::Snapshot => self.get_of_one_moment(keys).await,
        }
    }

    /// Returns up to 100 items of `core` by their keys, all from the same moment. Retries while
    /// conflicting transactions are in progress.
    async fn get_of_one_moment(&self, keys: &[&Key]) -> Result<HashMap<Key, Item>, StoreError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let gets = keys.iter().map(|key| {
            let get = Get::builder()
                .table_name(&self.settings.core_table)
                .set_key(Some(primary_key(key)))
                .build();
            get.map(|get| TransactGetItem::builder().get(get).build())
        });
        let gets: Vec<_> =
            gets.collect::<Result<_, _>>().map_err(|error| StoreError::new(error.to_string()))?;
        for attempt in 0..ATTEMPTS_MAX {
            let error = match self
                .client()
                .transact_get_items()
                .set_transact_items(Some(gets.clone()))
                .send()
                .await
            {
                Ok(answer) => {
                    let items = answer
                        .responses
                        .unwrap_or_default()
                        .into_iter()
                        .filter_map(|response| response.item);
                    return Ok(items.filter_map(|item| Some((key_of(&item)?, item))).collect());
                }
                Err(error) => error,
            };
            if !error
                .as_service_error()
                .is_some_and(TransactGetItemsError::is_transaction_canceled_exception)
            {
                return Err(StoreError::sdk("TransactGetItems", error));
            }
            self.pause(attempt).await;
        }
        Err(StoreError::Transient(
            "TransactGetItems: conflicts with other transactions in every attempt".to_owned(),
        ))
    }

    /// Returns up to 100 items of `core` by their keys, strongly consistent.
    pub(crate) async fn get(&self, keys: &[&Key]) -> Result<HashMap<Key, Item>, StoreError> {
        self.get_from(&self.settings.core_table, keys.iter().map(|key| primary_key(key)).collect())
            .await
    }

    /// Returns up to 100 items of a table by their keys. Retries keys that DynamoDB leaves
    /// unprocessed.
    pub(crate) async fn get_from(
        &self,
        table: &str,
        mut pending: Vec<Item>,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        let mut items = HashMap::new();
        for attempt in 0..5 {
            if pending.is_empty() {
                return Ok(items);
            }
            if attempt > 0 {
                self.pause(attempt).await;
            }
            let request = KeysAndAttributes::builder()
                .set_keys(Some(pending))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreError::new(error.to_string()))?;
            let answer = self.client().batch_get_item().request_items(table, request).send().await;
            let answer = answer.map_err(|error| StoreError::sdk("BatchGetItem", error))?;
            for item in answer.responses.unwrap_or_default().into_values().flatten() {
                if let Some(key) = key_of(&item) {
                    items.insert(key, item);
                }
            }
            pending = answer
                .unprocessed_keys
                .unwrap_or_default()
                .into_values()
                .flat_map(|rest| rest.keys)
                .collect();
        }
        if pending.is_empty() {
            Ok(items)
        } else {
            Err(StoreError::Transient(
                "BatchGetItem: keys are still unprocessed after all attempts".to_owned(),
            ))
        }
    }
}

fn take<T: DeserializeOwned>(
    items: &HashMap<Key, Item>,
    key: Option<&Key>,
) -> Result<Option<T>, StoreError> {
    key.and_then(|key| items.get(key)).cloned().map(value).transpose()
}

/// Pairs each requested thing with its key.
fn keyed<W>(request: &[W], key: impl Fn(&W) -> Key) -> Vec<(&W, Key)> {
    request.iter().map(|one| (one, key(one))).collect()
}

/// Returns the requested things that were found.
fn take_all<W: Clone + Eq + Hash, T: DeserializeOwned>(
    items: &HashMap<Key, Item>,
    request: Vec<(&W, Key)>,
) -> Result<HashMap<W, T>, StoreError> {
    let found = request.into_iter().filter_map(|(one, key)| {
        take(items, Some(&key)).transpose().map(|found| Ok((one.clone(), found?)))
    });
    found.collect()
}

/// Converts an item to an invitation. The hashes of its secrets are stored as sets, in attributes
/// of their own.
pub(crate) fn read_invitation(item: Item) -> Result<Invitation, StoreError> {
    let hashes = |name: &str| -> Vec<SecretHash> {
        let set = item.get(name).and_then(|set| set.as_bs().ok());
        set.into_iter().flatten().filter_map(|hash| SecretHash::from_bytes(hash.as_ref())).collect()
    };
    let (secrets, opt_outs) = (hashes("th"), hashes("oh"));
    let invitation: Invitation = value(item)?;
    Ok(Invitation { secrets, opt_outs, ..invitation })
}
