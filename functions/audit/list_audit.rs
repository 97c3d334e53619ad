//! Lists what was changed in an organization, newest first.
//!
//! The page is read after the permit, not beside the membership: with a filter it looks at 1,000
//! records, which outsiders must not be able to cause.

use chrono::{DateTime, Utc};
use orgs_http::domain::audit::AuditRecord;
use orgs_http::domain::time::optional_rfc3339;
use orgs_http::policies::{Ask, GROUPS, OfOrg};
use orgs_http::store::AuditFilter;
use orgs_http::store::keys::AUDIT;
use orgs_http::{Call, ListOf, ListQuery, Reply, Result, Wants};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

orgs_http::action!(list_audit, "Lists what was changed in an organization, and by whom", handle, query: Filter, answer: ListOf<AuditRecord>);

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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let query = call.list_query::<Filter>(|_| &[AUDIT]);
    let scene = call.scene(org, Wants::default()).await?;
    let _administrator = scene.permit(&Ask::OfOrg(OfOrg::ListAudit, scene.facts()))?;
    let ListQuery { page, filter: Filter { from, to, action } } = query?;
    let listed = call.world.store.audit(&org, &AuditFilter { from, to, action }, &page).await?;
    Reply::page(&listed, AuditRecord::clone)
}
