//! The development host: its own routes, and the data that it keeps.

mod external_issuer;

use orgs_local::{Data, Host, HostOptions, cors};
use orgs_runtime::Settings;
use serde_json::{Value, json};

use crate::world::{Options, World, suite};

#[tokio::test]
async fn the_host_prints_the_environment_for_a_function_outside_it() {
    let world = World::start().await;
    let environment = reqwest::get(format!("{}/local/environment", world.host.url()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let lines: std::collections::BTreeMap<&str, &str> =
        environment.lines().map(|line| line.split_once('=').unwrap()).collect();
    assert_eq!(
        (lines["AWS_ENDPOINT_URL_DYNAMODB"], lines["PUBLIC_URL"]),
        (world.host.dynamo_url(), world.host.url())
    );
    assert_eq!(
        [lines["CORE_TABLE"], lines["USAGE_TABLE"]],
        [&world.host.tables()[0], &world.host.tables()[1]].map(String::as_str)
    );
}

#[tokio::test]
async fn data_in_a_file_is_available_after_a_restart() {
    if suite("ORGS_TEST_DYNAMODB").is_some() {
        // An external DynamoDB manages its own data.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = Data::File(folder.path().join("new/folder/data.db"));
    let world = World::with(Options { data: data.clone(), ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.advance_days(3).await;
    let before = crate::usage::now(&world).await;
    world.host.stop().await;

    let world = World::with(Options { data, ..Options::default() }).await;
    let ann = world.user("ann").await;
    assert_eq!(ann.get(&format!("/v1/orgs/{org}")).await.expect(200)["name"], "Acme");
    assert_eq!(world.mails("bob@example.com").await.len(), 1, "the mail is sent once");
    let after = crate::usage::now(&world).await;
    assert!(
        (after - before).num_seconds().abs() < 3600,
        "the clock continues from its last time: {before} {after}"
    );
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token}))
        .await
        .expect(200);
    world.invite(&org, &ann, "cy@example.com", "viewer").await;
    world.host.stop().await;
}

#[tokio::test]
async fn the_outbox_is_newest_first_and_normalizes_addresses() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.advance_days(8).await;
    let ann = world.user("ann").await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let mails = world.mails(" BOB@Example.com ").await;
    assert_eq!(mails.len(), 2);
    assert!(mails[0]["sent_at"].as_str() > mails[1]["sent_at"].as_str());
    let mut fields: Vec<&String> = mails[0].as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["from", "headers", "html", "sent_at", "subject", "tags", "text", "to"]);
    assert_eq!(world.mails("eve@example.com").await.len(), 0);
    assert_eq!(
        world.local("GET", "outbox", &Value::Null).await["data"].as_array().unwrap().len(),
        2
    );
}

#[tokio::test]
async fn a_development_route_explains_errors_and_unknown_routes_are_not_found() {
    let world = World::start().await;
    for (path, body) in [
        ("token", json!({})),
        ("token", json!({"sub": 7})),
        ("token", json!({"sub": "a", "admin": true})),
        ("clock", json!({})),
        ("clock", json!({"advance_seconds": i64::MAX})),
    ] {
        let answer = world.nobody().post(&format!("/local/{path}"), &body).await;
        assert_eq!(answer.status, 422, "{path} {body}");
        assert!(answer.body["message"].is_string());
    }
    for (method, path) in [
        ("GET", "/local/token"),
        ("POST", "/local/outbox"),
        ("GET", "/local/"),
        ("GET", "/local/unknown"),
        ("GET", "/local"),
    ] {
        assert_eq!(world.nobody().call(method, path, None).await.status, 404, "{method} {path}");
    }
}

#[tokio::test]
async fn development_routes_accept_only_local_host_names() {
    let world = World::start().await;
    for (host, status) in [
        ("127.0.0.1:9000", 200),
        ("localhost", 200),
        ("[::1]:9000", 200),
        ("evil.example", 404),
        ("127.0.0.1.evil.example:9000", 404),
        ("10.0.0.1", 404),
    ] {
        let request = world.nobody().request("GET", "/local/outbox").header("host", host);
        assert_eq!(world.nobody().send(request).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn without_its_table_an_action_is_500_and_the_host_keeps_running() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.drop_tables().await;
    for (method, path) in [
        ("GET", format!("/v1/orgs/{org}")),
        ("GET", "/v1/orgs".to_owned()),
        ("POST", format!("/v1/orgs/{org}/leave")),
    ] {
        let answer = ann.call(method, &path, None).await;
        assert_eq!(
            (answer.status, answer.code()),
            (500, Some("internal_error")),
            "{method} {path}"
        );
        assert!(!answer.text.to_lowercase().contains("table"), "{}", answer.text);
    }
    assert_eq!(ann.post("/v1/orgs", &json!({"name": "Acme"})).await.code(), Some("internal_error"));
    assert_eq!(world.nobody().get("/v1/health").await.status, 200);
}

#[tokio::test]
async fn the_stream_drops_handled_records() {
    if suite("ORGS_TEST_DYNAMODB").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let world = World::with(Options { data: Data::File(path.clone()), ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    for i in 0..20 {
        world.invite(&org, &ann, &format!("guest{i}@example.com"), "viewer").await;
    }
    let records = || {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection
            .query_row(
                "SELECT count(*) FROM _stream_records WHERE table_name = 'core'",
                [],
                |row| row.get::<_, i64>(0),
            )
            .unwrap()
    };
    world.until("a trimmed stream", async || (records() <= 2).then_some(())).await;
}

#[tokio::test]
async fn a_queued_mail_is_sent_after_a_restart() {
    if suite("ORGS_TEST_DYNAMODB").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = Data::File(folder.path().join("data.db"));
    let options = |mail_faults| Options { data: data.clone(), mail_faults, ..Options::default() };
    let world = World::with(options(orgs_local::MailFaults::Away(u32::MAX))).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .expect(201);
    let hashes = async || {
        let items = world.partition(&format!("ORG#{org}")).await;
        let invitation = items
            .iter()
            .find(|item| item["SK"]["S"].as_str().unwrap().starts_with("INV#"))
            .unwrap();
        invitation["th"]["BS"].as_array().map(|_| ())
    };
    world.until("an attempt to send the mail", hashes).await;
    world.host.stop().await;
    let world = World::with(options(orgs_local::MailFaults::None)).await;
    let ann = world.user("ann").await;
    world.delivery(&org, &ann, "sent").await;
    assert_eq!(world.mails("bob@example.com").await.len(), 1);
}

#[tokio::test]
async fn data_of_an_earlier_version_is_reported_at_the_start() {
    if suite("ORGS_TEST_DYNAMODB").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = Data::File(folder.path().join("data.db"));
    let world = World::with(Options { data: data.clone(), ..Options::default() }).await;
    world.without_index().await;
    world.host.stop().await;
    let settings = Settings::read(|_| None).unwrap();
    let options = HostOptions { data, frozen: true, ..HostOptions::new(settings) };
    let said = Host::start(options).await.unwrap_err().to_string();
    assert!(said.contains("earlier version") && said.contains("use an empty data file"), "{said}");
}

#[tokio::test]
async fn pages_of_an_allowed_origin_call_the_api_and_nothing_else() {
    let origin = "https://app.example.com";
    let world = World::with(Options {
        cors_origins: vec![cors::origin(origin).unwrap()],
        ..Options::default()
    })
    .await;
    let nobody = world.nobody();
    let preflight = async |path: &str, origin: &str| {
        let request = nobody
            .request("OPTIONS", path)
            .header("origin", origin)
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "authorization,if-match");
        nobody.send(request).await
    };
    let allowed = preflight("/v1/orgs/x", origin).await;
    assert_eq!((allowed.status, &*allowed.headers["access-control-allow-origin"]), (200, origin));
    let headers = &allowed.headers["access-control-allow-headers"];
    assert!(headers.contains("authorization") && headers.contains("if-match"), "{headers}");
    let other = preflight("/v1/orgs/x", "https://evil.example.com").await;
    assert!(!other.headers.contains_key("access-control-allow-origin"));
    // A development route could give a page a token.
    let dev = preflight("/local/token", origin).await;
    assert!(dev.status == 403 && !dev.headers.contains_key("access-control-allow-origin"));

    let ann = world.user("ann").await;
    let answer = ann.send(ann.request("GET", "/v1/me").header("origin", origin)).await;
    assert_eq!((answer.status, &*answer.headers["access-control-allow-origin"]), (200, origin));
    assert!(answer.headers["access-control-expose-headers"].contains("retry-after"));
    // The page can read that its token was rejected.
    let rejected = nobody.send(nobody.request("GET", "/v1/me").header("origin", origin)).await;
    assert_eq!((rejected.status, &*rejected.headers["access-control-allow-origin"]), (401, origin));

    let closed = World::start().await;
    let nobody = closed.nobody();
    let request = nobody.request("OPTIONS", "/v1/me").header("origin", origin);
    let answer = nobody.send(request).await;
    assert!(answer.status == 404 && !answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_page_of_another_site_cannot_use_the_development_routes() {
    let world = World::start().await;
    let nobody = world.nobody();
    let send = async |path: &str, origin: &str| {
        let body = r#"{"advance_seconds":60,"sub":"eve"}"#;
        let request = nobody.request("POST", path).header("origin", origin).body(body);
        nobody.send(request).await.status
    };
    let own = nobody.url.clone();
    for path in ["/local/clock", "/local/token", "/local/feedback", "/local/oidc/authorize"] {
        for origin in ["https://evil.example", "null", "http://localhost"] {
            assert_eq!(send(path, origin).await, 403, "{path} from {origin}");
        }
        assert_ne!(send(path, &own).await, 403, "{path} from the host's own page");
    }
    // A product in development exchanges its code from its own origin.
    assert_eq!(send("/local/oidc/token", "http://localhost:5173").await, 400);
}
