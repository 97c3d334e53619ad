//! The registry of actions: the trigger, the callers and the grants of each.
//!
//! The Lambda binary looks its action up here, the local host mounts the whole table, and
//! `cargo run -- contract` writes the generated files in `infra/` from it. docs/ADDING_AN_ACTION.md
//! has the steps for a new one.

mod grant;
mod trigger;

use orgs_http::domain::Role;
use orgs_http::store::WarmUp;
use orgs_http::{Action, Function, Schemas};

pub use self::grant::Grant;
pub use self::trigger::{Caller, MAIL_QUEUE, MailQueue, Records, Trigger};
use crate::access::check_access;
use crate::audit::list_audit;
use crate::billing::{get_billing, set_billing};
use crate::budget::{get_budget, set_budget};
use crate::invitations::{
    accept_invitation, decline_invitation, invite_member, invite_members, list_invitations, list_my_invitations, opt_out,
    preview_invitation, resend_invitation, revoke_invitation,
};
use crate::jobs::{purge_orgs, reconcile};
use crate::me::{forget_me, forget_user, get_me};
use crate::members::{add_member, appoint_owner, change_role, get_member, leave_org, list_members, remove_member, transfer_ownership};
use crate::orgs::{create_org, delete_org, get_org, list_orgs, restore_org, set_plan, update_org};
use crate::policies::{get_policies, set_policies};
use crate::resources::{create_resource, delete_resource, get_resource, list_resources, update_resource};
use crate::streams::{alert_budget, deliver_invitation, publish_events, record_delivery};
use crate::usage::{query_account_usage, query_usage, record_usage, void_usage};
use crate::{console, health};

use Caller::{Anybody, Member, MemberOrService, Person, Service, Verified};
use Grant::{
    CommitCore, CommitUsage, ListCore, ListUsage, PublishEvents, PurgeCore, PurgeUsage, ReadCore, ReadUsage, ScanCore, SearchCore,
    SendMail, UpdateCore, UpdateUsage,
};
use Role::{Administrator, Owner, Viewer};

/// An action with its trigger and its grants.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The function.
    pub function: Function,
    /// One line for the contract and for AWS.
    pub summary: &'static str,
    /// The types of its request and response, for the OpenAPI document.
    pub schemas: Schemas,
    /// The event that starts the function.
    pub trigger: Trigger,
    /// The AWS calls that the function may make. The local host and the IAM roles deny all others.
    pub grants: &'static [Grant],
}

/// The functions with their warm-up calls. The Lambda binary reads this table and not [`ROUTES`], so
/// that the linker leaves out the schemas, which only the contract generator needs.
static FUNCTIONS: [(Function, Option<WarmUp>); ROUTES.len()] = {
    let mut functions = [(health::ACTION.function, None); ROUTES.len()];
    let mut i = 0;
    while i < ROUTES.len() {
        functions[i] = (ROUTES[i].function, warm_up(ROUTES[i].grants));
        i += 1;
    }
    functions
};

/// Returns the warm-up call that the grants allow: the first read among them.
const fn warm_up(grants: &[Grant]) -> Option<WarmUp> {
    let mut i = 0;
    while i < grants.len() {
        match grants[i] {
            ReadCore => return Some(WarmUp::GetCore),
            ListCore => return Some(WarmUp::QueryCore),
            ListUsage => return Some(WarmUp::QueryUsage),
            _ => i += 1,
        }
    }
    None
}

/// Returns the function of the action called `name` and its warm-up call. A function without grants
/// on a table has no warm-up call.
#[must_use]
pub fn function(name: &str) -> Option<(Function, Option<WarmUp>)> {
    FUNCTIONS.iter().find(|(function, _)| function.name == name).copied()
}

const fn http(method: &'static str, path: &'static str, action: Action, caller: Caller, success: u16, grants: &'static [Grant]) -> Route {
    driven(action, Trigger::Http { method, path, caller, success }, grants)
}

const fn driven(action: Action, trigger: Trigger, grants: &'static [Grant]) -> Route {
    let Action { function, summary, schemas } = action;
    Route { function, summary, schemas, trigger, grants }
}

/// Every action.
pub const ROUTES: &[Route] = &[
    http("GET", "/v1/health", health::ACTION, Anybody, 200, &[]),
    http("GET", "/v1/me", get_me::ACTION, Person, 200, &[]),
    http("DELETE", "/v1/me", forget_me::ACTION, Person, 204, &[ListCore, ReadCore, CommitCore]),
    http("DELETE", "/v1/users/{user_id}", forget_user::ACTION, Service("orgs:operate"), 204, &[ListCore, ReadCore, CommitCore]),
    http("POST", "/v1/orgs", create_org::ACTION, Verified, 201, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs", list_orgs::ACTION, Person, 200, &[ListCore, ReadCore]),
    http("GET", "/v1/orgs/{org_id}", get_org::ACTION, Member(Viewer), 200, &[ReadCore]),
    http("PATCH", "/v1/orgs/{org_id}", update_org::ACTION, Member(Administrator), 200, &[ReadCore, CommitCore]),
    http("DELETE", "/v1/orgs/{org_id}", delete_org::ACTION, Member(Owner), 204, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/restore", restore_org::ACTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    http("PUT", "/v1/orgs/{org_id}/plan", set_plan::ACTION, Service("orgs:operate"), 200, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/members", list_members::ACTION, Member(Viewer), 200, &[ReadCore, ListCore, SearchCore]),
    http("GET", "/v1/orgs/{org_id}/members/{user_id}", get_member::ACTION, Member(Viewer), 200, &[ReadCore]),
    http("PATCH", "/v1/orgs/{org_id}/members/{user_id}", change_role::ACTION, Member(Administrator), 200, &[ReadCore, CommitCore]),
    http("DELETE", "/v1/orgs/{org_id}/members/{user_id}", remove_member::ACTION, Member(Administrator), 204, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/members", add_member::ACTION, Service("orgs:operate"), 201, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/owners", appoint_owner::ACTION, Service("orgs:operate"), 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/transfer", transfer_ownership::ACTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/leave", leave_org::ACTION, Member(Viewer), 204, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/invitations", invite_member::ACTION, Member(Administrator), 201, &[ReadCore, CommitCore]),
    http("POST", "/v1/orgs/{org_id}/invitations/bulk", invite_members::ACTION, Member(Administrator), 200, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/invitations", list_invitations::ACTION, Member(Administrator), 200, &[ReadCore, ListCore]),
    http(
        "POST",
        "/v1/orgs/{org_id}/invitations/{invitation_id}/resend",
        resend_invitation::ACTION,
        Member(Administrator),
        200,
        &[ReadCore, CommitCore],
    ),
    http(
        "POST",
        "/v1/orgs/{org_id}/invitations/{invitation_id}/revoke",
        revoke_invitation::ACTION,
        Member(Administrator),
        200,
        &[ReadCore, CommitCore],
    ),
    http("GET", "/v1/invitations", list_my_invitations::ACTION, Verified, 200, &[ListCore, ReadCore]),
    http("POST", "/v1/invitations/decline", decline_invitation::ACTION, Verified, 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/invitations/preview", preview_invitation::ACTION, Anybody, 200, &[ReadCore]),
    http("POST", "/v1/invitations/accept", accept_invitation::ACTION, Verified, 200, &[ReadCore, CommitCore]),
    http("POST", "/v1/mail/opt-out/{token}", opt_out::ACTION, Anybody, 200, &[ReadCore, UpdateCore, ListCore]),
    http("POST", "/v1/orgs/{org_id}/resources", create_resource::ACTION, Member(Administrator), 201, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/resources", list_resources::ACTION, Member(Viewer), 200, &[ReadCore, ListCore, SearchCore]),
    http("GET", "/v1/orgs/{org_id}/resources/{resource_id}", get_resource::ACTION, Member(Viewer), 200, &[ReadCore]),
    http(
        "PATCH",
        "/v1/orgs/{org_id}/resources/{resource_id}",
        update_resource::ACTION,
        Member(Administrator),
        200,
        &[ReadCore, CommitCore],
    ),
    http(
        "DELETE",
        "/v1/orgs/{org_id}/resources/{resource_id}",
        delete_resource::ACTION,
        Member(Administrator),
        204,
        &[ReadCore, CommitCore],
    ),
    http("POST", "/v1/orgs/{org_id}/access", check_access::ACTION, MemberOrService(Viewer, "access:check"), 200, &[ReadCore, ListUsage]),
    http("GET", "/v1/orgs/{org_id}/policies", get_policies::ACTION, Member(Administrator), 200, &[ReadCore]),
    http("PUT", "/v1/orgs/{org_id}/policies", set_policies::ACTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    http("GET", "/v1/orgs/{org_id}/audit", list_audit::ACTION, Member(Administrator), 200, &[ReadCore, ListCore]),
    http("POST", "/v1/orgs/{org_id}/usage/events", record_usage::ACTION, Service("usage:write"), 200, &[ReadCore, CommitUsage]),
    http(
        "POST",
        "/v1/orgs/{org_id}/usage/void",
        void_usage::ACTION,
        Service("usage:write"),
        200,
        &[ReadCore, CommitCore, ReadUsage, CommitUsage],
    ),
    http("GET", "/v1/orgs/{org_id}/usage", query_usage::ACTION, Member(Viewer), 200, &[ReadCore, ListUsage]),
    http("GET", "/v1/account/usage", query_account_usage::ACTION, Person, 200, &[ListUsage]),
    http("GET", "/v1/orgs/{org_id}/budget", get_budget::ACTION, Member(Viewer), 200, &[ReadCore, ListUsage]),
    http("PUT", "/v1/orgs/{org_id}/budget", set_budget::ACTION, Member(Owner), 200, &[ReadCore, CommitCore, ListUsage]),
    http("GET", "/v1/orgs/{org_id}/billing", get_billing::ACTION, Member(Administrator), 200, &[ReadCore]),
    http("PUT", "/v1/orgs/{org_id}/billing", set_billing::ACTION, Member(Owner), 200, &[ReadCore, CommitCore]),
    driven(console::ACTION, Trigger::Page { paths: &["/", "/invitations", "/assets/{file}"] }, &[]),
    driven(record_delivery::ACTION, Trigger::MailFeedback, &[UpdateCore, ListCore]),
    driven(deliver_invitation::ACTION, Trigger::MailQueue, &[UpdateCore, ReadCore, SearchCore, SendMail]),
    driven(alert_budget::ACTION, Trigger::Stream(Records::Spending), &[ReadCore, SearchCore, ListUsage, UpdateUsage, SendMail]),
    driven(reconcile::ACTION, Trigger::Hourly, &[ScanCore, ReadCore, ListCore]),
    driven(purge_orgs::ACTION, Trigger::Hourly, &[ListCore, ReadCore, CommitCore, PurgeCore, ListUsage, PurgeUsage]),
    driven(publish_events::ACTION, Trigger::Stream(Records::All), &[PublishEvents]),
];
