//! Lists the members of an organization, or finds them by role, name or address. The page is read
//! at the same time as the caller's membership, and discarded if the caller is denied.

use orgs_domain::Role;
use orgs_domain::member::MemberSearch;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{ListOf, OrgContext, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::MemberFilter;
use orgs_views::MemberView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(list_members, query: Filter, returns: ListOf<MemberView>)
    .summary("List members")
    .description("Filter by role, search by the beginning of a name or e-mail address, or do both.")
    .get("/v1/orgs/{org_id}/members", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore, Grant::ListCore, Grant::SearchCore])
    .problems(&[ProblemCode::ValidationFailed]);

/// The filter of the members.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only members with this role.
    role: Option<Role>,
    /// Only members whose name or e-mail address begins with this text: at most 100 characters, in
    /// upper or lower case.
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

async fn list_members(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|filter| filter.members().cursors());
    let (org, listed) = OrgContext::load_with_page(ctx, org_id, &query, |query| async move {
        ctx.app.store.members(&org_id, &query.filter.members(), &query.page).await
    })
    .await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::ListMembers))?;
    query?;
    Response::page(&listed.unwrap_or_default(), MemberView::of)
}
