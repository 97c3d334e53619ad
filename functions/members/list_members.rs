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
    .description(
        "Filter by role, search by the beginning of a name or e-mail address, or do both. Members \
         with a role are sorted by name; a search lists the matches by name first, then the matches \
         by address; all members are sorted by user id, or by name with `sort=name`.",
    )
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
    /// The order of all members. It has no effect with `role` or `q`.
    sort: Option<MemberSort>,
}

/// The order of the members.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MemberSort {
    /// By name, or by address if a member has no name. A change of a name can take a second to
    /// show.
    Name,
}

impl Filter {
    fn members(&self) -> MemberFilter {
        let q = self.q.as_ref().map(MemberSearch::as_str).filter(|q| !q.is_empty());
        match (q, self.role, self.sort) {
            (Some(q), role, _) => MemberFilter::Begins(q.to_owned(), role),
            (None, Some(role), _) => MemberFilter::Role(role),
            (None, None, Some(MemberSort::Name)) => MemberFilter::ByName,
            (None, None, None) => MemberFilter::All,
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
