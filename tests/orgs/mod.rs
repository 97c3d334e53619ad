//! `/v1/orgs`

mod create_org;
mod delete_org;
mod get_org;
mod list_orgs;
mod purge_orgs;
mod reconcile_counts;
mod restore_org;
mod set_plan;
mod update_org;
