//! The configuration of the AWS SDK, from Lambda's environment.
//!
//! The SDK's own loader also reads files, the metadata service and other roles. Lambda has none of
//! these, and their code would be linked into every function.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// The services by their ids in the SDK, with the variables that set their endpoints.
const ENDPOINTS: [(&str, &str); 3] = [
    ("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB"),
    ("EventBridge", "AWS_ENDPOINT_URL_EVENTBRIDGE"),
    ("SES", "AWS_ENDPOINT_URL_SES"),
];

/// The configured endpoints, in the order of [`ENDPOINTS`].
#[derive(Debug)]
struct Endpoints([Option<String>; ENDPOINTS.len()]);

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let at = ENDPOINTS.iter().position(|(service, _)| *service == key.service_id())?;
        self.0.get(at).cloned().flatten().filter(|_| key.env() == "AWS_ENDPOINT_URL")
    }
}

/// Returns the configuration of the SDK. `get` returns a variable: `AWS_REGION`,
/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_ENDPOINT_URL`,
/// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`. If the
/// region or the credentials are missing, the first call to AWS fails.
pub(crate) fn config(
    get: impl Fn(&'static str) -> Option<String>,
    http: SharedHttpClient,
) -> SdkConfig {
    let get = |name| get(name).filter(|value| !value.is_empty());
    let is_on = |name| get(name).map(|value| value.eq_ignore_ascii_case("true"));
    let mut sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(get("AWS_REGION").map(Region::new))
        .service_config(Endpoints(ENDPOINTS.map(|(_, variable)| get(variable))));
    if let (Some(key), Some(secret)) = (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
        // Lambda ends the process before the credentials expire.
        let credentials =
            Credentials::new(key, secret, get("AWS_SESSION_TOKEN"), None, "the environment");
        sdk = sdk.credentials_provider(SharedCredentialsProvider::new(credentials));
    }
    sdk.set_endpoint_url(get("AWS_ENDPOINT_URL"));
    sdk.set_use_fips(is_on("AWS_USE_FIPS_ENDPOINT"));
    sdk.set_use_dual_stack(is_on("AWS_USE_DUALSTACK_ENDPOINT"));
    sdk.build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aws_credential_types::provider::ProvideCredentials;

    use super::*;

    fn read(variables: &[(&'static str, &str)]) -> SdkConfig {
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        config(
            |name| variables.get(name).map(|value| (*value).to_owned()),
            crate::aws::tls::http_client(None).unwrap(),
        )
    }

    fn endpoint(sdk: &SdkConfig, service: &str, variable: &str) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env(variable)
            .profile("endpoint_url")
            .build()
            .unwrap();
        sdk.service_config().and_then(|endpoints| endpoints.load_config(key))
    }

    #[tokio::test]
    async fn the_role_is_the_one_that_lambda_names() {
        let sdk = read(&[
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "nobody sees this"),
            ("AWS_SESSION_TOKEN", "nor this"),
        ]);
        assert_eq!(sdk.region().map(Region::as_ref), Some("eu-central-1"));
        let credentials = sdk.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!(
            (
                credentials.access_key_id(),
                credentials.secret_access_key(),
                credentials.session_token(),
                credentials.expiry()
            ),
            ("key", "nobody sees this", Some("nor this"), None)
        );
        let printed = format!("{sdk:?} {credentials:?}");
        assert!(
            printed.contains("Credentials")
                && !printed.contains("nobody sees this")
                && !printed.contains("nor this"),
            "{printed}"
        );
    }

    #[test]
    fn half_a_key_is_none() {
        assert!(read(&[("AWS_ACCESS_KEY_ID", "key")]).credentials_provider().is_none());
        assert!(
            read(&[("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "")])
                .credentials_provider()
                .is_none()
        );
    }

    #[test]
    fn endpoints_are_named_for_all_services_or_for_one() {
        let sdk = read(&[
            ("AWS_ENDPOINT_URL", "https://all.example"),
            ("AWS_ENDPOINT_URL_SES", "https://ses.example"),
        ]);
        assert_eq!(sdk.endpoint_url(), Some("https://all.example"));
        assert_eq!(
            endpoint(&sdk, "SES", "AWS_ENDPOINT_URL").as_deref(),
            Some("https://ses.example")
        );
        assert_eq!(endpoint(&sdk, "DynamoDB", "AWS_ENDPOINT_URL"), None);
        assert_eq!(endpoint(&sdk, "SES", "AWS_SOMETHING_ELSE"), None);
        assert_eq!(read(&[]).endpoint_url(), None);
    }

    #[test]
    fn fips_and_dual_stack_are_asked_for_by_variables() {
        let sdk =
            read(&[("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "TRUE")]);
        assert_eq!((sdk.use_fips(), sdk.use_dual_stack()), (Some(true), Some(true)));
        let sdk = read(&[("AWS_USE_FIPS_ENDPOINT", "false")]);
        assert_eq!((sdk.use_fips(), sdk.use_dual_stack()), (Some(false), None));
    }
}
