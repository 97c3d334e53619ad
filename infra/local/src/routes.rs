//! The route table: the one source of what can be called, by whom, and what each function may touch.
//!
//! It mounts the local host, and `cargo run -- contract` writes it to `infra/routes.json` (for infrastructure as code) and
//! `infra/openapi.json`. A new function is one line here, beside its folder and its line in the Cedar schema.

use orgs_http::Function;
use orgs_http::domain::Role;
use serde_json::{Value, json};

/// A function with what makes it run and what it may touch.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The function.
    pub function: Function,
    /// What makes it run.
    pub trigger: Trigger,
    /// What it may touch: the local host refuses everything else, and a deployment's roles say the same.
    pub grants: &'static [Grant],
}

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

/// One thing that a function may do.
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
    /// Read the whole of `core`, and keep how far that is.
    ScanCore,
    /// Delete items of `core`, many at a time.
    PurgeCore,
    /// Write to `usage` in transactions.
    CommitUsage,
    /// Query a partition of `usage`.
    ListUsage,
    /// Read items of `usage` by their keys.
    ReadUsage,
    /// Update single items of `usage`.
    UpdateUsage,
    /// Delete items of `usage`, many at a time.
    PurgeUsage,
    /// Send mail.
    SendMail,
    /// Publish events.
    PublishEvents,
}

impl Grant {
    /// The grant in `infra/routes.json`.
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
            Self::PurgeUsage => "usage:purge",
            Self::ListUsage => "usage:list",
            Self::ReadUsage => "usage:read",
            Self::UpdateUsage => "usage:update",
            Self::SendMail => "mail:send",
            Self::PublishEvents => "events:publish",
        }
    }

    /// The table (or `table/index`) that it is about, where it is about one.
    #[must_use]
    pub fn table(self) -> Option<&'static str> {
        match self {
            Self::ReadCore | Self::ListCore | Self::CommitCore | Self::UpdateCore | Self::ScanCore | Self::PurgeCore => Some("core"),
            Self::SearchCore => Some("core/listing"),
            Self::CommitUsage | Self::ListUsage | Self::ReadUsage | Self::UpdateUsage | Self::PurgeUsage => Some("usage"),
            Self::SendMail | Self::PublishEvents => None,
        }
    }

    /// The calls that it allows, as the SDK names them.
    #[must_use]
    pub fn calls(self) -> &'static [&'static str] {
        match self {
            Self::ReadCore => &["BatchGetItem", "TransactGetItems"],
            Self::ReadUsage => &["BatchGetItem"],
            Self::ListCore | Self::SearchCore | Self::ListUsage => &["Query"],
            Self::CommitCore | Self::CommitUsage => &["TransactWriteItems"],
            Self::UpdateCore | Self::UpdateUsage => &["UpdateItem"],
            Self::ScanCore => &["PutItem", "Scan"],
            Self::PurgeCore | Self::PurgeUsage => &["BatchWriteItem"],
            Self::SendMail => &["SendRawEmail"],
            Self::PublishEvents => &["PutEvents"],
        }
    }

    /// The IAM actions that it means. A transaction is allowed by the actions of its parts.
    #[must_use]
    pub fn iam_actions(self) -> &'static [&'static str] {
        match self {
            Self::ReadCore => &["dynamodb:BatchGetItem", "dynamodb:GetItem"],
            Self::ReadUsage => &["dynamodb:BatchGetItem"],
            Self::ListCore | Self::SearchCore | Self::ListUsage => &["dynamodb:Query"],
            Self::CommitCore => &["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            Self::UpdateCore | Self::UpdateUsage => &["dynamodb:UpdateItem"],
            Self::ScanCore => &["dynamodb:PutItem", "dynamodb:Scan"],
            Self::PurgeCore | Self::PurgeUsage => &["dynamodb:BatchWriteItem", "dynamodb:DeleteItem"],
            Self::CommitUsage => &["dynamodb:PutItem", "dynamodb:UpdateItem"],
            Self::SendMail => &["ses:SendRawEmail"],
            Self::PublishEvents => &["events:PutEvents"],
        }
    }
}

use Caller::{Anybody, Member, MemberOrService, Person, Service, Verified};
use Grant::{
    CommitCore, CommitUsage, ListCore, ListUsage, PublishEvents, PurgeCore, PurgeUsage, ReadCore, ReadUsage, ScanCore, SearchCore,
    SendMail, UpdateCore, UpdateUsage,
};
use Role::{Administrator, Owner, Viewer};

const fn http(
    method: &'static str,
    path: &'static str,
    function: Function,
    caller: Caller,
    success: u16,
    grants: &'static [Grant],
) -> Route {
    Route { function, trigger: Trigger::Http { method, path, caller, success }, grants }
}

/// Every function.
pub const ROUTES: &[Route] = &[
    http("GET", "/v1/health", health::FUNCTION, Anybody, 200, &[]),
    http("GET", "/v1/me", get_me::FUNCTION, Person, 200, &[]),
    http("DELETE", "/v1/me", forget_me::FUNCTION, Person, 204, &[ListCore, ReadCore, CommitCore]),
    http("DELETE", "/v1/users/{user_id}", forget_user::FUNCTION, Service("orgs:operate"), 204, &[ListCore, ReadCore, CommitCore]),
    http("POST", "/v1/orgs", create_org::FUNCTION, Verified, 201, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs", list_orgs::FUNCTION, Person, 200, &[ListCore, ReadCore]),
    http("GET", "/v1/orgs/{org_id}", get_org::FUNCTION, Member(Viewer), 200, &[ReadCore]),
    http("PATCH", "/v1/orgs/{org_id}", update_org::FUNCTION, Member(Administrator), 200, &[ReadCore, CommitCore]),
    http("DELETE", "/v1/orgs/{org_id}", delete_org::FUNCTION, Member(Owner), 204, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/restore", restore_org::FUNCTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    http("PUT", "/v1/orgs/{org_id}/plan", set_plan::FUNCTION, Service("orgs:operate"), 200, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/members", list_members::FUNCTION, Member(Viewer), 200, &[ReadCore, ListCore, SearchCore]),
    http("GET", "/v1/orgs/{org_id}/members/{user_id}", get_member::FUNCTION, Member(Viewer), 200, &[ReadCore]),
    http("PATCH", "/v1/orgs/{org_id}/members/{user_id}", change_role::FUNCTION, Member(Administrator), 200, &[ReadCore, CommitCore]),
    http("DELETE", "/v1/orgs/{org_id}/members/{user_id}", remove_member::FUNCTION, Member(Administrator), 204, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/members", add_member::FUNCTION, Service("orgs:operate"), 201, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/owners", appoint_owner::FUNCTION, Service("orgs:operate"), 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/transfer", transfer_ownership::FUNCTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/leave", leave_org::FUNCTION, Member(Viewer), 204, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/invitations", invite_member::FUNCTION, Member(Administrator), 201, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/invitations/bulk", invite_members::FUNCTION, Member(Administrator), 200, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/invitations", list_invitations::FUNCTION, Member(Administrator), 200, &[ReadCore, ListCore]),
    http(
        "POST",
        "/v1/orgs/{org_id}/invitations/{invitation_id}/resend",
        resend_invitation::FUNCTION,
        Member(Administrator),
        200,
        &[ReadCore, CommitCore],
    ),
    http(
        "POST",
        "/v1/orgs/{org_id}/invitations/{invitation_id}/revoke",
        revoke_invitation::FUNCTION,
        Member(Administrator),
        200,
        &[ReadCore, CommitCore],
    ),
    http("GET", "/v1/invitations", list_my_invitations::FUNCTION, Verified, 200, &[ListCore, ReadCore]),
    http("POST", "/v1/invitations/decline", decline_invitation::FUNCTION, Verified, 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/invitations/preview", preview_invitation::FUNCTION, Anybody, 200, &[ReadCore]),
    http("POST", "/v1/invitations/accept", accept_invitation::FUNCTION, Verified, 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/mail/opt-out/{token}", opt_out::FUNCTION, Anybody, 200, &[ReadCore, UpdateCore, ListCore]),
    http("POST", "/v1/orgs/{org_id}/resources", create_resource::FUNCTION, Member(Administrator), 201, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/resources", list_resources::FUNCTION, Member(Viewer), 200, &[ReadCore, ListCore, SearchCore]),
    http("GET", "/v1/orgs/{org_id}/resources/{resource_id}", get_resource::FUNCTION, Member(Viewer), 200, &[ReadCore]),
    http(
        "PATCH",
        "/v1/orgs/{org_id}/resources/{resource_id}",
        update_resource::FUNCTION,
        Member(Administrator),
        200,
        &[ReadCore, CommitCore],
    ),
    http(
        "DELETE",
        "/v1/orgs/{org_id}/resources/{resource_id}",
        delete_resource::FUNCTION,
        Member(Administrator),
        204,
        &[ReadCore, CommitCore],
    ),
    http("POST", "/v1/orgs/{org_id}/access", check_access::FUNCTION, MemberOrService(Viewer, "access:check"), 200, &[ReadCore, ListUsage]),
    http("GET", "/v1/orgs/{org_id}/policies", get_policies::FUNCTION, Member(Administrator), 200, &[ReadCore]),
    http("PUT", "/v1/orgs/{org_id}/policies", set_policies::FUNCTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/audit", list_audit::FUNCTION, Member(Administrator), 200, &[ReadCore, ListCore]),
    http("POST", "/v1/orgs/{org_id}/usage/events", record_usage::FUNCTION, Service("usage:write"), 200, &[ReadCore, CommitUsage]),
    http(
        "POST",
        "/v1/orgs/{org_id}/usage/void",
        void_usage::FUNCTION,
        Service("usage:write"),
        200,
        &[ReadCore, CommitCore, ReadUsage, CommitUsage],
    ),
    http("GET", "/v1/orgs/{org_id}/usage", query_usage::FUNCTION, Member(Viewer), 200, &[ReadCore, ListUsage]),
    http("GET", "/v1/account/usage", query_account_usage::FUNCTION, Person, 200, &[ListUsage]),
    http("GET", "/v1/orgs/{org_id}/budget", get_budget::FUNCTION, Member(Viewer), 200, &[ReadCore, ListUsage]),
    http("PUT", "/v1/orgs/{org_id}/budget", set_budget::FUNCTION, Member(Owner), 200, &[ReadCore, CommitCore, ListUsage]),
    http("GET", "/v1/orgs/{org_id}/billing", get_billing::FUNCTION, Member(Administrator), 200, &[ReadCore]),
    http("PUT", "/v1/orgs/{org_id}/billing", set_billing::FUNCTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    Route { function: console::FUNCTION, trigger: Trigger::Page { paths: &["/", "/invitations", "/assets/{file}"] }, grants: &[] },
    Route { function: record_delivery::FUNCTION, trigger: Trigger::MailFeedback, grants: &[UpdateCore, ListCore] },
    Route {
        function: deliver_invitation::FUNCTION,
        trigger: Trigger::Stream(Records::MailOrders),
        grants: &[UpdateCore, ReadCore, SearchCore, SendMail],
    },
    Route {
        function: alert_budget::FUNCTION,
        trigger: Trigger::Stream(Records::Spending),
        grants: &[ReadCore, SearchCore, ListUsage, UpdateUsage, SendMail],
    },
    Route { function: reconcile::FUNCTION, trigger: Trigger::Hourly, grants: &[ScanCore, ReadCore, ListCore] },
    Route {
        function: purge_orgs::FUNCTION,
        trigger: Trigger::Hourly,
        grants: &[ListCore, ReadCore, CommitCore, PurgeCore, ListUsage, PurgeUsage],
    },
    Route { function: publish_events::FUNCTION, trigger: Trigger::Stream(Records::All), grants: &[PublishEvents] },
];
