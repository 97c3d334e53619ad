//! Creates a resource. Who may create one of the cost class `high` is a setting of the
//! organization.

use orgs_runtime::domain::Resource;
use orgs_runtime::domain::name::Metadata;
use orgs_runtime::domain::resource::{self, CostClass, ResourceKind, ResourceName};
use orgs_runtime::policies::{Ask, ResourceFacts};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result, non_null};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(create_resource, "Creates a resource", handle, body: CreateResource, answer: Resource);

/// A new resource.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateResource {
    /// What it is.
    kind: ResourceKind,
    /// 1 to 128 characters after trimming; no control, bidirectional or zero-width character. Not
    /// unique.
    #[schema(value_type = String, min_length = 1, max_length = 128, example = "Support agent")]
    name: ResourceName,
    /// What using it costs; `standard` unless it says.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// At most 20 values, 12 KiB in all: keys of 1 to 40 characters, values of at most 500.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"model": "large"}))]
    metadata: Metadata,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let org = scene.facts();
    // An organization's own policies may forbid some kinds and not others.
    let require_capability = ResourceKind::ALL.iter().map(|kind| {
        scene.require_capability(&Ask::CreateResource {
            org,
            resource: ResourceFacts { kind: *kind, cost_class: CostClass::Standard },
        })
    });
    require_capability.reduce(Result::or).unwrap_or(Ok(()))?;
    let CreateResource { kind, name, cost_class, metadata } = ctx.body()?;
    let cost_class = cost_class.unwrap_or(CostClass::Standard);
    let permit = scene
        .authorize(&Ask::CreateResource { org, resource: ResourceFacts { kind, cost_class } })?;
    let create = resource::create(Resource {
        id: ctx.generate_resource_id(),
        org_id: scene.org.id,
        kind,
        name,
        cost_class,
        metadata,
        created_by: ctx.person()?.user_id.clone(),
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    });
    let response = Response::created(create.resource())?.version(create.resource().version);
    scene.commit(&permit, &create, response).await
}
