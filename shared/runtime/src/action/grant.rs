//! Grants: the AWS calls that a function may make.

/// Permission for one kind of AWS call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Read items of `core` by their keys.
    ReadCore,
    /// Query a partition of `core`.
    ListCore,
    /// Query a partition of the index of `core`.
    SearchCore,
    /// Write to `core` in transactions.
    CommitCore,
    /// Update single items of `core`.
    UpdateCore,
    /// Scan `core`, and store the position of the scan.
    ScanCore,
    /// Delete items of `core`, many at a time.
    PurgeCore,
    /// Write to `usage` in transactions.
    CommitUsage,
    /// Delete items of `usage` in transactions, such as the entries of holds that have ended.
    EndHolds,
    /// Query a partition of `usage`.
    ListUsage,
    /// Read items of `usage` by their keys.
    ReadUsage,
    /// Update single items of `usage`.
    UpdateUsage,
    /// Delete items of `usage`, many at a time.
    PurgeUsage,
    /// Send mails through SES.
    SendMail,
    /// Publish events on the EventBridge bus.
    PublishEvents,
}

impl Grant {
    /// Returns the grant's name in `infra/routes.json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadCore => "core:read",
            Self::ListCore => "core:list",
            Self::SearchCore => "core:search",
            Self::CommitCore => "core:commit",
            Self::UpdateCore => "core:update",
            Self::ScanCore => "core:scan",
            Self::PurgeCore => "core:purge",
            Self::CommitUsage => "usage:commit",
            Self::EndHolds => "usage:end-holds",
            Self::PurgeUsage => "usage:purge",
            Self::ListUsage => "usage:list",
            Self::ReadUsage => "usage:read",
            Self::UpdateUsage => "usage:update",
            Self::SendMail => "mail:send",
            Self::PublishEvents => "events:publish",
        }
    }

    /// Returns the table, or `table/index`. Returns None for mails and events.
    #[must_use]
    pub fn table(self) -> Option<&'static str> {
        match self {
            Self::ReadCore
            | Self::ListCore
            | Self::CommitCore
            | Self::UpdateCore
            | Self::ScanCore
            | Self::PurgeCore => Some("core"),
            Self::SearchCore => Some("core/listing"),
            Self::CommitUsage
            | Self::EndHolds
            | Self::ListUsage
            | Self::ReadUsage
            | Self::UpdateUsage
            | Self::PurgeUsage => Some("usage"),
            Self::SendMail | Self::PublishEvents => None,
        }
    }

    /// Returns the SDK operations that the grant allows.
    #[must_use]
    pub fn calls(self) -> &'static [&'static str] {
        match self {
            Self::ReadCore => &["BatchGetItem", "TransactGetItems"],
            Self::ReadUsage => &["BatchGetItem"],
            Self::ListCore | Self::SearchCore | Self::ListUsage => &["Query"],
            Self::CommitCore | Self::CommitUsage | Self::EndHolds => &["TransactWriteItems"],
            Self::UpdateCore | Self::UpdateUsage => &["UpdateItem"],
            Self::ScanCore => &["PutItem", "Scan"],
            Self::PurgeCore | Self::PurgeUsage => &["BatchWriteItem"],
            Self::SendMail => &["SendRawEmail"],
            Self::PublishEvents => &["PutEvents"],
        }
    }

    /// Returns the IAM actions of the grant. IAM checks a transaction by the actions of its parts.
    #[must_use]
    pub fn iam_actions(self) -> &'static [&'static str] {
        match self {
            Self::ReadCore => &["dynamodb:BatchGetItem", "dynamodb:GetItem"],
            Self::ReadUsage => &["dynamodb:BatchGetItem"],
            Self::ListCore | Self::SearchCore | Self::ListUsage => &["dynamodb:Query"],
            Self::CommitCore => &[
                "dynamodb:ConditionCheckItem",
                "dynamodb:DeleteItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
            ],
            Self::UpdateCore | Self::UpdateUsage => &["dynamodb:UpdateItem"],
            Self::ScanCore => &["dynamodb:PutItem", "dynamodb:Scan"],
            Self::PurgeCore | Self::PurgeUsage => {
                &["dynamodb:BatchWriteItem", "dynamodb:DeleteItem"]
            }
            Self::CommitUsage => &["dynamodb:PutItem", "dynamodb:UpdateItem"],
            Self::EndHolds => &["dynamodb:DeleteItem"],
            Self::SendMail => &["ses:SendRawEmail"],
            Self::PublishEvents => &["events:PutEvents"],
        }
    }
}
