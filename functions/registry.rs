//! The registry of actions: the declaration of each, in one list.
//!
//! The Lambda binary looks its action up here, the local host mounts the whole list, and `cargo run
//! -- contract` writes the generated files from it. `docs/ADDING_AN_ACTION.md` has the steps for a
//! new one.

use orgs_runtime::action::{Action, Function, Grant};
use orgs_store::WarmUp;

use crate::{
    access, audit, billing, budget, console, health, holds, invitations, jobs, me, members, orgs,
    policies, resources, streams, usage,
};

/// The declarations of all actions.
pub const ACTIONS: &[Action] = &[
    health::ACTION,
    me::get_me::ACTION,
    me::forget_me::ACTION,
    me::forget_user::ACTION,
    orgs::create_org::ACTION,
    orgs::list_orgs::ACTION,
    orgs::get_org::ACTION,
    orgs::update_org::ACTION,
    orgs::delete_org::ACTION,
    orgs::restore_org::ACTION,
    orgs::set_plan::ACTION,
    members::list_members::ACTION,
    members::get_member::ACTION,
    members::change_role::ACTION,
    members::remove_member::ACTION,
    members::add_member::ACTION,
    members::appoint_owner::ACTION,
    members::transfer_ownership::ACTION,
    members::leave_org::ACTION,
    invitations::invite_member::ACTION,
    invitations::invite_members::ACTION,
    invitations::list_invitations::ACTION,
    invitations::get_invitation::ACTION,
    invitations::resend_invitation::ACTION,
    invitations::revoke_invitation::ACTION,
    invitations::list_my_invitations::ACTION,
    invitations::decline_invitation::ACTION,
    invitations::preview_invitation::ACTION,
    invitations::accept_invitation::ACTION,
    invitations::opt_out::ACTION,
    resources::create_resource::ACTION,
    resources::list_resources::ACTION,
    resources::get_resource::ACTION,
    resources::update_resource::ACTION,
    resources::delete_resource::ACTION,
    access::check_access::ACTION,
    policies::get_policies::ACTION,
    policies::set_policies::ACTION,
    audit::list_audit::ACTION,
    usage::record_usage::ACTION,
    usage::void_usage::ACTION,
    usage::query_usage::ACTION,
    usage::query_account_usage::ACTION,
    usage::query_billed_usage::ACTION,
    budget::get_budget::ACTION,
    budget::set_budget::ACTION,
    billing::get_billing::ACTION,
    billing::set_billing::ACTION,
    console::ACTION,
    streams::record_mail_feedback::ACTION,
    streams::send_mail::ACTION,
    streams::alert_budget::ACTION,
    jobs::reconcile_counts::ACTION,
    jobs::purge_orgs::ACTION,
    jobs::close_months::ACTION,
    streams::publish_events::ACTION,
    usage::get_statement::ACTION,
    usage::list_billed_accounts::ACTION,
    usage::get_org_statement::ACTION,
    holds::create_hold::ACTION,
    holds::get_hold::ACTION,
    holds::list_holds::ACTION,
    holds::update_hold::ACTION,
    holds::release_hold::ACTION,
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
