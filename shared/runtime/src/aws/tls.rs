//! The HTTP client for all calls to AWS. It trusts Amazon's own roots, because parsing the system's
//! whole bundle would take most of a cold start.

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use lambda_http::Error;

/// The roots of Amazon Trust Services, which sign the certificates of AWS's endpoints:
/// <https://www.amazontrust.com/repository/>.
const ROOTS: &str = include_str!("roots.pem");

/// Returns a client that trusts Amazon's roots, and those in the PEM file `ca_file`, such as a
/// proxy's.
///
/// # Errors
/// If the file cannot be read, or TLS cannot be set up.
pub(crate) fn http_client(ca_file: Option<&str>) -> Result<SharedHttpClient, Error> {
    let mut roots = TrustStore::empty().with_pem_certificate(ROOTS);
    if let Some(path) = ca_file {
        roots.add_pem_certificate(
            std::fs::read(path).map_err(|error| format!("the setting CA_FILE: {path}: {error}"))?,
        );
    }
    let context =
        TlsContext::builder().with_trust_store(roots).build().map_err(|error| error.to_string())?;
    let client = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https();
    Ok(SharedHttpClient::new(WhenUsed(client)))
}

/// A client that creates its connectors on first use. The inner client would also create one while
/// a client of a service is built, parse all roots for it, and drop it.
#[derive(Debug)]
struct WhenUsed(SharedHttpClient);

impl HttpClient for WhenUsed {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = http_client(Some("/nowhere/roots.pem")).unwrap_err().to_string();
        assert!(error.starts_with("the setting CA_FILE: /nowhere/roots.pem: "), "{error}");
    }

    #[test]
    fn five_roots_are_there() {
        assert_eq!(ROOTS.matches("-----BEGIN CERTIFICATE-----").count(), 5);
        http_client(None).unwrap();
    }
}
