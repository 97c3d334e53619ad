//! The caller of a request, from the claims that API Gateway's JWT authorizer verified.

use std::collections::HashMap;

use orgs_domain::person::clean_name;
use orgs_domain::{EmailAddress, Person, UserId};

use crate::settings::ClaimSettings;

/// The caller of one request, read from its token.
///
/// The kind of caller that an action declares is `action::Caller`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person or service client that the token identifies.
    pub person: Person,
    /// The scopes without their prefix. Empty unless the client is a service client.
    pub scopes: Vec<String>,
}

impl Caller {
    /// Reads the claims of a verified token. API Gateway passes all of them as strings, such as
    /// `"true"` and `"[a b]"`. Returns None if `sub` is missing or invalid.
    #[must_use]
    pub fn from_claims(claims: &HashMap<String, String>, settings: &ClaimSettings) -> Option<Self> {
        let user_id = UserId::parse(claims.get("sub")?).ok()?;
        let person = Person {
            user_id,
            email: claims.get(&settings.email).and_then(|email| EmailAddress::parse(email).ok()),
            email_verified: claims
                .get(&settings.email_verified)
                .is_some_and(|verified| verified == "true"),
            name: claims.get(&settings.name).and_then(|name| clean_name(name)),
        };
        let scopes = claims
            .get("scope")
            .filter(|_| settings.is_service(claims))
            .map(|scopes| {
                scopes
                    .trim_start_matches('[')
                    .trim_end_matches(']')
                    .split([' ', ','])
                    .filter_map(|scope| scope.strip_prefix(settings.scope_prefix.as_str()))
                    .filter(|scope| !scope.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default();
        Some(Self { person, scopes })
    }
}

impl ClaimSettings {
    /// Returns true if the token is a service client's, whose scopes count.
    #[must_use]
    pub fn is_service(&self, claims: &HashMap<String, String>) -> bool {
        let Some(services) = &self.service_clients else { return true };
        // Some providers let a user's attribute become one of the two claims, so each of the
        // present claims must name a service client.
        let clients: Vec<&String> =
            ["client_id", "azp"].iter().filter_map(|name| claims.get(*name)).collect();
        !clients.is_empty() && clients.iter().all(|client| services.contains(*client))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn claims_come_as_strings() {
        let read = Caller::from_claims(
            &claims(&[
                ("sub", "auth0|1"),
                ("email", "Ann@Example.com"),
                ("email_verified", "true"),
                ("name", " Ann\n"),
            ]),
            &ClaimSettings::default(),
        );
        let person = read.unwrap().person;
        assert_eq!(
            (person.user_id.as_str(), person.email_verified, person.name.as_deref()),
            ("auth0|1", true, Some("Ann"))
        );
        for unverified in ["false", "True", "1", ""] {
            let read = Caller::from_claims(
                &claims(&[("sub", "a"), ("email_verified", unverified)]),
                &ClaimSettings::default(),
            );
            assert!(!read.unwrap().person.email_verified, "{unverified}");
        }
        for bad in ["", "é"] {
            assert_eq!(
                Caller::from_claims(&claims(&[("sub", bad)]), &ClaimSettings::default()),
                None
            );
        }
    }

    #[test]
    fn claim_names_are_settings() {
        let settings =
            ClaimSettings { email: "https://x/email".to_owned(), ..ClaimSettings::default() };
        let read = Caller::from_claims(
            &claims(&[
                ("sub", "a"),
                ("https://x/email", "a@example.com"),
                ("email", "b@example.com"),
            ]),
            &settings,
        );
        assert_eq!(
            read.unwrap().person.email.map(|email| email.canonical().to_owned()),
            Some("a@example.com".to_owned())
        );
    }

    #[test]
    fn scopes_count_from_service_clients_only_and_without_their_prefix() {
        let mut settings = ClaimSettings {
            scope_prefix: "api/".to_owned(),
            service_clients: Some(["meter".to_owned()].into()),
            ..ClaimSettings::default()
        };
        let scopes = |settings: &ClaimSettings, client: &str, scope: &str| {
            Caller::from_claims(
                &claims(&[("sub", "a"), (client, "meter"), ("scope", scope)]),
                settings,
            )
            .map(|caller| caller.scopes)
        };
        assert_eq!(
            scopes(&settings, "client_id", "[api/usage:write other]"),
            Some(vec!["usage:write".to_owned()])
        );
        assert_eq!(
            scopes(&settings, "azp", "api/usage:write"),
            Some(vec!["usage:write".to_owned()])
        );
        assert_eq!(scopes(&settings, "aud", "api/usage:write"), Some(vec![]));
        let both = claims(&[
            ("sub", "a"),
            ("client_id", "meter"),
            ("azp", "page"),
            ("scope", "api/usage:write"),
        ]);
        assert_eq!(Caller::from_claims(&both, &settings).map(|caller| caller.scopes), Some(vec![]));
        settings.service_clients = None;
        assert_eq!(
            scopes(&settings, "aud", "api/usage:write"),
            Some(vec!["usage:write".to_owned()])
        );
    }
}
