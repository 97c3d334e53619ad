//! Failures of SES and EventBridge: the record that failed is retried, and the others of its batch
//! are delivered.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::environment::Environment;
use super::runtime::Outcome;
use super::{answering, create_org, inserted, invited, message, newest_change, through_sns};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_rejects_fails_and_a_mail_that_the_account_may_not_send_is_retried() {
    let Some(env) = Environment::connect().await else { return };
    let org = create_org(&env).await;
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
        let order = invited(&env, &org, &format!("bob{at}@example.com")).await;
        let deliver = env.start_with("send_mail", &[("AWS_ENDPOINT_URL_SES", &url)]).await;
        let Outcome::Response(failures) =
            deliver.invoke(&json!({"Records": [message(&order, "m1")]})).await
        else {
            panic!("{}", deliver.logs())
        };
        let again =
            if delivery == "queued" { json!([{"itemIdentifier": "m1"}]) } else { json!([]) };
        assert_eq!(failures, json!({"batchItemFailures": again}), "{code}");
        let item = env
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
async fn a_redriven_mail_is_sent_unless_its_address_was_blocked() {
    let Some(env) = Environment::connect().await else { return };
    env.moto("ses", "VerifyEmailIdentity", &[("EmailAddress", "team@example.com")]).await;
    let org = create_org(&env).await;
    let invitations = async || -> Vec<Value> {
        let items = env.partition(&format!("ORG#{org}")).await;
        items
            .into_iter()
            .filter(|item| item["SK"]["S"].as_str().unwrap().starts_with("INV#"))
            .collect()
    };
    let [bob, eve] = ["bob", "eve"].map(|name| format!("{name}.{org}@example.com"));
    let mut messages = Vec::new();
    for (email, id) in [(&bob, "m1"), (&eve, "m2")] {
        let mut order = invited(&env, &org, email).await;
        order["dynamodb"]["NewImage"]["at"] = json!({"S": "2026-01-01T00:00:00Z"});
        messages.push(message(&order, id));
    }
    let url = answering(503, "text/xml", "", false).await;
    let deliver = env.start_with("send_mail", &[("AWS_ENDPOINT_URL_SES", &url)]).await;
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
    let feedback = through_sns(&env, &format!("{org}-blocked"), &report).await;
    let record = env.start("record_mail_feedback").await;
    assert!(matches!(record.invoke(&feedback).await, Outcome::Response(_)), "{}", record.logs());

    let deliver = env.start("send_mail").await;
    let Outcome::Response(failures) = deliver.invoke(&json!({"Records": messages})).await else {
        panic!("{}", deliver.logs())
    };
    assert_eq!(failures, json!({"batchItemFailures": []}), "{}", deliver.logs());
    assert_eq!((env.mails(&bob).await.len(), env.mails(&eve).await.len()), (1, 0));
    let sent = |email: &str, items: &[Value]| {
        items.iter().find(|item| item["email"].to_string().contains(email)).unwrap()["delivery"]["S"].clone()
    };
    let items = invitations().await;
    assert_eq!((sent("bob", &items), sent("eve", &items)), (json!("sent"), json!("complained")));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_message_does_not_delay_the_others() {
    let Some(env) = Environment::connect().await else { return };
    env.moto("ses", "VerifyEmailIdentity", &[("EmailAddress", "team@example.com")]).await;
    let org = create_org(&env).await;
    let email = format!("bob.{org}@example.com");
    let good = invited(&env, &org, &email).await;
    let mut poison = message(&good, "m2");
    poison["body"] = json!("many");
    let deliver = env.start("send_mail").await;
    let Outcome::Response(failures) =
        deliver.invoke(&json!({"Records": [poison, message(&good, "m1")]})).await
    else {
        panic!("{}", deliver.logs())
    };
    // SQS delivers the message again, and moves it to the dead-letter queue in the end.
    assert_eq!(failures, json!({"batchItemFailures": [{"itemIdentifier": "m2"}]}));
    assert_eq!(env.mails(&email).await.len(), 1);
    let logs = deliver.logs();
    assert!(
        logs.contains("the message is not a request for a mail")
            && logs.contains(r#""FailedRecords":1"#),
        "{logs}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_eventbridge_does_not_accept_are_retried() {
    let Some(env) = Environment::connect().await else { return };
    let org = create_org(&env).await;
    let change = newest_change(&env, &org).await;
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
            env.start_with("publish_events", &[("AWS_ENDPOINT_URL_EVENTBRIDGE", &url)]).await;
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
async fn an_event_that_eventbridge_rejects_does_not_delay_the_others() {
    let Some(env) = Environment::connect().await else { return };
    let org = create_org(&env).await;
    let change = newest_change(&env, &org).await;
    let numbered = |number: &str| {
        let mut image = change["dynamodb"]["NewImage"].clone();
        image["request_id"] = json!({"S": format!("request {number}")});
        inserted(&image, number)
    };
    // The server rejects every call that contains the second event.
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
    let publish = env.start_with("publish_events", &[("AWS_ENDPOINT_URL_EVENTBRIDGE", &url)]).await;
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
async fn the_changes_of_a_period_are_republished_unchanged() {
    let Some(env) = Environment::connect().await else { return };
    let (first, second) = (create_org(&env).await, create_org(&env).await);
    invited(&env, &first, "bob@example.com").await;
    let records = env.partition(&format!("ORG#{first}#AUD")).await;
    let seen = Arc::new(Mutex::new(Vec::<Value>::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let kept = Arc::clone(&seen);
    // The server rejects the first entry of the first call, so the script must send it again.
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
        tokio::task::block_in_place(|| env.republish(&url, &arguments))
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
    // The script publishes the same records that the API returns.
    for detail in &details {
        let record: orgs_domain::audit::AuditRecord =
            serde_json::from_value(detail.clone()).unwrap();
        assert_eq!(&serde_json::to_value(record).unwrap(), detail);
    }
    assert_eq!(with(&["--org", &second]).0, "1 changes published\n");
    let none = ["--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T00:00:01Z"];
    assert_eq!(
        tokio::task::block_in_place(|| env.republish(&url, &none)),
        ("0 changes published\n".to_owned(), true)
    );
}
