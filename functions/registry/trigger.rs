//! Triggers of functions, and callers of routes.

use orgs_http::domain::Role;
use serde_json::{Value, json};

/// The event that starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// An HTTP request.
    Http {
        /// The method.
        method: &'static str,
        /// The path, with parameters in braces.
        path: &'static str,
        /// Who may call.
        caller: Caller,
        /// The status of success.
        success: u16,
    },
    /// A GET or HEAD request of anybody for the console or one of its files.
    Page {
        /// The paths, with parameters in braces.
        paths: &'static [&'static str],
    },
    /// Records of a table's stream.
    Stream(Records),
    /// An hourly schedule.
    Hourly,
    /// A report of SES about a mail, through SNS.
    MailFeedback,
}

/// The stream records that a function receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// Audit records that request a mail.
    MailOrders,
    /// All audit records.
    All,
    /// Monthly usage counters, in the stream of the table `usage`.
    Spending,
}

impl Records {
    /// The filter pattern of the event source mapping.
    #[must_use]
    pub fn pattern(self) -> Value {
        let there = json!({"S": [{"exists": true}]});
        let (events, image) = match self {
            Self::MailOrders => (json!(["INSERT"]), json!({"mail": {"M": {"send_seq": {"N": [{"exists": true}]}}}})),
            Self::All => (json!(["INSERT"]), json!({"action": there, "request_id": there})),
            Self::Spending => (json!(["INSERT", "MODIFY"]), json!({"month": there})),
        };
        json!({"eventName": events, "dynamodb": {"NewImage": image}})
    }

    /// The table with the stream.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::MailOrders | Self::All => "core",
            Self::Spending => "usage",
        }
    }

    /// The largest number of records in a batch.
    #[must_use]
    pub fn batch_size(self) -> u32 {
        match self {
            Self::MailOrders | Self::All => 10,
            Self::Spending => 100,
        }
    }

    /// The batching window in seconds. Every usage batch raises a counter, so evaluating many
    /// counters at once costs less than evaluating each.
    #[must_use]
    pub fn gathered_seconds(self) -> u32 {
        match self {
            Self::MailOrders | Self::All => 0,
            Self::Spending => 15,
        }
    }
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anybody, without an identity.
    Anybody,
    /// Any signed-in person.
    Person,
    /// Any signed-in person with a verified address.
    Verified,
    /// A member with this role, or a higher one.
    Member(Role),
    /// A program with this scope.
    Service(&'static str),
    /// A member with this role, or a higher one, or a program with this scope.
    MemberOrService(Role, &'static str),
}
