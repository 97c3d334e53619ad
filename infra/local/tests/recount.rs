//! The time limit of a recount.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use axum::Router;
use axum::http::HeaderMap;
use orgs_domain::OrgId;
use orgs_store::{Recount, Store, StoreSettings};
use serde_json::json;

/// Answers as a DynamoDB in which the list of members never ends.
async fn endless(headers: HeaderMap, body: String) -> String {
    let target = headers["x-amz-target"].to_str().unwrap_or_default().to_owned();
    if target.ends_with("Query") {
        let key = json!({"PK": {"S": "ORG#x"}, "SK": {"S": "MEM#x"}});
        return json!({"Items": [{"role": {"S": "viewer"}}], "LastEvaluatedKey": key}).to_string();
    }
    let id = body.split("ORG#").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let org = json!({
        "PK": {"S": format!("ORG#{id}")}, "SK": {"S": "META"}, "id": {"S": id}, "name": {"S": "Acme"}, "status": {"S": "active"},
        "creator": {"S": "ann"}, "created_by": {"S": "ann"}, "owner_count": {"N": "1"}, "member_count": {"N": "1"}, "version": {"N": "1"},
        "created_at": {"S": "2026-01-01T00:00:00Z"}, "updated_at": {"S": "2026-01-01T00:00:00Z"}, "metadata": {"M": {}}, "suspended": {"BOOL": false}, "billing": {"M": {"mode": {"S": "independent"}}}, "settings": {"M": {"high_cost_creators": {"S": "owner"}}},
    });
    json!({"Responses": {"core": [org]}, "UnprocessedKeys": {}}).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recount_that_takes_too_long_is_skipped() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(endless)).await });
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "a", "b", None, None, "test",
        )))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let settings = StoreSettings {
        core_table: "core".to_owned(),
        usage_table: "usage".to_owned(),
        usage_shards: 4,
    };
    let store = Store::new(&sdk, settings);
    let org = OrgId::parse("org_01980000000070008000000000000001")?;
    let until = tokio::time::Instant::now() + Duration::from_millis(50);
    assert_eq!(store.recount(&org, until).await?, Recount::TooMany);
    Ok(())
}
