//! Lists an organization's resources, newest first. The page is read beside the caller's
//! membership.

use orgs_http::domain::Resource;
use orgs_http::domain::resource::ResourceKind;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::store::keys::RESOURCES;
use orgs_http::{Call, ListOf, Reply, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(list_resources, "Lists an organization's resources", handle, query: Filter, answer: ListOf<Resource>);

/// Which resources are listed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Those of this kind.
    kind: Option<ResourceKind>,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let query = call.list_query::<Filter>(|_| &[RESOURCES]);
    let (scene, listed) = call
        .scene_and(org, &query, |query| {
            call.world.store.resources(&org, query.filter.kind, &query.page)
        })
        .await?;
    let _viewer = scene.permit(&Ask::OfOrg(OfOrg::ListResources, scene.facts()))?;
    query?;
    Reply::page(&listed.unwrap_or_default(), Resource::clone)
}
