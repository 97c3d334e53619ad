//! Lists what was changed in an organization, newest first.
//!
//! The page is read after the permit, not beside the membership: with a filter it looks at 1,000
//! records, which outsiders must not be able to cause.

use chrono::{DateTime, Utc};
use orgs_runtime::domain::audit::AuditRecord;
use orgs_runtime::domain::time::optional_rfc3339;
use orgs_runtime::policies::{Ask, GROUPS, OfOrg};
use orgs_runtime::store::AuditFilter;
use orgs_runtime::store::keys::AUDIT;
use orgs_runtime::{ListOf, ListQuery, OrgContextQuery, RequestContext, Response, Result};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

orgs_runtime::action!(list_audit, "Lists what was changed in an organization, and by whom", handle, query: Filter, answer: ListOf<AuditRecord>);

/// Which records are listed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// From this time on.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    from: Option<DateTime<Utc>>,
    /// Before this time.
    #[serde(default, deserialize_with = "optional_rfc3339")]
    to: Option<DateTime<Utc>>,
    /// Those of this action: a function's name.
    #[serde(default, deserialize_with = "action")]
    #[schema(value_type = Option<String>)]
    action: Option<String>,
}

fn action<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer)?;
    if GROUPS.iter().any(|(action, _)| *action == name) {
        Ok(Some(name))
    } else {
        Err(serde::de::Error::custom("must be an action"))
    }
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|_| &[AUDIT]);
    let scene = ctx.scene(org, OrgContextQuery::default()).await?;
    let _administrator = scene.authorize(&Ask::OfOrg(OfOrg::ListAudit, scene.facts()))?;
    let ListQuery { page, filter: Filter { from, to, action } } = query?;
    let listed = ctx.app.store.audit(&org, &AuditFilter { from, to, action }, &page).await?;
    Response::page(&listed, AuditRecord::clone)
}
