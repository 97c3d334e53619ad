//! The tables behind a host, looked at directly: what is stored, and states that no route of today makes.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::World;

/// Names for the tables of one test on a DynamoDB that all tests share.
pub(super) fn fresh_prefix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}-{}-", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// Tables on a DynamoDB that all tests share, given back when a test ends: it slows down with each.
pub(crate) struct Borrowed {
    pub(super) url: String,
    pub(super) tables: [String; 2],
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let (url, tables) = (self.url.clone(), self.tables.clone());
        let delete = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for table in tables {
                    drop(request(&Client::new(), &url, "DeleteTable", &json!({"TableName": table})).send().await);
                }
            });
        };
        drop(std::thread::spawn(delete).join());
    }
}

/// A call to DynamoDB. Emulators want a signature and do not look at it.
fn request(client: &Client, url: &str, operation: &str, body: &Value) -> RequestBuilder {
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
        let answer = request(&self.client, self.host.dynamo_url(), operation, body).send().await.unwrap();
        let ok = answer.status().is_success();
        let text = answer.text().await.unwrap();
        assert!(ok, "{operation}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Takes the tables away.
    pub(crate) async fn drop_tables(&self) {
        for table in self.host.tables() {
            self.dynamo("DeleteTable", &json!({"TableName": table})).await;
        }
    }

    /// Changes an item of `core` by an update expression, with values as DynamoDB writes them.
    pub(crate) async fn change(&self, pk: &str, sk: &str, update: &str, values: &Value) {
        let mut body = json!({"TableName": self.host.tables()[0], "Key": {"PK": {"S": pk}, "SK": {"S": sk}}, "UpdateExpression": update});
        if !values.is_null() {
            body["ExpressionAttributeValues"] = values.clone();
        }
        self.dynamo("UpdateItem", &body).await;
    }

    /// Takes an item of `core` away.
    pub(crate) async fn remove_item(&self, pk: &str, sk: &str) {
        let key = json!({"PK": {"S": pk}, "SK": {"S": sk}});
        self.dynamo("DeleteItem", &json!({"TableName": self.host.tables()[0], "Key": key})).await;
    }

    /// Suspends an organization, as the platform's operator would.
    pub(crate) async fn suspend(&self, org: &str) {
        self.change(&format!("ORG#{org}"), "META", "SET suspended = :yes", &json!({":yes": {"BOOL": true}})).await;
    }

    /// Marks an organization as deleted.
    pub(crate) async fn mark_deleted(&self, org: &str) {
        self.change(&format!("ORG#{org}"), "META", "SET deleted_at = :at", &json!({":at": {"S": "2026-01-01T00:00:00Z"}})).await;
    }

    /// Puts an invitation in a state.
    pub(crate) async fn set_state(&self, org: &str, invitation: &str, state: &str) {
        let body = json!({
            "TableName": self.host.tables()[0], "Key": {"PK": {"S": format!("ORG#{org}")}, "SK": {"S": format!("INV#{invitation}")}},
            "UpdateExpression": "SET #state = :state", "ExpressionAttributeNames": {"#state": "state"}, "ExpressionAttributeValues": {":state": {"S": state}},
        });
        self.dynamo("UpdateItem", &body).await;
    }

    pub(crate) async fn seat_limit(&self, org: &str, seats: u32) {
        self.change(&format!("ORG#{org}"), "META", "SET seat_limit = :seats", &json!({":seats": {"N": seats.to_string()}})).await;
    }

    /// Everything in a table: 0 is `core`, 1 is `usage`.
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

    /// The audit records of an organization, oldest first.
    pub(crate) async fn audit(&self, org: &str) -> Vec<Value> {
        let partition = format!("ORG#{org}#AUD");
        let mut records: Vec<Value> = self.items(0).await.into_iter().filter(|item| item["PK"]["S"] == partition.as_str()).collect();
        records.sort_by_key(|record| record["SK"]["S"].as_str().unwrap().to_owned());
        records
    }

    /// What must always hold of an organization: its counts agree with its members, each member has an entry of their own
    /// and an address lock, and somebody owns it.
    pub(crate) async fn assert_whole(&self, org: &str) {
        let items = self.items(0).await;
        let of = |pk: &str, sk: &str| items.iter().find(|item| item["PK"]["S"] == pk && item["SK"]["S"] == sk);
        let partition = format!("ORG#{org}");
        let meta = of(&partition, "META").unwrap();
        let members: Vec<&Value> = items
            .iter()
            .filter(|item| item["PK"]["S"] == partition.as_str() && item["SK"]["S"].as_str().unwrap().starts_with("MEM#"))
            .collect();
        let owners = members.iter().filter(|member| member["role"]["S"] == "owner").count();
        assert!(owners > 0, "no owner");
        assert_eq!(meta["owner_count"]["N"], owners.to_string(), "owner_count");
        assert_eq!(meta["member_count"]["N"], members.len().to_string(), "member_count");
        for member in &members {
            let user = member["user_id"]["S"].as_str().unwrap();
            let mirror = of(&format!("USER#{user}"), &partition).unwrap_or_else(|| panic!("{user} has no entry"));
            assert_eq!(mirror["role"], member["role"], "{user}'s own entry");
            let lock = of(&format!("EMAIL#{}", member["ek"]["S"].as_str().unwrap()), &partition)
                .unwrap_or_else(|| panic!("{user} has no address lock"));
            assert_eq!(lock["user_id"]["S"], user, "{user}'s address lock");
        }
        let mirrors = items
            .iter()
            .filter(|item| item["PK"]["S"].as_str().unwrap().starts_with("USER#") && item["SK"]["S"] == partition.as_str())
            .count();
        assert_eq!(mirrors, members.len(), "entries of nobody");
        let locks =
            items.iter().filter(|item| item["PK"]["S"].as_str().unwrap().starts_with("EMAIL#") && item["SK"]["S"] == partition.as_str());
        assert_eq!(locks.filter(|lock| lock["state"]["S"] == "member").count(), members.len(), "address locks of nobody");
    }
}
