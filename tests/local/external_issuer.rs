//! Tokens of an issuer outside the host, `OIDC_ISSUER`.

use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use axum::Json;
use axum::http::StatusCode;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use orgs_local::{Host, HostOptions};
use orgs_runtime::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::{Options, World};

/// An issuer with a discovery document and published keys.
struct Issuer {
    url: String,
    /// Without keys, the issuer answers 503.
    keys: Arc<Mutex<Vec<Jwk>>>,
}

/// Returns a new RSA key.
fn key() -> EncodingKey {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let text = STANDARD.encode(pair.as_der().unwrap().as_ref());
    EncodingKey::from_rsa_pem(
        format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n").as_bytes(),
    )
    .unwrap()
}

/// Returns the public part of a key.
fn public(key: &EncodingKey, id: &str) -> Jwk {
    let mut jwk = Jwk::from_encoding_key(key, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some(id.to_owned());
    jwk
}

fn sign(key: &EncodingKey, id: Option<&str>, claims: &Value) -> String {
    let header = Header { kid: id.map(str::to_owned), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

impl Issuer {
    async fn start(keys: Vec<Jwk>) -> Self {
        Self::named(None, keys).await
    }

    /// Starts an issuer whose discovery document names another one.
    async fn named(name: Option<&str>, keys: Vec<Jwk>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = Arc::new(Mutex::new(keys));
        let document = json!({"issuer": name.unwrap_or(&url), "jwks_uri": format!("{url}/keys")});
        let published = Arc::clone(&keys);
        let answer = async move || {
            let keys = published.lock().unwrap().clone();
            if keys.is_empty() {
                Err(StatusCode::SERVICE_UNAVAILABLE)
            } else {
                Ok(Json(json!({"keys": keys})))
            }
        };
        let router = axum::Router::new()
            .route("/.well-known/openid-configuration", get(async || Json(document)))
            .route("/keys", get(answer));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, keys }
    }
}

/// Starts a host that accepts the tokens of an issuer for the audiences `acme` and `console`.
async fn world(issuer: &str) -> World {
    World::with(Options {
        issuer: Some(issuer.to_owned()),
        audiences: vec!["acme".to_owned(), "console".to_owned()],
        service_clients: &["meter"],
        ..Options::default()
    })
    .await
}

/// Returns the claims of Ann, valid for an hour of the host's clock.
fn ann(world: &World, issuer: &str) -> Value {
    let now = world.host.now().timestamp();
    json!({
        "iss": issuer, "aud": "acme", "exp": now + 3600, "sub": "ann", "email": "ann@example.com",
        "email_verified": true, "name": "Ann",
    })
}

/// Returns the claims with changes; a null removes a claim.
fn changed(claims: &Value, changes: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

#[tokio::test]
async fn a_token_of_the_issuer_is_valid_for_the_accepted_audiences() {
    let key = key();
    let issuer = Issuer::start(vec![public(&key, "one")]).await;
    let world = world(&issuer.url).await;
    let claims = ann(&world, &issuer.url);
    let status = async |changes: Value| {
        let token = sign(&key, Some("one"), &changed(&claims, &changes));
        world.bearer(&token).get("/v1/me").await.status
    };

    let me = world.bearer(&sign(&key, Some("one"), &claims)).get("/v1/me").await.expect(200);
    assert_eq!((&me["user_id"], &me["name"]), (&json!("ann"), &json!("Ann")));
    let now = world.host.now().timestamp();
    for accepted in [
        json!({"aud": ["other", "console"]}),
        json!({"aud": null, "client_id": "acme"}),
        json!({"nbf": now, "iat": now}),
    ] {
        assert_eq!(status(accepted.clone()).await, 200, "{accepted}");
    }
    for rejected in [
        json!({"aud": "other"}),
        json!({"aud": []}),
        json!({"aud": [7]}),
        json!({"aud": null}),
        // As at API Gateway, `client_id` counts only if there is no `aud`.
        json!({"aud": "other", "client_id": "acme"}),
        json!({"iss": format!("{}/", issuer.url)}),
        json!({"iss": null}),
        json!({"exp": now}),
        json!({"exp": null}),
        json!({"exp": "never"}),
        json!({"nbf": now + 60}),
        json!({"exp": 4_102_444_800.5}),
        json!({"nbf": "tomorrow"}),
        json!({"iat": now + 60}),
        json!({"iss": [issuer.url]}),
    ] {
        assert_eq!(status(rejected.clone()).await, 401, "{rejected}");
    }
    // The host's own tokens stay valid.
    assert_eq!(world.user("bob").await.get("/v1/me").await.status, 200);
    // The clock of the host decides.
    let token = sign(&key, Some("one"), &claims);
    assert_eq!(world.bearer(&token).get("/v1/me").await.status, 200);
    world.advance(3600).await;
    assert_eq!(world.bearer(&token).get("/v1/me").await.status, 401);
}

#[tokio::test]
async fn scopes_count_only_for_the_service_clients_in_the_settings() {
    let key = key();
    let issuer = Issuer::start(vec![public(&key, "one")]).await;
    let world = world(&issuer.url).await;
    let org = world.org(&world.user("ann").await).await;
    let claims = ann(&world, &issuer.url);
    let events = json!({"events": [{
        "id": "1", "timestamp": world.host.now(), "kind": "chat", "credits": "1",
    }]});
    for (client, status) in [(json!("meter"), 200), (json!("acme"), 404), (json!(null), 404)] {
        let claims =
            changed(&claims, &json!({"sub": "m", "client_id": client, "scope": "usage:write"}));
        let caller = world.bearer(&sign(&key, Some("one"), &claims));
        let answer = caller.post(&format!("/v1/orgs/{org}/usage/events"), &events).await;
        assert_eq!(answer.status, status, "{client}");
    }
}

#[tokio::test]
async fn a_signature_that_the_issuer_did_not_make_is_401() {
    let (key, other) = (key(), key());
    let issuer = Issuer::start(vec![public(&key, "one")]).await;
    let world = world(&issuer.url).await;
    let claims = ann(&world, &issuer.url);
    // API Gateway accepts no other algorithm of the same key.
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::PS256) };
    let other_algorithm = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    let good = sign(&key, Some("one"), &claims);
    let (content, _) = good.rsplit_once('.').unwrap();
    for (why, token) in [
        ("another key", sign(&other, Some("one"), &claims)),
        ("an unknown key id", sign(&key, Some("two"), &claims)),
        ("no key id", sign(&key, None, &claims)),
        ("another algorithm", other_algorithm),
        ("no signature", format!("{content}.")),
        ("no token", "x".to_owned()),
    ] {
        let answer = world.bearer(&token).get("/v1/me").await;
        assert_eq!((answer.status, &*answer.text), (401, r#"{"message":"Unauthorized"}"#), "{why}");
    }
    assert_eq!(world.bearer(&good).get("/v1/me").await.status, 200);
}

#[tokio::test]
async fn an_issuer_may_start_after_the_host_and_change_its_keys() {
    let (key, next) = (key(), key());
    let issuer = Issuer::start(Vec::new()).await;
    let world = world(&issuer.url).await;
    let claims = ann(&world, &issuer.url);
    let works =
        async |token: &str| (world.bearer(token).get("/v1/me").await.status == 200).then_some(());
    let token = sign(&key, Some("one"), &claims);
    assert_eq!(works(&token).await, None);
    issuer.keys.lock().unwrap().push(public(&key, "one"));
    world.until("the issuer", async || works(&token).await).await;

    let second = sign(&next, Some("two"), &claims);
    assert_eq!(works(&second).await, None);
    issuer.keys.lock().unwrap().push(public(&next, "two"));
    world.until("the next key", async || works(&second).await).await;
    assert!(works(&token).await.is_some());
    // A provider in development has a new key after each restart, often with the same id.
    let third = sign(&key, Some("two"), &claims);
    assert_eq!(works(&third).await, None);
    *issuer.keys.lock().unwrap() = vec![public(&key, "two")];
    world.until("the replaced key", async || works(&third).await).await;
}

#[tokio::test]
async fn the_document_of_another_issuer_gives_no_keys() {
    let key = key();
    let named = "https://id.example.com";
    let issuer = Issuer::named(Some(named), vec![public(&key, "one")]).await;
    let world = world(&issuer.url).await;
    for url in [&*issuer.url, named] {
        let token = sign(&key, Some("one"), &ann(&world, url));
        assert_eq!(world.bearer(&token).get("/v1/me").await.status, 401);
    }
}

#[tokio::test]
async fn without_audiences_the_pages_client_is_the_audience() {
    let key = key();
    let issuer = Issuer::start(vec![public(&key, "one")]).await;
    let world =
        World::with(Options { issuer: Some(issuer.url.clone()), ..Options::default() }).await;
    let claims = ann(&world, &issuer.url);
    for (audience, status) in [("organizations", 200), ("acme", 401)] {
        let token = sign(&key, Some("one"), &changed(&claims, &json!({"aud": audience})));
        assert_eq!(world.bearer(&token).get("/v1/me").await.status, status, "{audience}");
    }
}

#[tokio::test]
async fn audiences_need_an_issuer() {
    let settings = Settings::read(|_| None).unwrap();
    let options = HostOptions { audiences: vec!["acme".to_owned()], ..HostOptions::new(settings) };
    assert_eq!(
        Host::start(options).await.unwrap_err().to_string(),
        "cannot use --audience: set OIDC_ISSUER to the tokens' issuer"
    );
}
