//! Changes a resource. Raising one to the cost class `high` is judged like creating one.

use orgs_runtime::domain::Resource;
use orgs_runtime::domain::name::Metadata;
use orgs_runtime::domain::resource::{self, CostClass, ResourceKind, ResourceName, ResourcePatch};
use orgs_runtime::policies::{Ask, ResourceFacts};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result, non_null};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(update_resource, "Changes a resource", handle, body: UpdateResource, answer: Resource);

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateResource {
    /// 1 to 128 characters after trimming; no control, bidirectional or zero-width character.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 128, example = "Support agent")]
    name: Option<ResourceName>,
    /// What using it costs.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// All of the metadata: what is not in it is gone.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = std::collections::BTreeMap<String, String>, required = false, example = json!({"model": "large"}))]
    metadata: Option<Metadata>,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let id = ctx.resource_id();
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { resources: id.as_slice(), ..OrgContextQuery::default() },
        )
        .await?;
    let org = scene.facts();
    // Whoever could not change a resource of any kind is not told whether this one is there.
    let require_capability = ResourceKind::ALL.iter().map(|kind| {
        let resource = ResourceFacts { kind: *kind, cost_class: CostClass::Standard };
        scene.require_capability(&Ask::UpdateResource { org, resource, to: CostClass::Standard })
    });
    require_capability.reduce(Result::or).unwrap_or(Ok(()))?;
    let UpdateResource { name, cost_class, metadata } = ctx.body()?;
    let resource = scene.resource(id.as_ref())?;
    let facts = ResourceFacts { kind: resource.kind, cost_class: resource.cost_class };
    let permit = scene.authorize(&Ask::UpdateResource {
        org,
        resource: facts,
        to: cost_class.unwrap_or(resource.cost_class),
    })?;
    ctx.if_match(resource.version)?;
    let Some(change) =
        resource::update(resource, ResourcePatch { name, cost_class, metadata }, ctx.now)
    else {
        return scene
            .respond_unchanged(&permit, Response::ok(resource)?.version(resource.version))
            .await;
    };
    let response = Response::ok(change.resource())?.version(change.resource().version);
    scene.commit(&permit, &change, response).await
}
