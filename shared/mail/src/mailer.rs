//! Sends mails through SES.

use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_ses::Client;
use aws_sdk_ses::config::retry::RetryConfig;
use aws_sdk_ses::config::timeout::TimeoutConfig;
use aws_sdk_ses::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{MessageTag, RawMessage};
use aws_types::SdkConfig;
use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::url::URL;
use orgs_domain::OrgId;

/// The deployment's settings for mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The sender's address, verified with SES.
    pub sender: String,
    /// The name of the sender.
    pub sender_name: String,
    /// The name of the product.
    pub product_name: String,
    /// The URL of the logo at the top of a mail. By default, the product's name is there.
    pub logo_url: Option<String>,
    /// The link for questions: a page or a `mailto:` address.
    pub support_url: Option<String>,
    /// The URL of the product. Notices to owners link to it.
    pub app_url: Option<String>,
    /// The base URL of the links in mails.
    pub public_url: String,
    /// The SES configuration set that reports bounces and complaints.
    pub configuration_set: Option<String>,
}

impl MailSettings {
    /// Returns the link for questions, and its text.
    pub(crate) fn support(&self) -> Option<(&str, &str)> {
        self.support_url.as_deref().map(|url| (url, url.strip_prefix("mailto:").unwrap_or(url)))
    }

    /// Returns the link to an organization in the product. Returns None without `app_url`.
    pub(crate) fn app_link(&self, org: OrgId) -> Option<String> {
        let url = self.app_url.as_deref()?;
        let separator = if url.contains('?') { '&' } else { '?' };
        Some(format!("{url}{separator}org_id={org}"))
    }
}

/// A mail, ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The recipient's address, in ASCII.
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// The URL of the one-click unsubscribe of RFC 8058. Notices have none.
    pub opt_out_url: Option<String>,
    /// The tags that SES returns with its feedback: letters, digits, `_` and `-` only.
    pub tags: Vec<(&'static str, String)>,
}

/// An error that kept a mail from being sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// SES rejects this mail. A retry does not help.
    #[error("SES refuses the mail: {0}")]
    Refused(String),
    /// SES is unavailable or throttles, or the account may not send at the moment. A retry can
    /// help.
    #[error("SES is not available: {0}")]
    Unavailable(String),
}

/// Sends mails. Cloning is cheap; the first use creates the client.
#[derive(Debug, Clone)]
pub struct Mailer {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    settings: MailSettings,
}

/// SES's error codes about a single mail. Codes about the account, such as
/// `AccountSendingPausedException`, are not in this list: a retry succeeds once the operator fixed
/// the account.
const REFUSALS: [&str; 2] = ["MessageRejected", "InvalidParameterValue"];

impl Mailer {
    /// Creates a mailer for the endpoint of `sdk`.
    #[must_use]
    pub fn new(sdk: &SdkConfig, settings: MailSettings) -> Self {
        Self { sdk: sdk.clone(), client: OnceLock::new(), settings }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let timeouts = TimeoutConfig::builder()
                .connect_timeout(Duration::from_millis(500))
                // No timeout per attempt: SES may have sent a mail whose response is late, so the
                // SDK must not send it again.
                .operation_timeout(Duration::from_secs(5))
                .build();
            let config = aws_sdk_ses::config::Builder::from(&self.sdk)
                .timeout_config(timeouts)
                .retry_config(RetryConfig::standard().with_max_attempts(3))
                .build();
            Client::from_conf(config)
        })
    }

    /// Returns the settings for mails.
    #[must_use]
    pub fn settings(&self) -> &MailSettings {
        &self.settings
    }

    /// Sends a mail with the date `now`.
    ///
    /// # Errors
    /// Returns [`MailError`] if SES rejects the mail or is unavailable.
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), MailError> {
        let raw = RawMessage::builder()
            .data(Blob::new(self.mime(message, now)?))
            .build()
            .map_err(|error| MailError::Refused(error.to_string()))?;
        let mut call = self
            .client()
            .send_raw_email()
            .raw_message(raw)
            .set_configuration_set_name(self.settings.configuration_set.clone());
        for (name, value) in &message.tags {
            call = call.tags(
                MessageTag::builder()
                    .name(*name)
                    .value(value)
                    .build()
                    .map_err(|error| MailError::Refused(error.to_string()))?,
            );
        }
        let Err(error) = call.send().await else { return Ok(()) };
        let refused = error.code().is_some_and(|code| REFUSALS.contains(&code));
        // SES's own message can contain the recipient's address, which must not be logged.
        let what = match &error {
            SdkError::ServiceError(service) => {
                format!(
                    "{} ({})",
                    error.code().unwrap_or("an error without a code"),
                    service.raw().status()
                )
            }
            SdkError::TimeoutError(_) => "no answer in time".to_owned(),
            SdkError::DispatchFailure(_) => "no connection".to_owned(),
            _ => "no usable answer".to_owned(),
        };
        Err(if refused { MailError::Refused(what) } else { MailError::Unavailable(what) })
    }

    fn mime(&self, message: &Message, now: DateTime<Utc>) -> Result<Vec<u8>, MailError> {
        let mut builder = MessageBuilder::new()
            .from((self.settings.sender_name.as_str(), self.settings.sender.as_str()))
            .to(message.to.as_str())
            .subject(message.subject.as_str())
            .date(now.timestamp())
            .text_body(message.text.as_str())
            .html_body(message.html.as_str());
        if let Some(url) = &message.opt_out_url {
            builder = builder
                .header("List-Unsubscribe", URL::new(url.as_str()))
                .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
        }
        builder.write_to_vec().map_err(|error| MailError::Refused(error.to_string()))
    }
}
