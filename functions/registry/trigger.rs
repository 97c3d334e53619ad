//! What makes a function run, and who may call it.

use orgs_http::domain::Role;
use serde_json::{Value, json};

/// What makes a function run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A request.
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
    /// A request for the page, or a file of it: GET and HEAD, by anybody.
    Page {
        /// The paths, with parameters in braces.
        paths: &'static [&'static str],
    },
    /// Records of a table's stream.
    Stream(Records),
    /// The hour, whenever it is full.
    Hourly,
    /// What SES reports of mails, through SNS.
    MailFeedback,
}

/// Which records of a table's stream a function is handed: new audit records, or counters of usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// Those that ask for a mail.
    MailOrders,
    /// All.
    All,
    /// Counters of months in which something was used, in the stream of the table `usage`.
    Spending,
}

impl Records {
    /// The pattern of the event source's filter.
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

    /// The table whose stream it is.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::MailOrders | Self::All => "core",
            Self::Spending => "usage",
        }
    }

    /// How many records are handed over at once.
    #[must_use]
    pub fn batch_size(self) -> u32 {
        match self {
            Self::MailOrders | Self::All => 10,
            Self::Spending => 100,
        }
    }

    /// For how many seconds records are gathered before they are handed over. Every batch of usage raises a counter: one look at many of
    /// them costs less.
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
