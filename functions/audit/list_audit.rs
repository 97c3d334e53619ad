//! Lists the audit records of an organization, newest first.
//!
//! The page is read after the caller is authorized, not at the same time as the membership: a
//! filtered page reads up to 1,000 records, and outsiders must not be able to cause that.

use chrono::{DateTime, Utc};
use orgs_domain::Role;
use orgs_domain::audit::AuditRecord;
use orgs_domain::time::optional_rfc3339;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    ListOf, ListQuery, OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result,
    action,
};
use orgs_store::AuditFilter;
use orgs_store::keys::AUDIT;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(list_audit, query: Filter, returns: ListOf<AuditRecord>)
    .summary("List audit records")
    .description("Returns the newest records first. Filter by time, by action, or by both.")
    .get("/v1/orgs/{org_id}/audit", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::ListCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::ValidationFailed]);

/// The filter of the records.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only records from this time on, inclusive, in the format of RFC 3339.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    from: Option<DateTime<Utc>>,
    /// Only records before this time, exclusive, in the format of RFC 3339.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    to: Option<DateTime<Utc>>,
    /// Only records of the action with this name, such as `change_role`.
    #[serde(default, deserialize_with = "action")]
    #[schema(value_type = Option<String>)]
    action: Option<String>,
}

fn action<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer)?;
    if ActionName::named(&name).is_some() {
        Ok(Some(name))
    } else {
        Err(serde::de::Error::custom("must be the name of an action, such as `change_role`"))
    }
}

async fn list_audit(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|_| &[AUDIT]);
    let org = OrgContext::load(ctx, org_id, OrgContextQuery::default()).await?;
    let _administrator = org.authorize(&AuthzRequest::new(ActionName::ListAudit))?;
    let ListQuery { page, filter: Filter { from, to, action } } = query?;
    let listed = ctx.app.store.audit(&org_id, &AuditFilter { from, to, action }, &page).await?;
    Response::page(&listed, AuditRecord::clone)
}
