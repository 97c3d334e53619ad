//! The registry of actions: the declaration of each, in one list.
//!
//! The Lambda binary looks its action up here, the local host mounts the whole list, and `cargo run
//! -- contract` writes the generated files from it. docs/ADDING_AN_ACTION.md has the steps for a
//! new one.

use orgs_runtime::action::{Action, Function, Grant};
use orgs_store::WarmUp;

use crate::access::check_access;
use crate::audit::list_audit;
use crate::billing::{get_billing, set_billing};
use crate::budget::{get_budget, set_budget};
use crate::invitations::{
    accept_invitation, decline_invitation, get_invitation, invite_member, invite_members,
    list_invitations, list_my_invitations, opt_out, preview_invitation, resend_invitation,
    revoke_invitation,
};
use crate::jobs::{purge_orgs, reconcile_counts};
use crate::me::{forget_me, forget_user, get_me};
use crate::members::{
    add_member, appoint_owner, change_role, get_member, leave_org, list_members, remove_member,
    transfer_ownership,
};
use crate::orgs::{create_org, delete_org, get_org, list_orgs, restore_org, set_plan, update_org};
use crate::policies::{get_policies, set_policies};
use crate::resources::{
    create_resource, delete_resource, get_resource, list_resources, update_resource,
};
use crate::streams::{alert_budget, publish_events, record_mail_feedback, send_mail};
use crate::usage::{query_account_usage, query_usage, record_usage, void_usage};
use crate::{console, health};

/// The declarations of all actions.
pub const ACTIONS: &[Action] = &[
    health::ACTION,
    get_me::ACTION,
    forget_me::ACTION,
    forget_user::ACTION,
    create_org::ACTION,
    list_orgs::ACTION,
    get_org::ACTION,
    update_org::ACTION,
    delete_org::ACTION,
    restore_org::ACTION,
    set_plan::ACTION,
    list_members::ACTION,
    get_member::ACTION,
    change_role::ACTION,
    remove_member::ACTION,
    add_member::ACTION,
    appoint_owner::ACTION,
    transfer_ownership::ACTION,
    leave_org::ACTION,
    invite_member::ACTION,
    invite_members::ACTION,
    list_invitations::ACTION,
    get_invitation::ACTION,
    resend_invitation::ACTION,
    revoke_invitation::ACTION,
    list_my_invitations::ACTION,
    decline_invitation::ACTION,
    preview_invitation::ACTION,
    accept_invitation::ACTION,
    opt_out::ACTION,
    create_resource::ACTION,
    list_resources::ACTION,
    get_resource::ACTION,
    update_resource::ACTION,
    delete_resource::ACTION,
    check_access::ACTION,
    get_policies::ACTION,
    set_policies::ACTION,
    list_audit::ACTION,
    record_usage::ACTION,
    void_usage::ACTION,
    query_usage::ACTION,
    query_account_usage::ACTION,
    get_budget::ACTION,
    set_budget::ACTION,
    get_billing::ACTION,
    set_billing::ACTION,
    console::ACTION,
    record_mail_feedback::ACTION,
    send_mail::ACTION,
    alert_budget::ACTION,
    reconcile_counts::ACTION,
    purge_orgs::ACTION,
    publish_events::ACTION,
];

/// The functions with their warm-up calls. The Lambda binary reads this table and not [`ACTIONS`],
/// so that the linker removes the schemas, which only the contract generator needs.
static FUNCTIONS: [(Function, Option<WarmUp>); ACTIONS.len()] = {
    let mut functions = [(health::ACTION.function, None); ACTIONS.len()];
    let mut i = 0;
    while i < ACTIONS.len() {
        functions[i] = (ACTIONS[i].function, warm_up(ACTIONS[i].grants));
        i += 1;
    }
    functions
};

/// Returns the warm-up call of an action: the first read that its grants allow.
const fn warm_up(grants: &[Grant]) -> Option<WarmUp> {
    let mut i = 0;
    while i < grants.len() {
        match grants[i] {
            Grant::ReadCore => return Some(WarmUp::GetCore),
            Grant::ListCore => return Some(WarmUp::QueryCore),
            Grant::ListUsage => return Some(WarmUp::QueryUsage),
            _ => i += 1,
        }
    }
    None
}

/// Returns the function of the action `name` and its warm-up call. A function that reads no table
/// has no warm-up call.
#[must_use]
pub fn function(name: &str) -> Option<(Function, Option<WarmUp>)> {
    FUNCTIONS.iter().find(|(function, _)| function.name == name).copied()
}
