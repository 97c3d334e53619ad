//! Verifies the tokens of the issuer in `OIDC_ISSUER`, as API Gateway's JWT authorizer does.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use orgs_runtime::PageSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::HostError;

/// The algorithms that API Gateway accepts.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512];
/// The shortest time between two requests for the keys.
const KEYS_AGE_MIN: Duration = Duration::from_secs(1);
/// The time after which a request to the issuer has failed.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Another issuer than the host's own, with the keys that it published.
#[derive(Debug)]
pub(crate) struct ExternalIssuer {
    /// The URL of the issuer, the claim `iss` of its tokens.
    url: String,
    /// The accepted values of the claim `aud`, or of `client_id` if a token has no `aud`.
    audiences: Vec<String>,
    http: reqwest::Client,
    /// The published keys. The issuer is first asked when a token needs one, so the host can start
    /// before it.
    keys: RwLock<JwkSet>,
    /// The last request for the keys. Calls that wait for it share its outcome.
    last_request: Mutex<Option<KeysRequest>>,
}

/// A request for the keys.
#[derive(Debug)]
struct KeysRequest {
    ended_at: Instant,
    outcome: Result<(), Rejected>,
}

/// The part of a discovery document that the host uses (OpenID Connect Discovery 1.0).
#[derive(Debug, Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// The reason why a token is rejected, for the log of the host.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Rejected {
    /// The token cannot be decoded, or its signature is invalid, or it has no `exp` or `iss`.
    #[error("the token is invalid: {0}")]
    Invalid(#[from] jsonwebtoken::errors::Error),
    /// API Gateway would reject the algorithm too.
    #[error("the token is signed with {0:?}; API Gateway accepts RS256, RS384 and RS512")]
    Algorithm(Algorithm),
    /// The token names no key, or one that the issuer has not published.
    #[error("OIDC_ISSUER has no key with the token's `kid`")]
    Key,
    /// The audience is not accepted.
    #[error("the token is for the audience {found}, and --audience allows only {accepted:?}")]
    Audience { found: Value, accepted: Vec<String> },
    /// Another issuer made the token.
    #[error("the issuer {found} made the token, and OIDC_ISSUER is {expected:?}")]
    Issuer { expected: String, found: Value },
    /// The issuer cannot be reached, or its response is not what it must be.
    #[error("cannot read {url}: {why}")]
    Unreachable { url: String, why: String },
    /// The discovery document is of another issuer.
    #[error("OIDC_ISSUER is {expected}, but the discovery document there names {found}")]
    OtherIssuer { expected: String, found: String },
}

impl ExternalIssuer {
    /// Returns the issuer in the settings. Without audiences, it accepts tokens for the pages'
    /// client.
    ///
    /// # Errors
    /// [`HostError`] if there are audiences and no issuer.
    pub(crate) fn from_settings(
        settings: &PageSettings,
        audiences: Vec<String>,
    ) -> Result<Option<Self>, HostError> {
        let Some(url) = settings.issuer.clone() else {
            return if audiences.is_empty() {
                Ok(None)
            } else {
                Err(HostError::new(
                    "cannot use --audience",
                    "set OIDC_ISSUER to the tokens' issuer",
                ))
            };
        };
        let audiences =
            if audiences.is_empty() { vec![settings.client_id.clone()] } else { audiences };
        Ok(Some(Self {
            url,
            audiences,
            http: reqwest::Client::new(),
            keys: RwLock::new(JwkSet { keys: Vec::new() }),
            last_request: Mutex::default(),
        }))
    }

    /// Verifies a token except for its time. Returns its claims.
    ///
    /// # Errors
    /// [`Rejected`] if the token is invalid, or if the issuer's keys cannot be read.
    pub(crate) async fn verify(&self, token: &str) -> Result<Map<String, Value>, Rejected> {
        let header = jsonwebtoken::decode_header(token)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(Rejected::Algorithm(header.alg));
        }
        let claims = if let Ok(claims) = self.signed(token, &header) {
            claims
        } else {
            // The issuer may have another key since.
            self.ask_for_keys().await?;
            self.signed(token, &header)?
        };
        if claims.get("iss").and_then(Value::as_str) != Some(&self.url) {
            return Err(Rejected::Issuer {
                expected: self.url.clone(),
                found: claims["iss"].clone(),
            });
        }
        let audience = claims.get("aud").or_else(|| claims.get("client_id"));
        let is_accepted = |found: &Value| {
            found.as_str().is_some_and(|found| self.audiences.iter().any(|one| one == found))
        };
        match audience {
            Some(Value::Array(found)) if found.iter().any(is_accepted) => Ok(claims),
            Some(found) if is_accepted(found) => Ok(claims),
            found => Err(Rejected::Audience {
                found: found.cloned().unwrap_or_default(),
                accepted: self.audiences.clone(),
            }),
        }
    }

    /// Returns the claims of a token if a known key signed it.
    fn signed(&self, token: &str, header: &Header) -> Result<Map<String, Value>, Rejected> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = header.kid.as_ref().and_then(|id| keys.find(id)).ok_or(Rejected::Key)?;
        let mut validation = Validation::new(header.alg);
        validation.set_required_spec_claims(&["exp", "iss"]);
        // The library would use the system's clock.
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(jsonwebtoken::decode(token, &DecodingKey::from_jwk(key)?, &validation)?.claims)
    }

    /// Asks the issuer for its keys, at most once per second.
    async fn ask_for_keys(&self) -> Result<(), Rejected> {
        let mut last_request = self.last_request.lock().await;
        if let Some(last) = last_request.as_ref()
            && last.ended_at.elapsed() < KEYS_AGE_MIN
        {
            return last.outcome.clone();
        }
        let outcome = self.read_keys().await;
        *last_request = Some(KeysRequest { ended_at: Instant::now(), outcome: outcome.clone() });
        outcome
    }

    /// Reads the keys that the issuer publishes.
    async fn read_keys(&self) -> Result<(), Rejected> {
        let base = self.url.trim_end_matches('/');
        let document: Discovery =
            self.read(&format!("{base}/.well-known/openid-configuration")).await?;
        if document.issuer != self.url {
            return Err(Rejected::OtherIssuer {
                expected: self.url.clone(),
                found: document.issuer,
            });
        }
        let keys = self.read(&document.jwks_uri).await?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Reads a JSON document of the issuer.
    async fn read<T: DeserializeOwned>(&self, url: &str) -> Result<T, Rejected> {
        let answer = async {
            self.http.get(url).timeout(TIMEOUT).send().await?.error_for_status()?.json().await
        };
        answer
            .await
            .map_err(|error| Rejected::Unreachable { url: url.to_owned(), why: chain(&error) })
    }
}

/// Returns an error with its causes, because reqwest's own text has none.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
