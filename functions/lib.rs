//! The actions of the product: one file per action, in a folder per noun.
//!
//! [`registry`] lists the actions. The Lambda binary, the local host and the contract generator all
//! read that list.

pub mod console;
pub mod health;
pub mod registry;

/// Actions that check permissions.
pub mod access {
    pub mod check_access;
}

/// Actions on audit records.
pub mod audit {
    pub mod list_audit;
}

/// Actions on the billing of an organization.
pub mod billing {
    pub mod get_billing;
    pub mod set_billing;
}

/// Actions on the monthly budget of an organization.
pub mod budget {
    pub mod get_budget;
    pub mod set_budget;
}

/// Actions on holds: credits of the budget that are reserved before a run.
pub mod holds {
    mod budget_limit;
    pub mod create_hold;
    pub mod get_hold;
    pub mod list_holds;
    pub mod release_hold;
    pub mod update_hold;
}

/// Actions on invitations, for members and for the people whom they invite.
pub mod invitations {
    pub mod accept_invitation;
    pub mod decline_invitation;
    pub mod get_invitation;
    pub mod invite_member;
    pub mod invite_members;
    pub mod list_invitations;
    pub mod list_my_invitations;
    pub mod opt_out;
    pub mod preview_invitation;
    pub mod resend_invitation;
    pub mod revoke_invitation;
}

/// Jobs that run every hour.
pub mod jobs {
    pub mod close_months;
    pub mod purge_orgs;
    pub mod reconcile_counts;
}

/// Actions on the caller, and on all memberships of a person.
pub mod me {
    pub mod forget_me;
    pub mod forget_user;
    pub mod get_me;
}

/// Actions on the members of an organization.
pub mod members {
    pub mod add_member;
    pub mod appoint_owner;
    pub mod change_role;
    pub mod get_member;
    pub mod leave_org;
    pub mod list_members;
    pub mod remove_member;
    pub mod transfer_ownership;
}

/// Actions on organizations and their plans.
pub mod orgs {
    pub mod create_org;
    pub mod delete_org;
    pub mod get_org;
    pub mod list_orgs;
    pub mod restore_org;
    pub mod set_plan;
    pub mod update_org;
}

/// Actions on the policies that the owners of an organization set.
pub mod policies {
    pub mod get_policies;
    pub mod set_policies;
}

/// Actions on resources: agents, knowledge bases and sources.
pub mod resources {
    pub mod create_resource;
    pub mod delete_resource;
    pub mod get_resource;
    pub mod list_resources;
    pub mod update_resource;
}

/// Handlers of table streams, of the mail queue and of SES's reports.
pub mod streams {
    pub mod alert_budget;
    pub mod publish_events;
    pub mod record_mail_feedback;
    pub mod send_mail;
}

/// Actions on usage, which is counted in credits.
pub mod usage {
    mod account_report;
    pub mod get_org_statement;
    pub mod get_statement;
    pub mod list_billed_accounts;
    pub mod query_account_usage;
    pub mod query_billed_usage;
    pub mod query_usage;
    pub mod record_usage;
    mod statement_page;
    pub mod void_usage;
}
