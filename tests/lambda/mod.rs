//! Runs the release binaries as Lambda does: against the Runtime API, with the events that API
//! Gateway, DynamoDB Streams, SQS and SNS send.
//!
//! The environment variables `ORGS_TEST_BINARIES` (a directory), `ORGS_TEST_DYNAMODB` (a URL) and
//! `ORGS_TEST_MOTO` (the URL of a moto server) are required. `.ci/run` sets them.

mod delivery_failures;
mod environment;
mod failures;
mod runtime;

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use environment::{Environment, person, request, root};
use runtime::Outcome;

/// Returns the stream record of a new item.
fn inserted(item: &Value, sequence: &str) -> Value {
    json!({
        "eventID": sequence, "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/core/stream/2026-01-01T00:00:00.000",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_521_600, "Keys": {"PK": item["PK"], "SK": item["SK"]}, "NewImage": item,
            "SequenceNumber": sequence, "SizeBytes": 500, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    })
}

/// Returns the stream record of the newest audit record of an organization.
async fn newest_change(env: &Environment, org: &str) -> Value {
    inserted(env.partition(&format!("ORG#{org}#AUD")).await.last().unwrap(), "100")
}

/// Creates an organization that `ann` owns, and returns its id.
async fn create_org(env: &Environment) -> String {
    let create = env.start("create_org").await;
    let org = create
        .expect(201, &request("POST /v1/orgs", &[], &person("ann"), Some(&json!({"name": "Acme"}))))
        .await;
    org["id"].as_str().unwrap().to_owned()
}

/// Returns the message of the mail queue for the change in a stream record, as the event source
/// mapping passes it.
fn message(record: &Value, id: &str) -> Value {
    let image = &record["dynamodb"]["NewImage"];
    let text = |name: &str| image[name]["S"].clone();
    let mail = &image["mail"]["M"];
    let send_seq: u32 = mail["send_seq"]["N"].as_str().unwrap().parse().unwrap();
    let body = json!({
        "org_id": text("org_id"), "audit_id": text("id"), "at": text("at"),
        "mail": {"invitation_id": mail["invitation_id"]["S"], "send_seq": send_seq},
    });
    json!({
        "messageId": id, "receiptHandle": "handle", "body": body.to_string(), "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:organizations-mail", "messageAttributes": {},
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795521600000", "SenderId": "events", "ApproximateFirstReceiveTimestamp": "1795521600001"},
    })
}

/// Invites an address, and returns the stream record that requests the mail.
async fn invited(env: &Environment, org: &str, email: &str) -> Value {
    let invite = env.start("invite_member").await;
    let event = request(
        "POST /v1/orgs/{org_id}/invitations",
        &[("org_id", org)],
        &person("ann"),
        Some(&json!({"email": email})),
    );
    invite.expect(201, &event).await;
    newest_change(env, org).await
}

/// Starts a server that sends this response to every call, or never responds. Returns its URL.
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

/// Returns the text of an XML element.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let text = xml
        .split(&format!("<{name}>"))
        .nth(1)
        .and_then(|rest| rest.split(&format!("</{name}>")).next());
    text.unwrap_or_else(|| panic!("no {name} in {xml}"))
}

/// Returns the event that Lambda receives when SES publishes a report to an SNS topic. The emulated
/// SNS builds the envelope, and a subscribed queue makes it readable.
async fn through_sns(env: &Environment, name: &str, report: &Value) -> Value {
    let topic = env.moto("sns", "CreateTopic", &[("Name", name)]).await;
    let topic = element(&topic, "TopicArn");
    let queue = env.moto("sqs", "CreateQueue", &[("QueueName", name)]).await;
    let queue = element(&queue, "QueueUrl");
    let account = topic.split(':').nth(4).unwrap();
    let arn = format!("arn:aws:sqs:us-east-1:{account}:{name}");
    env.moto("sns", "Subscribe", &[("TopicArn", topic), ("Protocol", "sqs"), ("Endpoint", &arn)])
        .await;
    env.moto("sns", "Publish", &[("TopicArn", topic), ("Message", &report.to_string())]).await;
    let received = env.moto("sqs", "ReceiveMessage", &[("QueueUrl", queue)]).await;
    let envelope = element(&received, "Body")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let mut sns: Value = serde_json::from_str(&envelope).unwrap();
    assert_eq!((&sns["Type"], &sns["TopicArn"]), (&json!("Notification"), &json!(topic)));
    // Lambda spells these fields differently from the SNS envelope.
    for (from, to) in [("SigningCertURL", "SigningCertUrl"), ("UnsubscribeURL", "UnsubscribeUrl")] {
        let value = sns.as_object_mut().unwrap().remove(from).unwrap();
        sns[to] = value;
    }
    sns["MessageAttributes"] = json!({});
    json!({"Records": [{"EventVersion": "1.0", "EventSubscriptionArn": format!("{topic}:1"), "EventSource": "aws:sns", "Sns": sns}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_workflow_runs_from_creating_an_organization_to_its_usage() {
    let Some(env) = Environment::connect().await else { return };
    env.moto("ses", "VerifyEmailIdentity", &[("EmailAddress", "team@example.com")]).await;
    let org = create_org(&env).await;
    let email = format!("bob.{org}@example.com");
    let order = invited(&env, &org, &email).await;

    let deliver = env.start("send_mail").await;
    let Outcome::Response(failures) =
        deliver.invoke(&json!({"Records": [message(&order, "m1")]})).await
    else {
        panic!("{}", deliver.logs())
    };
    assert_eq!(failures, json!({"batchItemFailures": []}), "{}", deliver.logs());
    let mails = env.mails(&email).await;
    assert_eq!(mails.len(), 1, "{}", deliver.logs());
    let mail = mails[0].replace("=\r\n", "").replace("=\n", "");
    let token = mail
        .split("inv1.")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect::<String>();
    let token = json!({"token": format!("inv1.{token}")});

    let publish = env.start("publish_events").await;
    let Outcome::Response(failures) = publish.invoke(&json!({"Records": [order]})).await else {
        panic!("{}", publish.logs())
    };
    assert_eq!(failures, json!({"batchItemFailures": []}), "{}", publish.logs());

    let preview = env.start("preview_invitation").await;
    assert_eq!(
        preview
            .expect(200, &request("POST /v1/invitations/preview", &[], &Value::Null, Some(&token)))
            .await["org"]["name"],
        "Acme"
    );
    let bob = json!({"sub": "bob", "email": email, "email_verified": "true", "name": "Bob"});
    let accept = env.start("accept_invitation").await;
    accept.expect(200, &request("POST /v1/invitations/accept", &[], &bob, Some(&token))).await;
    let change = env.start("change_role").await;
    let path = [("org_id", org.as_str()), ("user_id", "bob")];
    let role = json!({"role": "administrator"});
    change
        .expect(
            200,
            &request(
                "PATCH /v1/orgs/{org_id}/members/{user_id}",
                &path,
                &person("ann"),
                Some(&role),
            ),
        )
        .await;
    assert_eq!(
        change
            .expect(
                403,
                &request(
                    "PATCH /v1/orgs/{org_id}/members/{user_id}",
                    &path,
                    &bob,
                    Some(&json!({"role": "owner"}))
                )
            )
            .await["code"],
        "owner_grant"
    );

    let record = env.start("record_usage").await;
    let now = orgs_domain::Clock::system().now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let events = json!({"events": [{"id": "e1", "timestamp": now, "kind": "chat", "credits": "0.25"}, {"id": "e1", "timestamp": now, "kind": "chat", "credits": "0.25"}]});
    let meter = json!({"sub": "meter", "client_id": "meter", "scope": "usage:write"});
    let path = [("org_id", org.as_str())];
    let recorded = record
        .expect(200, &request("POST /v1/orgs/{org_id}/usage/events", &path, &meter, Some(&events)))
        .await;
    assert_eq!((&recorded["accepted"], &recorded["duplicates"]), (&json!(1), &json!(1)));
    let query = env.start("query_usage").await;
    assert_eq!(
        query.expect(200, &request("GET /v1/orgs/{org_id}/usage", &path, &bob, None)).await["total"],
        json!({"credits": "0.25", "events": 1})
    );

    let invitation = env.partition(&format!("ORG#{org}")).await;
    let invitation =
        invitation.iter().find_map(|item| item["SK"]["S"].as_str()?.strip_prefix("INV#")).unwrap();
    let report = json!({
        "eventType": "Bounce", "bounce": {"bounceType": "Permanent"},
        "mail": {"destination": [email], "tags": {"org_id": [org], "invitation_id": [invitation], "send_seq": ["1"]}},
    });
    let feedback = through_sns(&env, &org, &report).await;
    let delivery = env.start("record_mail_feedback").await;
    assert!(
        matches!(delivery.invoke(&feedback).await, Outcome::Response(_)),
        "{}",
        delivery.logs()
    );
    let invitation = env
        .partition(&format!("ORG#{org}"))
        .await
        .into_iter()
        .find(|item| item["SK"]["S"].as_str().unwrap().starts_with("INV#"))
        .unwrap();
    assert_eq!(invitation["delivery"]["S"], "bounced");

    // Every request logs a line of JSON and a line of metrics, without addresses and secrets.
    for (lambda, name) in
        [(&accept, "accept_invitation"), (&deliver, "send_mail"), (&preview, "preview_invitation")]
    {
        let lines: Vec<Value> =
            lambda.logs().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().any(|line| line["span"]["function"] == name), "{lines:?}");
        let measured = lines.iter().find(|line| line["_aws"].is_object()).unwrap();
        assert_eq!(measured["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Organizations/test");
        assert_eq!(measured["ColdStarts"], 1);
        let text = lambda.logs();
        assert!(!text.contains('@') && !text.contains("inv1."), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_functions_answer_the_sample_events_of_api_gateway() {
    let Some(env) = Environment::connect().await else { return };
    let metadata = std::process::Command::new(env!("CARGO"))
        // Crates for other platforms may not be downloaded.
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform"])
        .arg(format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "aws_lambda_events")
        .unwrap();
    let fixtures = std::path::Path::new(package["manifest_path"].as_str().unwrap())
        .parent()
        .unwrap()
        .join("src/fixtures");
    let (health, me) = (env.start("health").await, env.start("get_me").await);
    let mut samples = 0;
    for entry in std::fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with("example-apigw-v2-request") {
            continue;
        }
        samples += 1;
        let event: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(health.answer(&event).await.0, 200, "{name}");
        // None of the samples has a subject.
        assert_eq!(me.answer(&event).await.0, 401, "{name}");
        let mut with_subject = event.clone();
        with_subject["requestContext"]["authorizer"] =
            json!({"jwt": {"claims": {"sub": "auth0|1"}, "scopes": null}});
        assert_eq!(me.expect(200, &with_subject).await["user_id"], "auth0|1", "{name}");
    }
    assert!(samples >= 5, "{samples}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base64_body_a_stage_and_encoded_parameters_are_decoded() {
    let Some(env) = Environment::connect().await else { return };
    let create = env.start("create_org").await;
    let somebody = json!({"sub": "auth0|a b", "email": "ann@example.com", "email_verified": "true", "name": "Ann"});
    let mut event = request("POST /v1/orgs", &[], &somebody, None);
    event["body"] = json!("eyJuYW1lIjoiQWNtZSJ9");
    event["isBase64Encoded"] = json!(true);
    event["cookies"] = json!(["a=b", "c=d"]);
    let org = create.expect(201, &event).await;
    let member = env.start("get_member").await;
    let path = [("org_id", org["id"].as_str().unwrap()), ("user_id", "auth0|a b")];
    let mut event = request("GET /v1/orgs/{org_id}/members/{user_id}", &path, &somebody, None);
    event["requestContext"]["stage"] = json!("live");
    event["rawPath"] = json!(format!("/live{}", event["rawPath"].as_str().unwrap()));
    event["headers"]["x-many"] = json!("a,b");
    event["rawQueryString"] = json!("q=a%20b&q=%zz&x=\u{0}");
    event["queryStringParameters"] = json!({"q": "a b,%zz"});
    assert_eq!(member.expect(200, &event).await["user_id"], "auth0|a b");
    for odd in ["not base64!", ""] {
        let mut event = request("POST /v1/orgs", &[], &person("ann"), None);
        event["body"] = json!(odd);
        event["isBase64Encoded"] = json!(true);
        assert_eq!(create.expect(400, &event).await["code"], "malformed_json");
    }
}
