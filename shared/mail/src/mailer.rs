//! Sending through SES.

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

/// What a deployment says of itself in mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The address that mails come from, verified with SES.
    pub sender: String,
    /// The name beside it.
    pub sender_name: String,
    /// The deployer's product.
    pub product_name: String,
    /// An image for the head of a mail.
    pub logo_url: Option<String>,
    /// Where questions go.
    pub support_url: Option<String>,
    /// The deployer's product, which a mail to members leads to.
    pub app_url: Option<String>,
    /// Where the page behind the links is, without a slash at its end.
    pub public_url: String,
    /// The SES configuration set, which reports bounces and complaints.
    pub configuration_set: Option<String>,
}

impl MailSettings {
    /// Where questions go, and how that is shown.
    pub(crate) fn support(&self) -> Option<(&str, &str)> {
        self.support_url.as_deref().map(|url| (url, url.strip_prefix("mailto:").unwrap_or(url)))
    }

    /// The link to an organization in the product.
    pub(crate) fn app_link(&self, org: OrgId) -> Option<String> {
        let url = self.app_url.as_deref()?;
        let separator = if url.contains('?') { '&' } else { '?' };
        Some(format!("{url}{separator}org_id={org}"))
    }
}

/// A mail, ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The recipient, in ASCII.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Where the one click of RFC 8058 goes, where the mail can be declined for the future.
    pub opt_out_url: Option<String>,
    /// What SES sends back with its feedback: letters, digits, `_` and `-` only.
    pub tags: Vec<(&'static str, String)>,
}

/// A mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// SES refuses this mail. A retry does not help.
    #[error("SES refuses the mail: {0}")]
    Refused(String),
    /// SES is unavailable or throttles, or the account may not send at the moment. A retry can help.
    #[error("SES is not available: {0}")]
    Unavailable(String),
}

/// Sends mail. Cheap to clone; its client is made when it is first used.
#[derive(Debug, Clone)]
pub struct Mailer {
    sdk: SdkConfig,
    client: OnceLock<Client>,
    settings: MailSettings,
}

/// SES's error codes about a single mail. Codes about the account, such as
/// `AccountSendingPausedException`, are not in this list: a retry succeeds once the operator fixed the
/// account.
const REFUSALS: [&str; 2] = ["MessageRejected", "InvalidParameterValue"];

impl Mailer {
    /// A mailer in the place that `sdk` names.
    #[must_use]
    pub fn new(sdk: &SdkConfig, settings: MailSettings) -> Self {
        Self { sdk: sdk.clone(), client: OnceLock::new(), settings }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let timeouts = TimeoutConfig::builder()
                .connect_timeout(Duration::from_millis(500))
                // No timeout per attempt: SES may have sent a mail whose response is late, so the SDK must
                // not send it again.
                .operation_timeout(Duration::from_secs(5))
                .build();
            let config = aws_sdk_ses::config::Builder::from(&self.sdk)
                .timeout_config(timeouts)
                .retry_config(RetryConfig::standard().with_max_attempts(3))
                .build();
            Client::from_conf(config)
        })
    }

    /// What the deployment says of itself.
    #[must_use]
    pub fn settings(&self) -> &MailSettings {
        &self.settings
    }

    /// Sends a mail, dated `now`.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), MailError> {
        let raw = RawMessage::builder()
            .data(Blob::new(self.mime(message, now)?))
            .build()
            .map_err(|error| MailError::Refused(error.to_string()))?;
        let mut call = self.client().send_raw_email().raw_message(raw).set_configuration_set_name(self.settings.configuration_set.clone());
        for (name, value) in &message.tags {
            call =
                call.tags(MessageTag::builder().name(*name).value(value).build().map_err(|error| MailError::Refused(error.to_string()))?);
        }
        let Err(error) = call.send().await else { return Ok(()) };
        let refused = error.code().is_some_and(|code| REFUSALS.contains(&code));
        // What SES says of a refusal names the recipient: no address reaches a log.
        let what = match &error {
            SdkError::ServiceError(service) => {
                format!("{} ({})", error.code().unwrap_or("an error without a code"), service.raw().status())
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
