//! Lists the resources of an organization, newest first. The page is read at the same time as the
//! caller's membership, and discarded if the caller is denied.

use orgs_domain::Resource;
use orgs_domain::Role;
use orgs_domain::resource::ResourceKind;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{ListOf, OrgContext, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::keys::RESOURCES;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(list_resources, query: Filter, returns: ListOf<Resource>)
    .summary("List resources")
    .description("Returns the newest resources first. Filter by kind.")
    .get("/v1/orgs/{org_id}/resources", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore, Grant::ListCore, Grant::SearchCore])
    .problems(&[ProblemCode::ValidationFailed]);

/// The filter of the resources.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only resources of this kind.
    kind: Option<ResourceKind>,
}

async fn list_resources(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|_| &[RESOURCES]);
    let (org, listed) = OrgContext::load_with_page(ctx, org_id, &query, |query| {
        ctx.app.store.resources(&org_id, query.filter.kind, &query.page)
    })
    .await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::ListResources))?;
    query?;
    Response::page(&listed.unwrap_or_default(), Resource::clone)
}
