//! Verifies the tokens of the issuer in `OIDC_ISSUER`, as API Gateway's JWT authorizer does.

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use orgs_runtime::PageSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::HostError;

/// The algorithms that API Gateway accepts.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512];
/// The shortest time between two requests for the keys, for tokens with an unknown key.
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
    keys: Mutex<Keys>,
}

/// The published keys. The issuer is first asked when a token needs one, so the host can start
/// before it.
#[derive(Debug)]
struct Keys {
    known: JwkSet,
    read_at: Option<Instant>,
}

/// The part of a discovery document that the host uses (OpenID Connect Discovery 1.0).
#[derive(Debug, Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// The reason why a token is rejected, for the log of the host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejected {
    /// The token cannot be decoded, or its signature, its issuer or a required claim is invalid.
    #[error("the token is invalid: {0}")]
    Invalid(#[from] jsonwebtoken::errors::Error),
    /// API Gateway would reject the algorithm too.
    #[error("the token is signed with {0:?}; API Gateway accepts RS256, RS384 and RS512")]
    Algorithm(Algorithm),
    /// The issuer has not published the key.
    #[error("the issuer has no key with the token's `kid`")]
    Key,
    /// The audience is not accepted.
    #[error("the token's audience {found} is none of {accepted:?}: see --audience")]
    Audience { found: Value, accepted: Vec<String> },
    /// The issuer cannot be reached, or its response is not what it must be.
    #[error("cannot read {url}: {why}")]
    Issuer { url: String, why: String },
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
        let keys = Mutex::new(Keys { known: JwkSet { keys: Vec::new() }, read_at: None });
        Ok(Some(Self { url, audiences, http: reqwest::Client::new(), keys }))
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
        let key = self.key(&header.kid.ok_or(Rejected::Key)?).await?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.url]);
        validation.set_required_spec_claims(&["exp", "iss"]);
        // The library would use the system's clock.
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims: Map<String, Value> = jsonwebtoken::decode(token, &key, &validation)?.claims;
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

    /// Returns the key with this id. Asks the issuer for its keys if it is unknown.
    async fn key(&self, id: &str) -> Result<DecodingKey, Rejected> {
        // Held during the request, so that concurrent calls send one.
        let mut keys = self.keys.lock().await;
        let is_recent = keys.read_at.is_some_and(|at| at.elapsed() < KEYS_AGE_MIN);
        if keys.known.find(id).is_none() && !is_recent {
            keys.read_at = Some(Instant::now());
            let base = self.url.trim_end_matches('/');
            let found: Discovery =
                self.read(&format!("{base}/.well-known/openid-configuration")).await?;
            if found.issuer != self.url {
                return Err(Rejected::OtherIssuer {
                    expected: self.url.clone(),
                    found: found.issuer,
                });
            }
            keys.known = self.read(&found.jwks_uri).await?;
        }
        Ok(DecodingKey::from_jwk(keys.known.find(id).ok_or(Rejected::Key)?)?)
    }

    /// Reads a JSON document of the issuer.
    async fn read<T: DeserializeOwned>(&self, url: &str) -> Result<T, Rejected> {
        let answer = async {
            self.http.get(url).timeout(TIMEOUT).send().await?.error_for_status()?.json().await
        };
        answer.await.map_err(|error| Rejected::Issuer { url: url.to_owned(), why: chain(&error) })
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
