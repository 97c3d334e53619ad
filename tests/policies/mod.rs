//! `/v1/orgs/{org_id}/policies`

mod get_policies;
mod set_policies;
