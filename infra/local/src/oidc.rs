//! An OpenID Connect issuer for development: the authorization code flow with PKCE, and a sign-in
//! page.
//!
//! The page accepts any identity and asks for no password. Like all dev routes, the issuer exists
//! on a loopback address only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use orgs_domain::{Clock, EmailAddress, Ids, text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::identity::{Identity, TokenRequest};
use crate::loopback::is_local_host;
use crate::respond::{json_response, message};
use crate::state::State;

/// The lifetime of an authorization code in seconds.
const CODE_SECONDS: i64 = 60;

/// The handler of the routes under `/local/oidc/`.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) identity: Arc<Identity>,
    pub(crate) clock: Clock,
    pub(crate) state: Arc<State>,
    pub(crate) ids: Arc<Ids>,
    codes: Mutex<HashMap<String, Code>>,
}

/// An issued authorization code, with the values that the token request must match.
#[derive(Debug)]
struct Code {
    who: TokenRequest,
    nonce: Option<String>,
    redirect_uri: String,
    challenge: String,
    /// The time at which the code expires.
    until: DateTime<Utc>,
}

/// The parameters of an authorization request (RFC 6749, section 4.1.1; RFC 7636, section 4.3).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Asked {
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    state: String,
    nonce: Option<String>,
    #[serde(default)]
    code_challenge: String,
    #[serde(default)]
    code_challenge_method: String,
    login_hint: Option<String>,
}

/// The form of the sign-in page.
#[derive(Debug, Deserialize)]
struct Chosen {
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    sub: String,
    #[serde(default)]
    email_verified: String,
}

/// The form of a token request (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
#[derive(Debug, Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    query: &'a str,
    client: &'a str,
    identities: Vec<Shown>,
    hint: &'a str,
}

/// An identity in the list of recent users.
struct Shown {
    email: String,
    name: String,
    sub: String,
    verified: bool,
}

impl Issuer {
    pub(crate) fn new(
        identity: Arc<Identity>,
        clock: Clock,
        state: Arc<State>,
        ids: Arc<Ids>,
    ) -> Self {
        Self { identity, clock, state, ids, codes: Mutex::default() }
    }

    /// Answers `/local/oidc/<name>`. `None` if there is no such route.
    pub(crate) fn answer(&self, parts: &Parts, name: &str, body: &[u8]) -> Option<Response> {
        let query = parts.uri.query().unwrap_or_default();
        let answer = match (parts.method.as_str(), name) {
            ("GET", ".well-known/openid-configuration") => {
                Ok(open(json_response(StatusCode::OK, self.describe().to_string())))
            }
            ("GET", "jwks") => Ok(open(json_response(
                StatusCode::OK,
                json!({"keys": [self.identity.jwk()]}).to_string(),
            ))),
            ("GET", "authorize") => self.ask(query),
            ("POST", "authorize") => self.choose(query, body),
            ("POST", "token") => Ok(open(self.exchange(body))),
            ("OPTIONS", "token" | "jwks" | ".well-known/openid-configuration") => {
                Ok(open(StatusCode::NO_CONTENT.into_response()))
            }
            _ => return None,
        };
        Some(answer.unwrap_or_else(|error| message(StatusCode::BAD_REQUEST, &error)))
    }

    /// Returns the issuer's discovery document (OpenID Connect Discovery 1.0).
    fn describe(&self) -> Value {
        let issuer = self.identity.issuer();
        json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"), "response_types_supported": ["code"], "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["openid", "email", "profile"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"], "claims_supported": ["sub", "email", "email_verified", "name"],
        })
    }

    /// Returns the sign-in page: the recent users, and a form for another one.
    ///
    /// # Errors
    /// A text if the authorization request is invalid, or if the identities cannot be read.
    fn ask(&self, query: &str) -> Result<Response, String> {
        let asked = asked(query)?;
        let known = self.state.identities().map_err(|error| error.to_string())?;
        let identities = known.iter().filter_map(|identity| {
            let who: Value = serde_json::from_str(identity).ok()?;
            let text = |name: &str| who[name].as_str().unwrap_or_default().to_owned();
            Some(Shown {
                email: text("email"),
                name: text("name"),
                sub: text("sub"),
                verified: who["email_verified"] == true,
            })
        });
        let page = SignIn {
            query,
            client: &asked.client_id,
            identities: identities.collect(),
            hint: asked.login_hint.as_deref().unwrap_or_default(),
        };
        let html = page.render().map_err(|error| error.to_string())?;
        Ok((
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            html,
        )
            .into_response())
    }

    /// Signs the chosen identity in: redirects to the application with an authorization code.
    ///
    /// # Errors
    /// A text if the authorization request or the form is invalid, or if the identity cannot be
    /// stored.
    fn choose(&self, query: &str, body: &[u8]) -> Result<Response, String> {
        let asked = asked(query)?;
        let Chosen { email, name, sub, email_verified } = form(body)?;
        let address = EmailAddress::parse(&email).map_err(|error| error.detail)?;
        // A new user without an id gets the e-mail address as id.
        let sub = if sub.is_empty() { address.canonical().to_owned() } else { sub };
        let who = TokenRequest::person(sub, address.as_entered(), name, email_verified == "true");
        self.state
            .remember(address.canonical(), &json!(who).to_string())
            .map_err(|error| error.to_string())?;
        let code = self.ids.generate().simple().to_string();
        let until = self.clock.now() + chrono::Duration::seconds(CODE_SECONDS);
        let parameters = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &asked.state)
            .finish();
        let separator = if asked.redirect_uri.contains('?') { '&' } else { '?' };
        let location =
            HeaderValue::from_str(&format!("{}{separator}{parameters}", asked.redirect_uri))
                .map_err(|error| error.to_string())?;
        let code_of = Code {
            who,
            nonce: asked.nonce,
            redirect_uri: asked.redirect_uri,
            challenge: asked.code_challenge,
            until,
        };
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).insert(code, code_of);
        Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
    }

    /// Exchanges an authorization code for tokens. A code is valid once.
    fn exchange(&self, body: &[u8]) -> Response {
        let refuse =
            |code: &str| json_response(StatusCode::BAD_REQUEST, json!({"error": code}).to_string());
        let Ok(Exchange { grant_type, code, redirect_uri, code_verifier }) = form(body) else {
            return refuse("invalid_request");
        };
        if grant_type != "authorization_code" {
            return refuse("unsupported_grant_type");
        }
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let Some(code) = codes.remove(&code) else { return refuse("invalid_grant") };
        codes.retain(|_, other| other.until > now);
        drop(codes);
        let challenge = URL_SAFE_NO_PAD.encode(text::sha256(code_verifier.as_bytes()));
        if code.until <= now || code.redirect_uri != redirect_uri || code.challenge != challenge {
            return refuse("invalid_grant");
        }
        match self.identity.sign(&code.who, code.nonce.as_deref(), now) {
            Ok(token) => json_response(
                StatusCode::OK,
                json!({"access_token": token, "id_token": token, "token_type": "Bearer", "expires_in": code.who.ttl_seconds}).to_string(),
            ),
            Err(_) => refuse("server_error"),
        }
    }
}

/// Parses an authorization request.
///
/// # Errors
/// A text if the redirect URI is not on this machine, or if the flow is not the authorization code
/// flow with PKCE.
fn asked(query: &str) -> Result<Asked, String> {
    let asked: Asked = form(query.as_bytes())?;
    let uri = &asked.redirect_uri;
    let rest = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    // Browsers read `\\` as `/`, and ignore control characters.
    let is_plain = uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !is_plain || !host.is_some_and(is_local_host) {
        return Err(
            "`redirect_uri` is not on this machine: use http://localhost or a loopback address"
                .to_owned(),
        );
    }
    if asked.response_type != "code"
        || asked.code_challenge_method != "S256"
        || asked.code_challenge.is_empty()
    {
        return Err("only the authorization code flow with PKCE (S256) is supported".to_owned());
    }
    Ok(asked)
}

/// Parses a URL-encoded form.
fn form<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, String> {
    let fields: serde_json::Map<String, Value> = form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())
}

/// Allows pages of every origin to read the response, such as a product's page in development.
fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    response
}
