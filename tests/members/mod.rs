//! `/v1/orgs/{org_id}/members`, `/v1/orgs/{org_id}/leave`

mod add_member;
mod appoint_owner;
mod change_role;
mod get_member;
mod leave_org;
mod list_members;
mod profile_refresh;
mod remove_member;
mod transfer_ownership;
