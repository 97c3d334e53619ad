//! `/v1/orgs/{org_id}/audit`

mod list_audit;
