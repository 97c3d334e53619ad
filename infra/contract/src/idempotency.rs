//! The operations that take an `Idempotency-Key`.

use orgs_runtime::action::{Action, Trigger};

/// The actions that store no response under an `Idempotency-Key`. They change nothing, or each of
/// their items is idempotent by itself.
const STORE_NO_RESPONSE: [&str; 8] = [
    "check_access",
    "create_hold",
    "invite_members",
    "opt_out",
    "preview_invitation",
    "record_usage",
    "release_hold",
    "update_hold",
];

/// Returns true if the action stores its response under an `Idempotency-Key`.
pub(super) fn takes_idempotency_key(action: &Action) -> bool {
    let changes = matches!(action.trigger, Trigger::Http { method, .. } if method != "GET");
    changes && !STORE_NO_RESPONSE.contains(&action.name())
}
