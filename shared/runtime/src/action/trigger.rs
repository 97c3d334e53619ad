//! Triggers of functions, and callers of routes.

use orgs_domain::Role;
use serde_json::{Value, json};

/// The event that starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A request to the HTTP API.
    Http {
        /// The HTTP method.
        method: &'static str,
        /// The path, with parameters in braces.
        path: &'static str,
        /// The callers of the route.
        caller: Caller,
    },
    /// A GET or HEAD request for the console or one of its files.
    Page {
        /// The paths, with parameters in braces.
        paths: &'static [&'static str],
    },
    /// Records of a table's stream.
    Stream(Records),
    /// Messages of the mail queue.
    MailQueue,
    /// A schedule that runs every hour.
    Hourly,
    /// A report of SES about a mail, through SNS.
    MailFeedback,
}

/// The mail queue: the rule that fills it, and the settings of its event source mapping.
#[derive(Debug, Clone, Copy)]
pub struct MailQueue {
    /// The source of the events that the rule sends to the queue.
    pub source: &'static str,
    /// The largest number of messages in a batch.
    pub batch_size: u32,
    /// The largest number of batches at once. A new production account may send 14 mails a second,
    /// and a batch sends about ten a second.
    pub concurrency: u32,
    /// The visibility timeout in seconds: the time between two deliveries of a failed message.
    pub visibility_seconds: u32,
    /// The number of deliveries before SQS moves a message to the dead-letter queue.
    pub receives: u32,
}

/// The settings of the mail queue. Deliveries of a failed message last six hours.
pub const MAIL_QUEUE: MailQueue = MailQueue {
    source: orgs_events::MAIL_SOURCE,
    batch_size: 5,
    concurrency: 2,
    visibility_seconds: 360,
    receives: 60,
};

/// The stream records that a function receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// All audit records, in the stream of the table `core`.
    All,
    /// Monthly usage counters, in the stream of the table `usage`.
    UsageMonth,
}

impl Records {
    /// Returns the filter pattern of the event source mapping.
    #[must_use]
    pub fn pattern(self) -> Value {
        let there = json!({"S": [{"exists": true}]});
        let (events, image) = match self {
            Self::All => (json!(["INSERT"]), json!({"action": there, "request_id": there})),
            // Statements have a month too, but no organization.
            Self::UsageMonth => {
                (json!(["INSERT", "MODIFY"]), json!({"month": there, "org_id": there}))
            }
        };
        json!({"eventName": events, "dynamodb": {"NewImage": image}})
    }

    /// Returns the table with the stream.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::All => "core",
            Self::UsageMonth => "usage",
        }
    }

    /// Returns the largest number of records in a batch.
    #[must_use]
    pub fn batch_size(self) -> u32 {
        match self {
            Self::All => 10,
            Self::UsageMonth => 100,
        }
    }

    /// Returns the batching window in seconds. Every usage batch raises a counter, so evaluating
    /// many counters at once costs less than evaluating each.
    #[must_use]
    pub fn batching_window_seconds(self) -> u32 {
        match self {
            Self::All => 0,
            Self::UsageMonth => 15,
        }
    }
}

/// The callers of a route, for API Gateway and the documents. The policies decide who is allowed.
///
/// This is the declared kind of caller of an action. The caller of one request, read from its
/// token, is [`crate::Caller`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Everybody, without an identity.
    Anybody,
    /// Every person who is signed in.
    Person,
    /// Every person who is signed in with a verified email address.
    Verified,
    /// A member with this role or a higher one.
    Member(Role),
    /// A service client with this scope.
    Service(&'static str),
    /// The person whose account it is, or a service client with this scope.
    AccountOrService(&'static str),
    /// A member with this role or a higher one, or a service client with this scope.
    MemberOrService(Role, &'static str),
}

impl Caller {
    /// Returns the callers in words, as in "Callers: administrators and owners.".
    #[must_use]
    pub fn describe(self) -> String {
        let words = match self {
            Self::Anybody => "everybody, without a token",
            Self::Person => "every signed-in person",
            Self::Verified => "every signed-in person with a verified e-mail address",
            Self::Member(Role::Viewer) => "members",
            Self::Member(Role::Administrator) => "administrators and owners",
            Self::Member(Role::Owner) => "owners",
            Self::Service(scope) => return format!("service clients with the scope `{scope}`"),
            Self::AccountOrService(scope) => {
                let services = Self::Service(scope).describe();
                return format!("the person whose account it is, and {services}");
            }
            Self::MemberOrService(role, scope) => {
                let (members, services) = (Self::Member(role), Self::Service(scope));
                return format!("{}, and {}", members.describe(), services.describe());
            }
        };
        words.to_owned()
    }
}
