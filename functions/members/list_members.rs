//! Lists an organization's members, or finds them by role, name or address. The page is read beside
//! the caller's membership and thrown away when denied.

use orgs_http::domain::member::{MemberSearch, MemberView};
use orgs_http::domain::{Member, Role};
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::store::MemberFilter;
use orgs_http::{Call, ListOf, Reply, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(list_members, "Lists an organization's members", handle, query: Filter, answer: ListOf<MemberView>);

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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let query = call.list_query::<Filter>(|filter| filter.members().cursors());
    let (scene, listed) = call
        .scene_and(org, &query, |query| async move {
            call.world.store.members(&org, &query.filter.members(), &query.page).await
        })
        .await?;
    let _viewer = scene.permit(&Ask::OfOrg(OfOrg::ListMembers, scene.facts()))?;
    query?;
    Reply::page(&listed.unwrap_or_default(), Member::view)
}
