//! Changes a resource. Raising one to the cost class `high` is judged like creating one.

use orgs_http::domain::Resource;
use orgs_http::domain::name::Metadata;
use orgs_http::domain::resource::{self, CostClass, ResourceKind, ResourceName, ResourcePatch};
use orgs_http::policies::{Ask, ResourceFacts};
use orgs_http::{Call, Reply, Result, Wants, some};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(update_resource, "Changes a resource", handle, body: UpdateResource, answer: Resource);

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateResource {
    /// 1 to 128 characters after trimming; no control, bidirectional or zero-width character.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 128, example = "Support agent")]
    name: Option<ResourceName>,
    /// What using it costs.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// All of the metadata: what is not in it is gone.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = std::collections::BTreeMap<String, String>, required = false, example = json!({"model": "large"}))]
    metadata: Option<Metadata>,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let id = call.resource_id();
    let scene =
        call.scene(call.org_id()?, Wants { resources: id.as_slice(), ..Wants::default() }).await?;
    let org = scene.facts();
    // Whoever could not change a resource of any kind is not told whether this one is there.
    let could = ResourceKind::ALL.iter().map(|kind| {
        let resource = ResourceFacts { kind: *kind, cost_class: CostClass::Standard };
        scene.could(&Ask::UpdateResource { org, resource, to: CostClass::Standard })
    });
    could.reduce(Result::or).unwrap_or(Ok(()))?;
    let UpdateResource { name, cost_class, metadata } = call.body()?;
    let resource = scene.resource(id.as_ref())?;
    let facts = ResourceFacts { kind: resource.kind, cost_class: resource.cost_class };
    let permit = scene.permit(&Ask::UpdateResource {
        org,
        resource: facts,
        to: cost_class.unwrap_or(resource.cost_class),
    })?;
    call.if_match(resource.version)?;
    let Some(change) =
        resource::update(resource, ResourcePatch { name, cost_class, metadata }, call.now)
    else {
        return scene.unchanged(&permit, Reply::ok(resource)?.version(resource.version)).await;
    };
    let reply = Reply::ok(change.resource())?.version(change.resource().version);
    scene.commit(&permit, &change, reply).await
}
