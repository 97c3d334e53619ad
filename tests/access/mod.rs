//! `/v1/orgs/{org_id}/access`

mod check_access;
