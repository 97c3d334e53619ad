//! Signs the host's tokens, and verifies tokens as API Gateway's JWT authorizer does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use orgs_runtime::ClaimSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::HostError;
use crate::external_issuer::ExternalIssuer;
use crate::state::State;

/// The id of the host's only key.
const KEY_ID: &str = "local";
/// The audience of the host's tokens.
const AUDIENCE: &str = "organizations";

/// The claims of a requested token; the body of `POST /local/token`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// The lifetime of the token in seconds; 3,600 by default.
    #[serde(default = "an_hour", skip_serializing)]
    pub(crate) ttl_seconds: i64,
}

fn an_hour() -> i64 {
    3600
}

/// The issuer's key pair and its verified tokens.
pub(crate) struct Identity {
    issuer: String,
    signing: EncodingKey,
    checking: DecodingKey,
    public: Vec<u8>,
    /// The issuer in `OIDC_ISSUER`, whose tokens the host accepts too.
    external: Option<ExternalIssuer>,
    /// The service clients of the external issuer.
    claims: ClaimSettings,
    /// Tokens with a valid signature. Each signature is verified once.
    verified: Mutex<HashMap<String, Arc<Verified>>>,
}

/// The claims of a token with a valid signature.
#[derive(Debug)]
pub(crate) struct Verified {
    /// The claims as API Gateway sends them to a function.
    pub(crate) claims: HashMap<String, String>,
    /// The claim `exp` in seconds since 1970: the token is invalid from then on.
    expires_at: i64,
    /// The first second since 1970 at which the token is valid.
    not_before: i64,
}

impl Verified {
    /// Reads the claims of a token. It is valid from the latest of the times in `starts` on, which
    /// are claims that it may have.
    ///
    /// # Errors
    /// A text if a time is no whole number of seconds.
    fn of(claims: &Map<String, Value>, starts: &[&str]) -> Result<Self, String> {
        let time = |name: &str| match claims.get(name).map(Value::as_i64) {
            None => Ok(0),
            Some(seconds) => {
                seconds.ok_or_else(|| format!("the token's `{name}` is not a whole number"))
            }
        };
        let mut not_before = 0;
        for start in starts {
            not_before = time(start)?.max(not_before);
        }
        Ok(Self {
            expires_at: time("exp")?,
            not_before,
            claims: claims.iter().map(|(name, value)| (name.clone(), as_claim(value))).collect(),
        })
    }
}

/// The largest number of cached tokens. The cache is emptied when it is full.
const CACHED_TOKENS_MAX: usize = 10_000;

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.issuer)
    }
}

impl TokenRequest {
    /// Returns the request for a person's token, valid for an hour. An empty name is omitted.
    pub(crate) fn person(sub: String, email: &str, name: String, verified: bool) -> Self {
        Self {
            sub,
            email: Some(email.to_owned()),
            email_verified: Some(verified),
            name: Some(name).filter(|name| !name.is_empty()),
            scope: None,
            client_id: None,
            ttl_seconds: an_hour(),
        }
    }

    /// Returns the requested e-mail address.
    pub(crate) fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

impl Identity {
    /// Returns the issuer's URL, the claim `iss` of its tokens.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns the public key as a JSON Web Key (RFC 7517).
    pub(crate) fn jwk(&self) -> Value {
        // An uncompressed point has one leading byte, then both coordinates of 32 bytes.
        let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (x, y) =
            self.public.get(1..65).unwrap_or_default().split_at_checked(32).unwrap_or_default();
        json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID, "x": coordinate(x), "y": coordinate(y)})
    }

    /// Returns an issuer with the stored key, so that tokens stay valid after a restart. Generates
    /// the key at the first start. Tokens of `external` are valid too; `claims` names its service
    /// clients.
    ///
    /// # Errors
    /// [`HostError`] if the key cannot be read, generated or stored.
    pub(crate) fn new(
        issuer: String,
        external: Option<ExternalIssuer>,
        claims: ClaimSettings,
        state: &State,
    ) -> Result<Self, HostError> {
        let bad =
            |error: &dyn std::fmt::Display| HostError::new("cannot load the signing key", error);
        let key = if let Some(key) = state.setting("signing_key").map_err(|error| bad(&error))? {
            key
        } else {
            let key = EcdsaKeyPair::generate_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &SystemRandom::new(),
            )
            .map_err(|error| bad(&error))?;
            state.set("signing_key", key.as_ref()).map_err(|error| bad(&error))?;
            key.as_ref().to_vec()
        };
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key)
            .map_err(|error| bad(&error))?;
        Ok(Self {
            issuer,
            signing: EncodingKey::from_ec_der(&key),
            checking: DecodingKey::from_ec_der(pair.public_key().as_ref()),
            public: pair.public_key().as_ref().to_vec(),
            external,
            claims,
            verified: Mutex::default(),
        })
    }

    /// Signs a token.
    pub(crate) fn sign(
        &self,
        request: &TokenRequest,
        nonce: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let mut claims: Map<String, Value> = match serde_json::to_value(request)? {
            Value::Object(claims) => claims,
            _ => Map::new(),
        };
        claims.insert("iss".to_owned(), self.issuer.clone().into());
        claims.insert("aud".to_owned(), AUDIENCE.into());
        claims.insert("iat".to_owned(), now.timestamp().into());
        claims.insert("exp".to_owned(), now.timestamp().saturating_add(request.ttl_seconds).into());
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// Verifies the `authorization` header and returns the token's claims. `None` if it is not a
    /// bearer token, or if the signature, the issuer, the audience or the time (by the host's
    /// clock, without leeway) is invalid.
    pub(crate) async fn check(
        &self,
        authorization: Option<&str>,
        now: DateTime<Utc>,
    ) -> Option<Arc<Verified>> {
        let (scheme, token) = authorization?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let verified = self.verified(token.trim()).await?;
        let now = now.timestamp();
        let is_current = verified.not_before <= now && now < verified.expires_at;
        if !is_current {
            tracing::warn!(
                reason = "the token is expired, or not valid yet",
                "a token was rejected"
            );
        }
        is_current.then_some(verified)
    }

    /// Verifies a token except for its time, which changes between calls.
    async fn verified(&self, token: &str) -> Option<Arc<Verified>> {
        let lock = || self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verified) = lock().get(token) {
            return Some(Arc::clone(verified));
        }
        // Only chooses who verifies the token.
        let unverified =
            jsonwebtoken::dangerous::insecure_decode_claims::<Map<String, Value>>(token);
        let is_own = unverified.is_ok_and(|claims| claims.get("iss") == Some(&json!(self.issuer)));
        let verified = match &self.external {
            Some(external) if !is_own => {
                let claims = external.verify(token).await.map_err(|error| error.to_string());
                claims.and_then(|claims| self.external_claims(&claims))
            }
            _ => self
                .own_claims(token)
                .map_err(|error| error.to_string())
                .and_then(|claims| Verified::of(&claims, &["nbf"])),
        };
        let verified = match verified {
            Ok(verified) => Arc::new(verified),
            Err(reason) => {
                tracing::warn!(%reason, "a token was rejected");
                return None;
            }
        };
        let mut cached = lock();
        if cached.len() >= CACHED_TOKENS_MAX {
            cached.clear();
        }
        cached.insert(token.to_owned(), Arc::clone(&verified));
        Some(verified)
    }

    /// Returns the claims of an external token. As on AWS, scopes count only for the service
    /// clients in `SERVICE_CLIENTS`.
    fn external_claims(&self, claims: &Map<String, Value>) -> Result<Verified, String> {
        // API Gateway rejects a token from the future.
        let mut verified = Verified::of(claims, &["nbf", "iat"])?;
        if !self.claims.is_service(&verified.claims) {
            verified.claims.remove("scope");
        }
        Ok(verified)
    }

    /// Verifies a token of the host's own issuer except for its time. Returns its claims.
    fn own_claims(&self, token: &str) -> Result<Map<String, Value>, jsonwebtoken::errors::Error> {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The library would use the system's clock.
        validation.validate_exp = false;
        Ok(jsonwebtoken::decode(token, &self.checking, &validation)?.claims)
    }
}

/// Returns a claim as API Gateway sends it, always as a string: `true` is `"true"`, `["a","b"]` is
/// `"[a b]"`.
fn as_claim(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            format!("[{}]", values.iter().map(as_claim).collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}
