//! Direct access to the tables of a host, to check the stored items and to create states that no
//! route creates.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::World;

/// Returns a prefix for the tables of one test on a DynamoDB that all tests share.
pub(crate) fn fresh_prefix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}-{}-", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// Tables on a DynamoDB that all tests share. They are deleted when the test ends, because each
/// table slows DynamoDB Local down.
pub(crate) struct Borrowed {
    pub(crate) url: String,
    pub(crate) tables: [String; 2],
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let (url, tables) = (self.url.clone(), self.tables.clone());
        let delete = move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for table in tables {
                    drop(
                        request(&Client::new(), &url, "DeleteTable", &json!({"TableName": table}))
                            .send()
                            .await,
                    );
                }
            });
        };
        drop(std::thread::spawn(delete).join());
    }
}

/// Builds a call to DynamoDB. Emulators require a signature and do not verify it.
pub(crate) fn request(client: &Client, url: &str, operation: &str, body: &Value) -> RequestBuilder {
    client
        .post(url)
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-date", "20260101T000000Z")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
        )
        .body(body.to_string())
}

impl World {
    async fn dynamo(&self, operation: &str, body: &Value) -> Value {
        let (is_done, answer) =
            if let Some(answer) = self.host.call_dynamo(operation, body.to_string().as_bytes()) {
                answer
            } else {
                let answer = request(&self.client, self.host.dynamo_url(), operation, body)
                    .send()
                    .await
                    .unwrap();
                (answer.status().is_success(), answer.bytes().await.unwrap().to_vec())
            };
        assert!(is_done, "{operation}: {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap()
    }

    /// Deletes the tables.
    pub(crate) async fn drop_tables(&self) {
        for table in self.host.tables() {
            self.dynamo("DeleteTable", &json!({"TableName": table})).await;
        }
    }

    /// Recreates `core` as an earlier version did: without an index.
    pub(crate) async fn without_index(&self) {
        let core = &self.host.tables()[0];
        self.dynamo("DeleteTable", &json!({"TableName": core})).await;
        let keys = [("PK", "HASH"), ("SK", "RANGE")];
        self.dynamo(
            "CreateTable",
            &json!({
                "TableName": core, "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": keys.map(|(name, _)| json!({"AttributeName": name, "AttributeType": "S"})),
                "KeySchema": keys.map(|(name, role)| json!({"AttributeName": name, "KeyType": role})),
            }),
        )
        .await;
    }

    /// Changes an item of `core` with an update expression and values in the JSON of DynamoDB.
    pub(crate) async fn change(&self, pk: &str, sk: &str, update: &str, values: &Value) {
        let mut body = json!({"TableName": self.host.tables()[0], "Key": {"PK": {"S": pk}, "SK": {"S": sk}}, "UpdateExpression": update});
        if !values.is_null() {
            body["ExpressionAttributeValues"] = values.clone();
        }
        self.dynamo("UpdateItem", &body).await;
    }

    /// Deletes an item of `core`.
    pub(crate) async fn remove_item(&self, pk: &str, sk: &str) {
        let key = json!({"PK": {"S": pk}, "SK": {"S": sk}});
        self.dynamo("DeleteItem", &json!({"TableName": self.host.tables()[0], "Key": key})).await;
    }

    /// Deletes an item of `usage`.
    pub(crate) async fn remove_usage_item(&self, item: &Value) {
        let key = json!({"PK": item["PK"], "SK": item["SK"]});
        self.dynamo("DeleteItem", &json!({"TableName": self.host.tables()[1], "Key": key})).await;
    }

    /// Sets fields of an organization's plan as the operator.
    pub(crate) async fn plan(&self, org: &str, plan: &Value) -> Value {
        let operator = self.service("orgs:operate").await;
        operator.call("PUT", &format!("/v1/orgs/{org}/plan"), Some(plan)).await.expect(200)
    }

    /// Suspends an organization.
    pub(crate) async fn suspend(&self, org: &str) {
        self.plan(org, &json!({"status": "suspended"})).await;
    }

    /// Sets the stored state of an invitation.
    pub(crate) async fn set_state(&self, org: &str, invitation: &str, state: &str) {
        let body = json!({
            "TableName": self.host.tables()[0], "Key": {"PK": {"S": format!("ORG#{org}")}, "SK": {"S": format!("INV#{invitation}")}},
            "UpdateExpression": "SET #state = :state", "ExpressionAttributeNames": {"#state": "state"}, "ExpressionAttributeValues": {":state": {"S": state}},
        });
        self.dynamo("UpdateItem", &body).await;
    }

    pub(crate) async fn seat_limit(&self, org: &str, seats: u32) {
        self.plan(org, &json!({"seat_limit": seats})).await;
    }

    /// Returns all items of a table: 0 is `core`, 1 is `usage`.
    pub(crate) async fn items(&self, table: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let mut start = Value::Null;
        loop {
            let mut body = json!({"TableName": self.host.tables()[table], "ConsistentRead": true});
            if !start.is_null() {
                body["ExclusiveStartKey"] = start;
            }
            let mut page = self.dynamo("Scan", &body).await;
            items.extend(page["Items"].as_array().unwrap().iter().cloned());
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                return items;
            }
        }
    }

    /// Returns the audit records of an organization, oldest first.
    pub(crate) async fn audit(&self, org: &str) -> Vec<Value> {
        let partition = format!("ORG#{org}#AUD");
        let mut records: Vec<Value> = self
            .items(0)
            .await
            .into_iter()
            .filter(|item| item["PK"]["S"] == partition.as_str())
            .collect();
        records.sort_by_key(|record| record["SK"]["S"].as_str().unwrap().to_owned());
        records
    }

    /// Returns an item of `core`, or null.
    pub(crate) async fn item(&self, pk: &str, sk: &str) -> Value {
        let key = json!({"PK": {"S": pk}, "SK": {"S": sk}});
        self.dynamo(
            "GetItem",
            &json!({"TableName": self.host.tables()[0], "Key": key, "ConsistentRead": true}),
        )
        .await["Item"]
            .take()
    }

    /// Returns items of `core` by their partition keys. Missing items are null.
    async fn items_at(
        &self,
        keys: impl Iterator<Item = (String, String)>,
    ) -> BTreeMap<String, Value> {
        let keys: Vec<(String, String)> = keys.collect();
        let mut found: BTreeMap<String, Value> =
            keys.iter().map(|(pk, _)| (pk.clone(), Value::Null)).collect();
        let table = &self.host.tables()[0];
        for keys in keys.chunks(100) {
            let keys: Vec<Value> =
                keys.iter().map(|(pk, sk)| json!({"PK": {"S": pk}, "SK": {"S": sk}})).collect();
            let answer = self
                .dynamo(
                    "BatchGetItem",
                    &json!({"RequestItems": {table: {"Keys": keys, "ConsistentRead": true}}}),
                )
                .await;
            for item in answer["Responses"][table].as_array().unwrap() {
                found.insert(item["PK"]["S"].as_str().unwrap().to_owned(), item.clone());
            }
        }
        found
    }

    /// Returns the segment of `core` that contains an item, of four.
    pub(crate) async fn segment_of(&self, pk: &str, sk: &str) -> usize {
        for segment in 0..4 {
            let body =
                json!({"TableName": self.host.tables()[0], "Segment": segment, "TotalSegments": 4});
            let items = self.dynamo("Scan", &body).await;
            if items["Items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|item| item["PK"]["S"] == pk && item["SK"]["S"] == sk)
            {
                return segment;
            }
        }
        panic!("{pk} {sk} is in no segment")
    }

    /// Writes items to a table: 0 is `core`, 1 is `usage`.
    pub(crate) async fn put_items(&self, table: usize, items: &[Value]) {
        let table = &self.host.tables()[table];
        for items in items.chunks(25) {
            let puts: Vec<Value> =
                items.iter().map(|item| json!({"PutRequest": {"Item": item}})).collect();
            self.dynamo("BatchWriteItem", &json!({"RequestItems": {table: puts}})).await;
        }
    }

    pub(crate) async fn partition(&self, pk: &str) -> Vec<Value> {
        let body = json!({
            "TableName": self.host.tables()[0], "KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ConsistentRead": true,
        });
        self.dynamo("Query", &body).await["Items"].as_array().unwrap().clone()
    }

    /// Returns the number of audit records of an organization.
    pub(crate) async fn count_audit(&self, org: &str) -> usize {
        self.partition(&format!("ORG#{org}#AUD")).await.len()
    }

    /// Panics if an organization is inconsistent. Its counts must equal the number of its members
    /// and owners, each member must have a user entry and an address lock, each pending invitation
    /// must have an address lock, and there must be an owner.
    pub(crate) async fn assert_whole(&self, org: &str) {
        let wrong = self.wrong_with(org).await;
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    /// Returns the inconsistencies of an organization.
    pub(crate) async fn wrong_with(&self, org: &str) -> Vec<String> {
        let partition = format!("ORG#{org}");
        let items = self.partition(&partition).await;
        let of = |prefix: &str| -> Vec<&Value> {
            items
                .iter()
                .filter(|item| item["SK"]["S"].as_str().unwrap().starts_with(prefix))
                .collect()
        };
        let (meta, members, invitations) = (of("META")[0], of("MEM#"), of("INV#"));
        let text =
            |item: &Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
        let mut wrong = Vec::new();
        let mut check = |holds: bool, what: String| {
            if !holds {
                wrong.push(what);
            }
        };
        let owners = members.iter().filter(|member| text(member, "role") == "owner").count();
        check(owners > 0 || meta["deleted_at"].is_object(), "no owner".to_owned());
        check(
            meta["owner_count"]["N"] == owners.to_string().as_str(),
            format!("owner_count {} of {owners}", meta["owner_count"]),
        );
        check(
            meta["member_count"]["N"] == members.len().to_string().as_str(),
            format!("member_count {} of {}", meta["member_count"], members.len()),
        );
        let due: Vec<Value> = self.partition("PURGE").await;
        let due = due.iter().filter(|item| text(item, "org_id") == org).count();
        let is_deleted = meta["deleted_at"].is_object();
        check(
            due == usize::from(is_deleted),
            format!("deleted: {is_deleted}, with {due} purge entries"),
        );
        let payer = meta["billing"]["M"]["payer"]["S"].as_str();
        let owns = |user: &str| {
            members
                .iter()
                .any(|member| text(member, "user_id") == user && text(member, "role") == "owner")
        };
        check(payer.is_none_or(owns), format!("the payer {payer:?} is not an owner"));
        // All current and former members.
        let mut users: Vec<String> = members.iter().map(|member| text(member, "user_id")).collect();
        users.extend(["ann", "bob", "cy", "dee", "eve", "eve2", "fay"].map(str::to_owned));
        users.sort();
        users.dedup();
        let mirrors = self
            .items_at(users.iter().map(|user| (format!("USER#{user}"), partition.clone())))
            .await;
        for user in users {
            let role = members
                .iter()
                .find(|member| text(member, "user_id") == user)
                .map(|member| text(member, "role"));
            let mirror = &mirrors[&format!("USER#{user}")];
            check(
                mirror["role"]["S"].as_str() == role.as_deref(),
                format!("{user} has the role {role:?} and the user entry {mirror}"),
            );
        }
        let now = self.host.now().timestamp_millis();
        let mut keys: Vec<String> =
            members.iter().chain(&invitations).map(|item| text(item, "ek")).collect();
        keys.sort();
        keys.dedup();
        for key in &keys {
            check(
                members.iter().filter(|member| text(member, "ek") == *key).count() <= 1,
                format!("two members have the address {key}"),
            );
        }
        let locks =
            self.items_at(keys.iter().map(|key| (format!("EMAIL#{key}"), partition.clone()))).await;
        for key in keys {
            let lock = &locks[&format!("EMAIL#{key}")];
            let member = members
                .iter()
                .find(|member| text(member, "ek") == key)
                .map(|member| text(member, "user_id"));
            check(
                lock["user_id"]["S"].as_str() == member.as_deref(),
                format!("the member {member:?} has the lock {lock}"),
            );
            let of_key: Vec<&&Value> = invitations
                .iter()
                .filter(|invitation| {
                    text(invitation, "ek") == key && text(invitation, "state") == "pending"
                })
                .collect();
            let ids = |open: bool| -> Vec<String> {
                let is_open = |invitation: &Value| {
                    invitation["exp"]["N"].as_str().unwrap().parse::<i64>().unwrap() > now
                };
                of_key
                    .iter()
                    .filter(|invitation| !open || is_open(invitation))
                    .map(|invitation| text(invitation, "id"))
                    .collect()
            };
            let named: Vec<String> =
                lock["invitation_id"]["S"].as_str().map(str::to_owned).into_iter().collect();
            check(
                named.iter().all(|id| ids(false).contains(id)),
                format!("the lock names {named:?}, the invitations are {:?}", ids(false)),
            );
            // An expired invitation keeps its lock until the address is used again.
            check(
                ids(true).is_empty() || ids(true) == named,
                format!("the lock names {named:?}, the open invitations are {:?}", ids(true)),
            );
        }
        wrong
    }
}
