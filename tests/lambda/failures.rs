//! Failures of the database, of a setting and of the code: the function logs the cause, answers the
//! caller without details, and the process stays usable.

use std::process::Command;

use serde_json::{Value, json};

use super::environment::{Environment, person, request};
use super::runtime::Outcome;
use super::{answering, create_org};

fn creation() -> Value {
    request("POST /v1/orgs", &[], &person("ann"), Some(&json!({"name": "Acme"})))
}

fn errors(logs: &str) -> Vec<Value> {
    let lines = logs.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["level"] == "ERROR").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_table_is_named_in_the_log_and_not_in_the_response() {
    let Some(env) = Environment::connect().await else { return };
    let create = env.start_with("create_org", &[("CORE_TABLE", "not-there")]).await;
    let (ready, pid) = (create.ready().await, create.pid());
    assert!(!ready.is_zero());
    for _ in 0..2 {
        let body = create.expect(500, &creation()).await;
        assert_eq!(
            (&body["code"], &body["request_id"]),
            (&json!("internal_error"), &json!("request of POST /v1/orgs"))
        );
        assert!(
            !body.to_string().contains("not-there") && !body.to_string().contains("DynamoDB"),
            "{body}"
        );
    }
    let errors = errors(&create.logs());
    assert_eq!(errors.len(), 2);
    assert!(errors[0].to_string().contains("ResourceNotFoundException"), "{}", errors[0]);
    assert_eq!(errors[0]["span"]["request_id"], "request of POST /v1/orgs");
    assert_eq!(create.pid(), pid);
    assert!(create.logs().contains(r#""InternalErrors":1"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_500_and_the_process_keeps_running() {
    let Some(env) = Environment::connect().await else { return };
    let panics = env.start("panics").await;
    for _ in 0..2 {
        let body = panics.expect(500, &creation()).await;
        assert_eq!(
            (&body["code"], &body["request_id"]),
            (&json!("internal_error"), &json!("request of POST /v1/orgs"))
        );
        assert!(!body.to_string().contains("a detail"), "{body}");
    }
    assert!(panics.logs().contains("a detail of request of POST /v1/orgs"), "{}", panics.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_by_the_database_is_a_503() {
    let Some(env) = Environment::connect().await else { return };
    let throttled = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#;
    let url = answering(400, "application/x-amz-json-1.0", throttled, false).await;
    let create = env.start_with("create_org", &[("AWS_ENDPOINT_URL_DYNAMODB", &url)]).await;
    let Outcome::Response(answer) = create.invoke(&creation()).await else {
        panic!("{}", create.logs())
    };
    assert_eq!(
        (&answer["statusCode"], answer["headers"]["retry-after"].is_string()),
        (&json!(503), true),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_the_database_times_out_before_lambda_does() {
    let Some(env) = Environment::connect().await else { return };
    let url = answering(200, "application/json", "{}", true).await;
    let create = env.start_with("create_org", &[("AWS_ENDPOINT_URL_DYNAMODB", &url)]).await;
    create.ready().await;
    // `invoke` waits for Lambda's timeout.
    assert_eq!(create.expect(503, &creation()).await["code"], "contention");
    assert_eq!(create.expect(503, &creation()).await["code"], "contention");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_difference_is_a_metric_and_an_error_that_names_the_organization() {
    let Some(env) = Environment::connect().await else { return };
    let (org, reconcile) = (create_org(&env).await, env.start("reconcile_counts").await);
    let mut item = env
        .partition(&format!("ORG#{org}"))
        .await
        .into_iter()
        .find(|item| item["SK"]["S"] == "META")
        .unwrap();
    item["owner_count"] = json!({"N": "2"});
    env.put(&item).await;
    let Outcome::Response(_) = reconcile.invoke(&json!({"source": "aws.events"})).await else {
        panic!("{}", reconcile.logs())
    };
    let errors = errors(&reconcile.logs());
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["fields"]["org_id"], org);
    assert!(reconcile.logs().contains(r#""CountDifferences":1"#), "{}", reconcile.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_type_is_an_error_and_the_process_keeps_running() {
    let Some(env) = Environment::connect().await else { return };
    let health = env.start("health").await;
    let outcome = health.invoke(&json!({"Records": []})).await;
    let Outcome::Error(error) = outcome else { panic!("{outcome:?}") };
    assert!(
        error["errorMessage"]
            .as_str()
            .unwrap()
            .contains("expects a JSON payload from Amazon API Gateway"),
        "{error}"
    );
    health.expect(200, &request("GET /v1/health", &[], &Value::Null, None)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_setting_stops_the_function_and_is_named_in_the_log() {
    let Some(env) = Environment::connect().await else { return };
    let mut create = env.start_with("create_org", &[("USAGE_SHARDS", "many")]).await;
    assert!(!create.ended().success());
    assert!(
        create.logs().contains("the setting USAGE_SHARDS must be a whole number"),
        "{}",
        create.logs()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_handler_stops_the_function_and_is_named_in_the_log() {
    let Some(env) = Environment::connect().await else { return };
    let mut nothing = env.start("nothing").await;
    assert!(!nothing.ended().success());
    assert!(nothing.logs().contains("no action is named `nothing`"), "{}", nothing.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_function_ends_on_sigterm() {
    let Some(env) = Environment::connect().await else { return };
    let mut health = env.start("health").await;
    health.expect(200, &request("GET /v1/health", &[], &Value::Null, None)).await;
    assert!(
        Command::new("kill").args(["-TERM", &health.pid().to_string()]).status().unwrap().success()
    );
    health.ended();
    assert!(errors(&health.logs()).is_empty(), "{}", health.logs());
}
