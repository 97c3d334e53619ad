//! Lists an organization's resources, newest first. The page is read beside the caller's
//! membership.

use orgs_runtime::domain::Resource;
use orgs_runtime::domain::resource::ResourceKind;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::store::keys::RESOURCES;
use orgs_runtime::{ListOf, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(list_resources, "Lists an organization's resources", handle, query: Filter, answer: ListOf<Resource>);

/// Which resources are listed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Those of this kind.
    kind: Option<ResourceKind>,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|_| &[RESOURCES]);
    let (scene, listed) = ctx
        .scene_and(org, &query, |query| {
            ctx.app.store.resources(&org, query.filter.kind, &query.page)
        })
        .await?;
    let _viewer = scene.authorize(&Ask::OfOrg(OfOrg::ListResources, scene.facts()))?;
    query?;
    Response::page(&listed.unwrap_or_default(), Resource::clone)
}
