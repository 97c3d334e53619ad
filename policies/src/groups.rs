//! Which groups each action is in. A test compares this with the schema, which is not read at run time.

/// Every action with the groups that it is in.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("accept_invitation", &["writes"]),
    ("change_role", &["as_administrator", "writes"]),
    ("create_org", &[]),
    ("decline_invitation", &[]),
    ("get_me", &[]),
    ("get_member", &["as_viewer"]),
    ("get_org", &["as_viewer"]),
    ("health", &[]),
    ("invite_member", &["as_administrator", "writes"]),
    ("leave_org", &[]),
    ("list_invitations", &["as_administrator"]),
    ("list_members", &["as_viewer"]),
    ("list_my_invitations", &[]),
    ("list_orgs", &[]),
    ("preview_invitation", &[]),
    ("query_usage", &["as_viewer"]),
    ("record_usage", &["by_service"]),
    ("remove_member", &["as_administrator"]),
    ("resend_invitation", &["as_administrator", "writes"]),
    ("revoke_invitation", &["as_administrator"]),
];
