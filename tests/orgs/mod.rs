//! `/v1/orgs`

mod create_org;
mod get_org;
mod list_orgs;
mod reconcile;
