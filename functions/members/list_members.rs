//! Lists an organization's members, or finds them by role, name or address. The page is read beside
//! the caller's membership and thrown away when denied.

use orgs_runtime::domain::member::{MemberSearch, MemberView};
use orgs_runtime::domain::{Member, Role};
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::store::MemberFilter;
use orgs_runtime::{ListOf, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(list_members, "Lists an organization's members", handle, query: Filter, answer: ListOf<MemberView>);

/// Which members are listed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Those with this role.
    role: Option<Role>,
    /// Those whose name or address begins with this, in any case.
    #[schema(value_type = Option<String>, max_length = 100)]
    q: Option<MemberSearch>,
}

impl Filter {
    fn members(&self) -> MemberFilter {
        match (self.q.as_ref().map(MemberSearch::as_str).filter(|q| !q.is_empty()), self.role) {
            (Some(q), role) => MemberFilter::Begins(q.to_owned(), role),
            (None, Some(role)) => MemberFilter::Role(role),
            (None, None) => MemberFilter::All,
        }
    }
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|filter| filter.members().cursors());
    let (scene, listed) = ctx
        .scene_and(org, &query, |query| async move {
            ctx.app.store.members(&org, &query.filter.members(), &query.page).await
        })
        .await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::ListMembers, scene.facts()))?;
    query?;
    Response::page(&listed.unwrap_or_default(), Member::view)
}
