//! The development issuer at `/local/oidc`, and the mails at `/local/mails`.

use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::world::{World, encoded};

/// The S256 challenge of `VERIFIER`, from the example in RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const HOME: &str = "http://127.0.0.1:5173/callback";

fn query(change: (&str, &str)) -> String {
    let fields = [
        ("response_type", "code"),
        ("client_id", "organizations"),
        ("redirect_uri", HOME),
        ("state", "s t"),
        ("nonce", "n"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    fields
        .map(|(name, value)| {
            format!("{name}={}", encoded(if name == change.0 { change.1 } else { value }))
        })
        .join("&")
}

async fn ask(world: &World, method: &str, path: &str, form: &str) -> (u16, String, String) {
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let request =
        client.request(method.parse().unwrap(), format!("{}/local/oidc/{path}", world.host.url()));
    let answer = request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .send()
        .await
        .unwrap();
    let location = answer
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    (answer.status().as_u16(), location, answer.text().await.unwrap())
}

/// Signs in with the identity in the form, and returns the authorization code.
async fn code(world: &World, form: &str) -> String {
    let (status, location, body) =
        ask(world, "POST", &format!("authorize?{}", query(("", ""))), form).await;
    assert_eq!(status, 303, "{body}");
    let rest = location.strip_prefix(&format!("{HOME}?code=")).unwrap();
    let (code, rest) = rest.split_once('&').unwrap();
    assert_eq!(rest, "state=s+t");
    code.to_owned()
}

async fn exchange(world: &World, code: &str, redirect_uri: &str, verifier: &str) -> Value {
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={}&code_verifier={verifier}",
        encoded(redirect_uri)
    );
    serde_json::from_str(&ask(world, "POST", "token", &form).await.2).unwrap()
}

#[tokio::test]
async fn any_identity_can_sign_in() {
    let world = World::start().await;
    let code = code(&world, "email=Bob%40Example.com&name=Bob&email_verified=true").await;
    let tokens = exchange(&world, &code, HOME, VERIFIER).await;
    assert_eq!(
        (tokens["token_type"].as_str(), tokens["expires_in"].as_i64()),
        (Some("Bearer"), Some(3600))
    );
    let bob = world.bearer(tokens["id_token"].as_str().unwrap());
    let me = bob.get("/v1/me").await.expect(200);
    assert_eq!(
        (&me["user_id"], &me["email_verified"], &me["name"]),
        (&json!("bob@example.com"), &json!(true), &json!("Bob"))
    );
    // A code can be used once.
    assert_eq!(exchange(&world, &code, HOME, VERIFIER).await, json!({"error": "invalid_grant"}));
}

#[tokio::test]
async fn a_code_is_valid_for_its_application_and_for_one_minute() {
    let world = World::start().await;
    let form = "email=bob%40example.com&sub=bob";
    let refused = json!({"error": "invalid_grant"});
    let wrong = CHALLENGE;
    assert_eq!(exchange(&world, &code(&world, form).await, HOME, wrong).await, refused);
    assert_eq!(
        exchange(&world, &code(&world, form).await, "http://127.0.0.1:1/", VERIFIER).await,
        refused
    );
    let late = code(&world, form).await;
    world.advance(60).await;
    assert_eq!(exchange(&world, &late, HOME, VERIFIER).await, refused);
    assert_eq!(exchange(&world, "none", HOME, VERIFIER).await, refused);
    assert_eq!(
        ask(&world, "POST", "token", "grant_type=password&code=&redirect_uri=&code_verifier=")
            .await
            .2,
        r#"{"error":"unsupported_grant_type"}"#
    );
    assert_eq!(ask(&world, "POST", "token", "").await.2, r#"{"error":"invalid_request"}"#);
}

#[tokio::test]
async fn only_local_applications_with_pkce_can_sign_in() {
    let world = World::start().await;
    for change in [
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", "http://127.0.0.1.evil.example/"),
        ("redirect_uri", "http://localhost@evil.example/"),
        ("redirect_uri", "javascript://localhost/"),
        ("redirect_uri", r"http:/\evil.example/?x=://localhost"),
        ("redirect_uri", r"http:\\evil.example/#://localhost"),
        ("redirect_uri", r"http://localhost\@evil.example/"),
        ("redirect_uri", "httpx://localhost/"),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
        ("code_challenge", ""),
    ] {
        for method in ["GET", "POST"] {
            let (status, location, _) = ask(
                &world,
                method,
                &format!("authorize?{}", query(change)),
                "email=bob%40example.com",
            )
            .await;
            assert_eq!((status, location.as_str()), (400, ""), "{change:?}");
        }
    }
}

#[tokio::test]
async fn recent_users_are_listed_and_user_input_is_escaped() {
    let world = World::start().await;
    world
        .token(&json!({"sub": "auth0|1", "email": "ann@example.com", "name": "<script>Ann"}))
        .await;
    let (status, _, page) = ask(&world, "GET", &format!("authorize?{}", query(("", ""))), "").await;
    assert_eq!(status, 200);
    assert!(
        page.contains("ann@example.com")
            && page.contains("value=\"auth0|1\"")
            && page.contains("not verified"),
        "{page}"
    );
    assert!(!page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn the_issuer_publishes_its_configuration_and_key() {
    let world = World::start().await;
    let described = world.local("GET", "oidc/.well-known/openid-configuration", &Value::Null).await;
    assert_eq!(described["issuer"], format!("{}/local/oidc", world.host.url()));
    assert_eq!(described["jwks_uri"], format!("{}/local/oidc/jwks", world.host.url()));
    let keys = world.local("GET", "oidc/jwks", &Value::Null).await;
    let key = &keys["keys"][0];
    // 32 bytes each, in base64url.
    assert_eq!(
        (key["x"].as_str().map(str::len), key["y"].as_str().map(str::len), &key["crv"]),
        (Some(43), Some(43), &json!("P-256"))
    );
}

#[tokio::test]
async fn mails_are_shown() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let page = async |path: &str| {
        let answer = world.nobody().get(&format!("/local/{path}")).await;
        (answer.status, answer.text)
    };
    let (_, index) = page("mails").await;
    assert!(
        index.contains("bob@example.com") && index.contains("Invitation to join Acme"),
        "{index}"
    );
    let sent = index
        .split("href=\"/local/")
        .find_map(|rest| rest.strip_prefix("mails/sent/"))
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(page(&format!("mails/sent/{sent}")).await.1.contains("See the invitation"));
    assert!(page("mails/invitation.html").await.1.contains("Ann Example"));
    assert!(
        page("mails/invitation.txt").await.1.starts_with("Ann Example invites you to join Acme")
    );
    for other in ["mails/other.html", "mails/sent/99.html", "mails/sent/1.exe", "mails/sent/x.html"]
    {
        assert_eq!(page(other).await.0, 404, "{other}");
    }
}
