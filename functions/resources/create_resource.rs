//! Creates a resource. Who may create one of the cost class `high` is a setting of the
//! organization.

use orgs_http::domain::Resource;
use orgs_http::domain::name::Metadata;
use orgs_http::domain::resource::{self, CostClass, ResourceKind, ResourceName};
use orgs_http::policies::{Ask, ResourceFacts};
use orgs_http::{Call, Reply, Result, Wants, some};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(create_resource, "Creates a resource", handle, body: CreateResource, answer: Resource);

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
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// At most 20 values, 12 KiB in all: keys of 1 to 40 characters, values of at most 500.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"model": "large"}))]
    metadata: Metadata,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let org = scene.facts();
    // An organization's own policies may forbid some kinds and not others.
    let could = ResourceKind::ALL.iter().map(|kind| {
        scene.could(&Ask::CreateResource {
            org,
            resource: ResourceFacts { kind: *kind, cost_class: CostClass::Standard },
        })
    });
    could.reduce(Result::or).unwrap_or(Ok(()))?;
    let CreateResource { kind, name, cost_class, metadata } = call.body()?;
    let cost_class = cost_class.unwrap_or(CostClass::Standard);
    let permit =
        scene.permit(&Ask::CreateResource { org, resource: ResourceFacts { kind, cost_class } })?;
    let create = resource::create(Resource {
        id: call.fresh_resource_id(),
        org_id: scene.org.id,
        kind,
        name,
        cost_class,
        metadata,
        created_by: call.person()?.user_id.clone(),
        created_at: call.now,
        updated_at: call.now,
        version: 1,
    });
    let reply = Reply::created(create.resource())?.version(create.resource().version);
    scene.commit(&permit, &create, reply).await
}
