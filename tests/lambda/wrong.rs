//! What goes wrong on Lambda: each time a clear line in the log, an answer, and a process that
//! lives on.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::place::{Place, person, request};
use super::runtime::Outcome;
use super::{an_org, inserted, invited, message, ordered, through_sns};

/// A server that answers every call with this, and waits before it for ever where it is told to.
async fn answering(status: u16, content_type: &'static str, body: &str, never: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = body.to_owned();
    let router = Router::new().fallback(move || async move {
        if never {
            std::future::pending::<()>().await;
        }
        (StatusCode::from_u16(status).unwrap(), [("content-type", content_type)], body)
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn creation() -> Value {
    request("POST /v1/orgs", &[], &person("ann"), Some(&json!({"name": "Acme"})))
}

fn errors(logs: &str) -> Vec<Value> {
    let lines = logs.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["level"] == "ERROR").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_not_there_is_said_in_the_log_and_not_to_the_caller() {
    let Some(place) = Place::here().await else { return };
    let create = place.start_with("create_org", &[("CORE_TABLE", "not-there")]).await;
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
async fn a_panic_is_an_answer_and_the_process_lives() {
    let Some(place) = Place::here().await else { return };
    let panics = place.start("panics").await;
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
async fn a_database_that_throttles_is_a_busy_one() {
    let Some(place) = Place::here().await else { return };
    let throttled = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#;
    let url = answering(400, "application/x-amz-json-1.0", throttled, false).await;
    let create = place.start_with("create_org", &[("AWS_ENDPOINT_URL_DYNAMODB", &url)]).await;
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
async fn a_database_that_never_answers_is_given_up_before_lambda_gives_up() {
    let Some(place) = Place::here().await else { return };
    let url = answering(200, "application/json", "{}", true).await;
    let create = place.start_with("create_org", &[("AWS_ENDPOINT_URL_DYNAMODB", &url)]).await;
    create.ready().await;
    // `invoke` waits as long as Lambda would.
    assert_eq!(create.expect(503, &creation()).await["code"], "contention");
    assert_eq!(create.expect(503, &creation()).await["code"], "contention");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_refuses_fails_and_one_that_the_account_may_not_send_now_comes_again() {
    let Some(place) = Place::here().await else { return };
    let org = an_org(&place).await;
    let refusals = [
        (
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region US-EAST-1: bob@example.com",
            "failed",
        ),
        ("AccountSendingPausedException", "Sending is paused for this account", "queued"),
        ("MailFromDomainNotVerifiedException", "The MAIL FROM domain is not verified", "queued"),
        (
            "AccessDenied",
            "User is not authorized to perform ses:SendRawEmail on resource bob@example.com",
            "queued",
        ),
    ];
    for (at, (code, text, delivery)) in refusals.into_iter().enumerate() {
        let xml = format!(
            "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        );
        let url = answering(400, "text/xml", &xml, false).await;
        let order = invited(&place, &org, &format!("bob{at}@example.com")).await;
        let deliver =
            place.start_with("deliver_invitation", &[("AWS_ENDPOINT_URL_SES", &url)]).await;
        let Outcome::Response(failures) =
            deliver.invoke(&json!({"Records": [message(&order, "m1")]})).await
        else {
            panic!("{}", deliver.logs())
        };
        let again =
            if delivery == "queued" { json!([{"itemIdentifier": "m1"}]) } else { json!([]) };
        assert_eq!(failures, json!({"batchItemFailures": again}), "{code}");
        let item = place
            .partition(&format!("ORG#{org}"))
            .await
            .into_iter()
            .rfind(|item| item["SK"]["S"].as_str().unwrap().starts_with("INV#"))
            .unwrap();
        assert_eq!(item["delivery"]["S"], delivery, "{code}");
        let logs = deliver.logs();
        assert!(logs.contains(code) && !logs.contains("bob"), "{logs}");
        assert!(logs.contains(r#""MailFailures":1"#), "{logs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_given_up_is_sent_when_its_request_comes_back_unless_its_address_was_blocked()
 {
    let Some(place) = Place::here().await else { return };
    place.moto("ses", "VerifyEmailIdentity", &[("EmailAddress", "team@example.com")]).await;
    let org = an_org(&place).await;
    let invitations = async || -> Vec<Value> {
        let items = place.partition(&format!("ORG#{org}")).await;
        items
            .into_iter()
            .filter(|item| item["SK"]["S"].as_str().unwrap().starts_with("INV#"))
            .collect()
    };
    let [bob, eve] = ["bob", "eve"].map(|name| format!("{name}.{org}@example.com"));
    let mut messages = Vec::new();
    for (email, id) in [(&bob, "m1"), (&eve, "m2")] {
        let mut order = invited(&place, &org, email).await;
        order["dynamodb"]["NewImage"]["at"] = json!({"S": "2026-01-01T00:00:00Z"});
        messages.push(message(&order, id));
    }
    let url = answering(503, "text/xml", "", false).await;
    let deliver = place.start_with("deliver_invitation", &[("AWS_ENDPOINT_URL_SES", &url)]).await;
    let Outcome::Response(failures) = deliver.invoke(&json!({"Records": messages})).await else {
        panic!("{}", deliver.logs())
    };
    assert_eq!(
        failures,
        json!({"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]})
    );
    assert!(invitations().await.iter().all(|item| item["delivery"]["S"] == "failed"));

    let second = invitations()
        .await
        .into_iter()
        .find(|item| item["email"].to_string().contains("eve"))
        .unwrap();
    let id = second["SK"]["S"].as_str().unwrap().strip_prefix("INV#").unwrap().to_owned();
    let report = json!({
        "eventType": "Complaint", "complaint": {},
        "mail": {"destination": [eve], "tags": {"org_id": [org], "invitation_id": [id], "send_seq": ["1"]}},
    });
    let feedback = through_sns(&place, &format!("{org}-blocked"), &report).await;
    let record = place.start("record_delivery").await;
    assert!(matches!(record.invoke(&feedback).await, Outcome::Response(_)), "{}", record.logs());

    let deliver = place.start("deliver_invitation").await;
    let Outcome::Response(failures) = deliver.invoke(&json!({"Records": messages})).await else {
        panic!("{}", deliver.logs())
    };
    assert_eq!(failures, json!({"batchItemFailures": []}), "{}", deliver.logs());
    assert_eq!((place.mails(&bob).await.len(), place.mails(&eve).await.len()), (1, 0));
    let sent = |email: &str, items: &[Value]| {
        items.iter().find(|item| item["email"].to_string().contains(email)).unwrap()["delivery"]["S"].clone()
    };
    let items = invitations().await;
    assert_eq!((sent("bob", &items), sent("eve", &items)), (json!("sent"), json!("complained")));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_message_does_not_hold_up_the_others() {
    let Some(place) = Place::here().await else { return };
    place.moto("ses", "VerifyEmailIdentity", &[("EmailAddress", "team@example.com")]).await;
    let org = an_org(&place).await;
    let email = format!("bob.{org}@example.com");
    let good = invited(&place, &org, &email).await;
    let mut poison = message(&good, "m2");
    poison["body"] = json!("many");
    let deliver = place.start("deliver_invitation").await;
    let Outcome::Response(failures) =
        deliver.invoke(&json!({"Records": [poison, message(&good, "m1")]})).await
    else {
        panic!("{}", deliver.logs())
    };
    // SQS hands it over again, and puts it aside in the end.
    assert_eq!(failures, json!({"batchItemFailures": [{"itemIdentifier": "m2"}]}));
    assert_eq!(place.mails(&email).await.len(), 1);
    let logs = deliver.logs();
    assert!(
        logs.contains("the message is not a request for a mail")
            && logs.contains(r#""FailedRecords":1"#),
        "{logs}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_the_bus_does_not_take_come_again() {
    let Some(place) = Place::here().await else { return };
    let org = an_org(&place).await;
    let change = ordered(&place, &org).await;
    let mut poison = inserted(&change["dynamodb"]["NewImage"], "200");
    poison["dynamodb"]["NewImage"]["at"] = json!({"S": "yesterday"});
    let refusal = r#"{"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException","ErrorMessage":"slow down"}]}"#;
    for (url, failed) in [
        (answering(200, "application/x-amz-json-1.1", refusal, false).await, json!(["200", "100"])),
        (answering(500, "application/x-amz-json-1.1", "{}", false).await, json!(["200", "100"])),
        (
            answering(
                200,
                "application/x-amz-json-1.1",
                r#"{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}"#,
                false,
            )
            .await,
            json!(["200"]),
        ),
    ] {
        let publish =
            place.start_with("publish_events", &[("AWS_ENDPOINT_URL_EVENTBRIDGE", &url)]).await;
        let Outcome::Response(failures) =
            publish.invoke(&json!({"Records": [change, poison]})).await
        else {
            panic!("{}", publish.logs())
        };
        let numbers: Vec<&Value> = failures["batchItemFailures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|failure| &failure["itemIdentifier"])
            .collect();
        assert_eq!(json!(numbers), failed, "{}", publish.logs());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_bus_refuses_keeps_no_other_back() {
    let Some(place) = Place::here().await else { return };
    let org = an_org(&place).await;
    let change = ordered(&place, &org).await;
    let numbered = |number: &str| {
        let mut image = change["dynamodb"]["NewImage"].clone();
        image["request_id"] = json!({"S": format!("request {number}")});
        inserted(&image, number)
    };
    // It refuses any call that has the second one.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(|body: String| async move {
        if body.contains("request 200") {
            return (
                StatusCode::BAD_REQUEST,
                r#"{"__type":"ValidationException","message":"too large"}"#.to_owned(),
            );
        }
        let entries = body.matches("DetailType").count();
        (
            StatusCode::OK,
            json!({"FailedEntryCount": 0, "Entries": vec![json!({"EventId": "e"}); entries]})
                .to_string(),
        )
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let publish =
        place.start_with("publish_events", &[("AWS_ENDPOINT_URL_EVENTBRIDGE", &url)]).await;
    let records: Vec<Value> = ["100", "200", "300"].map(numbered).into();
    let Outcome::Response(failures) = publish.invoke(&json!({"Records": records})).await else {
        panic!("{}", publish.logs())
    };
    assert_eq!(
        failures,
        json!({"batchItemFailures": [{"itemIdentifier": "200"}]}),
        "{}",
        publish.logs()
    );
    assert!(publish.logs().contains("EventBridge rejected an event"), "{}", publish.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_a_time_are_published_again_as_they_were() {
    let Some(place) = Place::here().await else { return };
    let (first, second) = (an_org(&place).await, an_org(&place).await);
    invited(&place, &first, "bob@example.com").await;
    let records = place.partition(&format!("ORG#{first}#AUD")).await;
    let seen = Arc::new(Mutex::new(Vec::<Value>::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let kept = Arc::clone(&seen);
    // The first call's first entry is not taken, so it has to come again.
    let router = Router::new().fallback(move |body: String| async move {
        let body: Value = serde_json::from_str(&body).unwrap();
        let mut kept = kept.lock().unwrap();
        let is_first = kept.is_empty();
        kept.push(json!("call"));
        let outcomes: Vec<Value> = body["Entries"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .map(|(at, entry)| {
                if is_first && at == 0 {
                    return json!({"ErrorCode": "ThrottlingException"});
                }
                kept.push(entry.clone());
                json!({"EventId": "e"})
            })
            .collect();
        Json(json!({"FailedEntryCount": usize::from(is_first), "Entries": outcomes}))
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let span = ["--from", "2026-01-01T00:00:00Z", "--to", "2100-01-01T00:00:00Z"];
    let with = |more: &[&str]| {
        let arguments: Vec<&str> = span.iter().chain(more).copied().collect();
        tokio::task::block_in_place(|| place.republish(&url, &arguments))
    };
    assert_eq!(with(&["--dry-run"]), ("3 changes would be published\n".to_owned(), true));
    assert!(seen.lock().unwrap().is_empty());
    assert_eq!(with(&["--org", &first]), ("2 changes published\n".to_owned(), true));
    let mut details: Vec<Value> = seen
        .lock()
        .unwrap()
        .iter()
        .filter(|entry| entry.is_object())
        .map(|entry| {
            assert_eq!(
                (&entry["Source"], &entry["Resources"]),
                (&json!("organizations"), &json!([first]))
            );
            let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
            assert_eq!(entry["DetailType"], detail["action"]);
            detail
        })
        .collect();
    details.sort_by_key(|detail| detail["id"].to_string());
    let ids: Vec<&Value> = records.iter().map(|record| &record["id"]["S"]).collect();
    assert_eq!(details.iter().map(|detail| &detail["id"]).collect::<Vec<_>>(), ids);
    // What the stack publishes is what the API's records are.
    for detail in &details {
        let record: orgs_runtime::domain::audit::AuditRecord =
            serde_json::from_value(detail.clone()).unwrap();
        assert_eq!(&serde_json::to_value(record).unwrap(), detail);
    }
    assert_eq!(with(&["--org", &second]).0, "1 changes published\n");
    let none = ["--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T00:00:01Z"];
    assert_eq!(
        tokio::task::block_in_place(|| place.republish(&url, &none)),
        ("0 changes published\n".to_owned(), true)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_a_metric_and_an_error_that_names_the_organization() {
    let Some(place) = Place::here().await else { return };
    let (org, reconcile) = (an_org(&place).await, place.start("reconcile").await);
    let mut item = place
        .partition(&format!("ORG#{org}"))
        .await
        .into_iter()
        .find(|item| item["SK"]["S"] == "META")
        .unwrap();
    item["owner_count"] = json!({"N": "2"});
    place.put(&item).await;
    let Outcome::Response(_) = reconcile.invoke(&json!({"source": "aws.events"})).await else {
        panic!("{}", reconcile.logs())
    };
    let errors = errors(&reconcile.logs());
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["fields"]["org_id"], org);
    assert!(reconcile.logs().contains(r#""CountDifferences":1"#), "{}", reconcile.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_kind_is_an_error_that_says_so_and_the_process_lives() {
    let Some(place) = Place::here().await else { return };
    let health = place.start("health").await;
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
async fn a_setting_that_is_not_usable_stops_it_by_name() {
    let Some(place) = Place::here().await else { return };
    let mut create = place.start_with("create_org", &[("USAGE_SHARDS", "many")]).await;
    assert!(!create.ended().success());
    assert!(
        create.logs().contains("the setting USAGE_SHARDS is not a whole number"),
        "{}",
        create.logs()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_names_no_action_stops_it_by_name() {
    let Some(place) = Place::here().await else { return };
    let mut nothing = place.start("nothing").await;
    assert!(!nothing.ended().success());
    assert!(nothing.logs().contains("no action is named `nothing`"), "{}", nothing.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_when_lambda_ends_it() {
    let Some(place) = Place::here().await else { return };
    let mut health = place.start("health").await;
    health.expect(200, &request("GET /v1/health", &[], &Value::Null, None)).await;
    assert!(
        Command::new("kill").args(["-TERM", &health.pid().to_string()]).status().unwrap().success()
    );
    health.ended();
    assert!(errors(&health.logs()).is_empty(), "{}", health.logs());
}
