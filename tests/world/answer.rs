//! Responses. Each is checked against the OpenAPI document when it arrives.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use super::documented;

/// A response of the API.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    pub(super) async fn of(client: &Client, request: RequestBuilder) -> Self {
        let request = request.build().unwrap();
        let (method, path) = (request.method().to_string(), request.url().path().to_owned());
        let response = client.execute(request).await.unwrap();
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        let answer = Self { status, headers, body, text };
        documented::check(&method, &path, &answer);
        answer
    }

    /// Returns the body. Panics if the status differs.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        self.body
    }

    /// Returns the error code if the response is a problem document.
    pub(crate) fn code(&self) -> Option<&str> {
        self.body["code"].as_str()
    }
}

impl fmt::Display for Answer {
    /// Writes the status, the code and their details, as snapshots show them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(code) = self.code() {
            write!(f, " {code}")?;
        }
        for error in self.body["errors"].as_array().into_iter().flatten() {
            write!(
                f,
                " {}:{}",
                error["pointer"].as_str().unwrap_or_default(),
                error["code"].as_str().unwrap_or_default()
            )?;
        }
        if let Some(role) = self.body["required_role"].as_str() {
            write!(f, " needs {role}")?;
        }
        if let Some(policies) =
            self.body["policies"].as_array().filter(|policies| !policies.is_empty())
        {
            write!(
                f,
                " by {}",
                policies.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            )?;
        }
        Ok(())
    }
}
