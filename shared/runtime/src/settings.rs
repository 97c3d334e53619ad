//! The settings of a deployment. A process reads them once from the environment.

use std::collections::BTreeSet;

use orgs_domain::limits::Limits;
use orgs_mail::MailSettings;
use orgs_store::StoreSettings;

/// The settings of a deployment, by the environment variables that set them.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `CORE_TABLE`, `USAGE_TABLE`, `USAGE_SHARDS`.
    pub store: StoreSettings,
    /// `MAIL_SENDER`, `MAIL_SENDER_NAME`, `PRODUCT_NAME`, `LOGO_URL`, `SUPPORT_URL`, `PUBLIC_URL`,
    /// `SES_CONFIGURATION_SET`.
    pub mail: MailSettings,
    /// `ORGS_PER_CREATOR`, `INVITATIONS_PER_INVITER_HOUR`, `INVITATIONS_PER_RECIPIENT_DAY` (0: no
    /// limit).
    pub limits: Limits,
    /// `APP_URL`, `OIDC_ISSUER`, `OIDC_CLIENT_ID`, `OIDC_SCOPE`, `OIDC_TOKEN`, `OIDC_ORIGINS`.
    pub page: PageSettings,
    /// `ORIGIN_SECRET_SHA256`: the SHA-256 of each accepted origin secret, in hexadecimal. A
    /// request needs one of the secrets in the header `x-origin-secret`. An empty list accepts
    /// every request.
    pub origin_secrets: Vec<String>,
    /// `EVENT_BUS`: the EventBridge bus for events. `default` by default.
    pub event_bus: String,
    /// `CA_FILE`: the path of a PEM file with more trusted roots than Amazon's.
    pub ca_file: Option<String>,
    /// `METRICS_NAMESPACE`: the `CloudWatch` namespace of the metrics. Without it, no metrics are
    /// written.
    pub metrics_namespace: Option<String>,
    /// `CLAIM_EMAIL`, `CLAIM_EMAIL_VERIFIED`, `CLAIM_NAME`, `SCOPE_PREFIX`, `SERVICE_CLIENTS`.
    pub claims: ClaimSettings,
}

/// The settings of the invitation page and the console: sign-in, and the link to the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSettings {
    /// The URL of the product. The invitation page links to it after acceptance, with `?org_id=`.
    pub app_url: Option<String>,
    /// The URL of the OpenID Connect issuer for sign-in.
    pub issuer: Option<String>,
    /// The id of the page's OAuth client: a public client that uses PKCE.
    pub client_id: String,
    /// The scopes that the page requests, separated by spaces.
    pub scope: String,
    /// The token that the page sends to the API: `id_token` or `access_token`.
    pub token: String,
    /// The origins of the issuer's endpoints, except for the issuer's own origin.
    pub origins: Vec<String>,
}

/// The names of the identity provider's claims and scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSettings {
    /// The claim with the email address.
    pub email: String,
    /// The claim that is `true` if the address is verified.
    pub email_verified: String,
    /// The claim with the person's name.
    pub name: String,
    /// The prefix of the product's scopes, such as the identifier of the API.
    pub scope_prefix: String,
    /// The service clients (`client_id` or `azp`), whose scopes count. `None` accepts the scopes of
    /// all clients, for development.
    pub service_clients: Option<BTreeSet<String>>,
}

impl Default for ClaimSettings {
    /// Returns the claims of OpenID Connect, without service clients.
    fn default() -> Self {
        Self {
            email: "email".to_owned(),
            email_verified: "email_verified".to_owned(),
            name: "name".to_owned(),
            scope_prefix: String::new(),
            service_clients: Some(BTreeSet::new()),
        }
    }
}

/// An invalid setting.
#[derive(Debug, thiserror::Error)]
#[error("the setting {name} {problem}")]
pub struct SettingsError {
    name: &'static str,
    problem: &'static str,
}

impl Settings {
    /// Reads the settings. `get` returns the value of an environment variable.
    ///
    /// # Errors
    /// [`SettingsError`] with the name of the first invalid setting.
    pub fn read(get: impl Fn(&'static str) -> Option<String>) -> Result<Self, SettingsError> {
        let text = |name, default: &str| {
            get(name).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
        };
        let optional = |name| get(name).filter(|value| !value.is_empty());
        let list = |name| -> Vec<String> {
            let text = optional(name).unwrap_or_default();
            text.split([',', ' ']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let number = |name, default: u32| match optional(name) {
            None => Ok(default),
            Some(value) => {
                value.parse().map_err(|_| SettingsError { name, problem: "must be a whole number" })
            }
        };
        let limit = |name, default: Option<u32>| {
            number(name, default.unwrap_or_default()).map(|limit| (limit > 0).then_some(limit))
        };
        let (defaults, claims, tables) =
            (Limits::default(), ClaimSettings::default(), StoreSettings::default());
        let shards = number("USAGE_SHARDS", u32::from(tables.usage_shards))?;
        Ok(Self {
            store: StoreSettings {
                core_table: text("CORE_TABLE", &tables.core_table),
                usage_table: text("USAGE_TABLE", &tables.usage_table),
                usage_shards: u8::try_from(shards)
                    .ok()
                    .filter(|n| (1..=16).contains(n))
                    .ok_or(SettingsError { name: "USAGE_SHARDS", problem: "must be 1 to 16" })?,
            },
            mail: MailSettings {
                sender: text("MAIL_SENDER", "invitations@example.com"),
                sender_name: text("MAIL_SENDER_NAME", "Organizations"),
                product_name: text("PRODUCT_NAME", "Organizations"),
                logo_url: optional("LOGO_URL"),
                support_url: optional("SUPPORT_URL"),
                app_url: optional("APP_URL"),
                public_url: text("PUBLIC_URL", "https://example.com"),
                configuration_set: optional("SES_CONFIGURATION_SET"),
            },
            limits: Limits {
                orgs_per_creator: number("ORGS_PER_CREATOR", defaults.orgs_per_creator)?,
                invitations_per_inviter_hour: limit(
                    "INVITATIONS_PER_INVITER_HOUR",
                    defaults.invitations_per_inviter_hour,
                )?,
                invitations_per_recipient_day: limit(
                    "INVITATIONS_PER_RECIPIENT_DAY",
                    defaults.invitations_per_recipient_day,
                )?,
            },
            page: PageSettings {
                app_url: optional("APP_URL"),
                issuer: optional("OIDC_ISSUER"),
                client_id: text("OIDC_CLIENT_ID", "organizations"),
                scope: text("OIDC_SCOPE", "openid email profile"),
                token: Some(text("OIDC_TOKEN", "id_token"))
                    .filter(|token| matches!(token.as_str(), "id_token" | "access_token"))
                    .ok_or(SettingsError {
                        name: "OIDC_TOKEN",
                        problem: "must be `id_token` or `access_token`",
                    })?,
                origins: list("OIDC_ORIGINS"),
            },
            origin_secrets: Some(list("ORIGIN_SECRET_SHA256"))
                .filter(|hashes| {
                    hashes.iter().all(|hash| {
                        hash.len() == 64
                            && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                    })
                })
                .ok_or(SettingsError {
                    name: "ORIGIN_SECRET_SHA256",
                    problem: "must be a list of hashes of 64 lower-case hexadecimal digits",
                })?,
            event_bus: text("EVENT_BUS", "default"),
            ca_file: optional("CA_FILE"),
            metrics_namespace: optional("METRICS_NAMESPACE"),
            claims: ClaimSettings {
                email: text("CLAIM_EMAIL", &claims.email),
                email_verified: text("CLAIM_EMAIL_VERIFIED", &claims.email_verified),
                name: text("CLAIM_NAME", &claims.name),
                scope_prefix: text("SCOPE_PREFIX", ""),
                service_clients: Some(list("SERVICE_CLIENTS").into_iter().collect()),
            },
        })
    }

    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// [`SettingsError`] with the name of the first invalid setting.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::read(variable)
    }
}

/// Returns a variable of the environment.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, value: &str) -> Result<Settings, String> {
        Settings::read(|asked| (asked == name).then(|| value.to_owned()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_need_nothing() {
        let settings = Settings::read(|_| None).unwrap();
        assert_eq!(settings.claims, ClaimSettings::default());
        assert_eq!(settings.limits, Limits::default());
    }

    #[test]
    fn a_setting_that_is_not_usable_is_named() {
        assert_eq!(
            read("USAGE_SHARDS", "17").map(drop),
            Err("the setting USAGE_SHARDS must be 1 to 16".to_owned())
        );
        assert_eq!(
            read("OIDC_TOKEN", "token").map(drop),
            Err("the setting OIDC_TOKEN must be `id_token` or `access_token`".to_owned())
        );
        let problem = "the setting ORIGIN_SECRET_SHA256 must be a list of hashes of 64 lower-case hexadecimal digits".to_owned();
        assert_eq!(read("ORIGIN_SECRET_SHA256", "a secret").map(drop), Err(problem));
        assert_eq!(
            read("ORGS_PER_CREATOR", "many").map(drop),
            Err("the setting ORGS_PER_CREATOR must be a whole number".to_owned())
        );
    }

    #[test]
    fn a_limit_of_zero_is_none_and_clients_are_a_list() {
        assert_eq!(
            read("INVITATIONS_PER_INVITER_HOUR", "0")
                .map(|s| s.limits.invitations_per_inviter_hour),
            Ok(None)
        );
        let clients = read("SERVICE_CLIENTS", "a, b").unwrap().claims.service_clients.unwrap();
        assert_eq!(clients.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    }
}
