//! `/v1/orgs/{org_id}/members`, `/v1/orgs/{org_id}/leave`

mod change_role;
mod get_member;
mod leave_org;
mod list_members;
mod refreshed;
mod remove_member;
