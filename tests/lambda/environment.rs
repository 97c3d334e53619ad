//! The environment of the release binaries: tables on a DynamoDB, and SES, SNS and SQS on an
//! emulator of AWS.

use std::path::{Path, PathBuf};

use reqwest::Client;
use serde_json::{Value, json};

use super::runtime::{Lambda, Outcome, binary};
use crate::world::{Borrowed, dynamo_request, fresh_prefix, skipped, suite};

/// The tables of one test, the emulators, and the directory of the binaries.
pub(super) struct Environment {
    binaries: PathBuf,
    dynamo: String,
    moto: String,
    tables: Borrowed,
    client: Client,
}

/// The environment variables that these tests need.
const NEEDED: [&str; 3] = ["ORGS_TEST_BINARIES", "ORGS_TEST_DYNAMODB", "ORGS_TEST_MOTO"];

impl Environment {
    /// Creates the tables of a test. Prints a reason and returns `None` if an environment variable
    /// is missing.
    pub(super) async fn connect() -> Option<Self> {
        let [Some(binaries), Some(dynamo), Some(moto)] = NEEDED.map(suite) else {
            skipped(
                "the release binaries on Lambda's Runtime API: `.ci/run` builds them and starts DynamoDB Local and moto",
            );
            return None;
        };
        let prefix = fresh_prefix();
        let tables = ["core", "usage"].map(|table| format!("{prefix}{table}"));
        let tables = Borrowed { url: dynamo.clone(), tables };
        let env =
            Self { binaries: root().join(binaries), dynamo, moto, tables, client: Client::new() };
        let described: Value = serde_json::from_str(
            &std::fs::read_to_string(root().join("infra/tables.json")).unwrap(),
        )
        .unwrap();
        for (table, name) in described["tables"].as_array().unwrap().iter().zip(&env.tables.tables)
        {
            env.create_table(table, name).await;
        }
        Some(env)
    }

    /// Runs `infra/republish.py` on these tables with the `EventBridge` endpoint `bus`. Returns its
    /// output and whether it succeeded.
    pub(super) fn republish(&self, bus: &str, arguments: &[&str]) -> (String, bool) {
        let output = std::process::Command::new("python3")
            .arg(root().join("infra/republish.py"))
            .args(["--table", &self.tables.tables[0], "--bus", "organizations"])
            .args(arguments)
            .envs([
                ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamo.as_str()),
                ("AWS_ENDPOINT_URL_EVENTBRIDGE", bus),
            ])
            .envs([
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
                ("AWS_DEFAULT_REGION", "us-east-1"),
            ])
            .output()
            .unwrap();
        (
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
            output.status.success(),
        )
    }

    /// Creates a table as `infra/tables.json` describes it. Terraform reads the same file.
    async fn create_table(&self, table: &Value, name: &str) {
        let keys = |of: &Value| json!([{"AttributeName": of["partition_key"], "KeyType": "HASH"}, {"AttributeName": of["sort_key"], "KeyType": "RANGE"}]);
        let index = &table["index"];
        let names = [
            &table["partition_key"],
            &table["sort_key"],
            &index["partition_key"],
            &index["sort_key"],
        ];
        let attributes: Vec<Value> = names
            .into_iter()
            .filter(|name| !name.is_null())
            .map(|name| json!({"AttributeName": name, "AttributeType": "S"}))
            .collect();
        let mut body = json!({"TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": keys(table), "AttributeDefinitions": attributes});
        if !index.is_null() {
            body["GlobalSecondaryIndexes"] = json!([{"IndexName": index["name"], "KeySchema": keys(index), "Projection": {"ProjectionType": "KEYS_ONLY"}}]);
        }
        self.dynamo("CreateTable", &body).await;
    }

    pub(super) async fn dynamo(&self, operation: &str, body: &Value) -> Value {
        let answer =
            dynamo_request(&self.client, &self.dynamo, operation, body).send().await.unwrap();
        assert!(answer.status().is_success(), "{operation}");
        answer.json().await.unwrap()
    }

    /// Returns the items of a partition of `core`, in the order of their sort keys.
    pub(super) async fn partition(&self, pk: &str) -> Vec<Value> {
        let values = json!({":pk": {"S": pk}});
        let body = json!({"TableName": self.tables.tables[0], "KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": values, "ConsistentRead": true});
        self.dynamo("Query", &body).await["Items"].as_array().unwrap().clone()
    }

    /// Writes an item to `core`.
    pub(super) async fn put(&self, item: &Value) {
        self.dynamo("PutItem", &json!({"TableName": self.tables.tables[0], "Item": item})).await;
    }

    /// Starts a function with the settings of this environment and more settings.
    pub(super) async fn start_with(&self, function: &str, more: &[(&'static str, &str)]) -> Lambda {
        let [core, usage] = &self.tables.tables;
        let mut environment: Vec<(&str, String)> = [
            ("CORE_TABLE", core.as_str()),
            ("USAGE_TABLE", usage),
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.dynamo),
            ("AWS_ENDPOINT_URL_SES", &self.moto),
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", &self.moto),
            ("METRICS_NAMESPACE", "Organizations/test"),
            ("MAIL_SENDER", "team@example.com"),
            ("PUBLIC_URL", "https://orgs.example.com"),
            ("SERVICE_CLIENTS", "meter"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
        environment.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Lambda::start(&binary(&self.binaries, function), function, &environment).await
    }

    pub(super) async fn start(&self, function: &str) -> Lambda {
        self.start_with(function, &[]).await
    }

    /// Calls a service of the emulator (`ses`, `sns` or `sqs`) and returns the response body.
    pub(super) async fn moto(
        &self,
        service: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> String {
        let version = match service {
            "ses" => "2010-12-01",
            "sns" => "2010-03-31",
            _ => "2012-11-05",
        };
        let form: Vec<(&str, &str)> = [("Action", action), ("Version", version)]
            .into_iter()
            .chain(parameters.iter().copied())
            .collect();
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"
        );
        let body = form
            .iter()
            .map(|(name, value)| format!("{name}={}", crate::world::encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = self
            .client
            .post(&self.moto)
            .header("authorization", scope)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Returns the raw mails to an address that SES received.
    pub(super) async fn mails(&self, to: &str) -> Vec<String> {
        let all: Value = self
            .client
            .get(format!("{}/moto-api/data.json", self.moto))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let mails = all["ses"]["RawMessage"].as_array().cloned().unwrap_or_default();
        mails
            .iter()
            .filter(|mail| {
                mail["destinations"].to_string().contains(to)
                    || mail["raw_data"].to_string().contains(to)
            })
            .map(|mail| mail["raw_data"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns an event of an HTTP API, payload format 2.0. The claims are strings, as the JWT
/// authorizer passes them.
pub(super) fn request(
    route: &str,
    parameters: &[(&str, &str)],
    claims: &Value,
    body: Option<&Value>,
) -> Value {
    let (method, template) = route.split_once(' ').unwrap();
    let path = parameters.iter().fold(template.to_owned(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), value)
    });
    let mut event = json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "",
        "headers": {"accept": "*/*", "content-type": "application/json", "host": "abc.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "domainName": "abc.execute-api.us-east-1.amazonaws.com", "domainPrefix": "abc",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "curl/8"},
            "requestId": format!("request of {route}"), "routeKey": route, "stage": "$default", "time": "24/Nov/2026:12:00:00 +0000", "timeEpoch": 1_795_521_600_000_i64,
        },
        "isBase64Encoded": false,
    });
    if !parameters.is_empty() {
        event["pathParameters"] =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    }
    if !claims.is_null() {
        event["requestContext"]["authorizer"] = json!({"jwt": {"claims": claims, "scopes": null}});
    }
    if let Some(body) = body {
        event["body"] = json!(body.to_string());
    }
    event
}

/// Returns the claims of a person with a verified address.
pub(super) fn person(id: &str) -> Value {
    json!({"sub": id, "email": format!("{id}@example.com"), "email_verified": "true", "name": id, "iss": "https://id.example.com/", "exp": "1795525200"})
}

impl Lambda {
    /// Sends a request, and returns the status and the body of the response.
    pub(super) async fn answer(&self, event: &Value) -> (u64, Value) {
        let Outcome::Response(answer) = self.invoke(event).await else {
            panic!("an error instead of a response: {}", self.logs())
        };
        let body = answer["body"]
            .as_str()
            .map(|body| serde_json::from_str(body).unwrap_or_else(|_| json!(body)));
        (answer["statusCode"].as_u64().unwrap(), body.unwrap_or_default())
    }

    /// Sends a request, and returns the body of the response. Panics if the status differs.
    pub(super) async fn expect(&self, status: u64, event: &Value) -> Value {
        let (given, body) = self.answer(event).await;
        assert_eq!(given, status, "{body} {}", self.logs());
        body
    }
}
