//! Changes a resource. Raising a resource to the cost class `high` needs the same role as creating
//! one.

use orgs_domain::Resource;
use orgs_domain::Role;
use orgs_domain::name::Metadata;
use orgs_domain::resource::{self, CostClass, ResourceName, ResourcePatch};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action, non_null,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(update_resource, body: UpdateResource, returns: Resource)
    .summary("Update a resource")
    .description(
        "Changes the fields that the body contains. Raising a resource to the cost class `high` \
         needs the role that may create such a resource. A request without changes leaves the \
         version as it is.",
    )
    .patch("/v1/orgs/{org_id}/resources/{resource_id}", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::HighCostRestricted,
        ProblemCode::OrgNotActive,
        ProblemCode::ResourceNotFound,
        ProblemCode::VersionMismatch,
    ])
    .event("Changed a resource", Shape::Object("Resource"), Shape::Object("Resource"));

/// The changes of a resource. Absent fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateResource {
    /// The new name: 1 to 128 characters after trimming. It must not contain control, bidirectional
    /// or zero-width characters.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 128, example = "Support agent")]
    name: Option<ResourceName>,
    /// The new cost class of the resource.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// The new metadata, which replaces all of the current metadata: at most 20 entries. A key has 1
    /// to 40 characters and a value at most 500; together they have at most 12 KiB.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = std::collections::BTreeMap<String, String>, required = false, example = json!({"model": "large"}))]
    metadata: Option<Metadata>,
}

async fn update_resource(ctx: &RequestContext<'_>) -> Result<Response> {
    let id = ctx.resource_id();
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { resources: id.as_slice(), ..OrgContextQuery::default() },
    )
    .await?;
    org.require_capability(ActionName::UpdateResource)?;
    let UpdateResource { name, cost_class, metadata } = ctx.body()?;
    let resource = org.resource(id.as_ref())?;
    let to = cost_class.unwrap_or(resource.cost_class);
    let permit = org.authorize(&AuthzRequest::update_resource(resource.into(), to))?;
    ctx.if_match(resource.version)?;
    let Some(change) =
        resource::update(resource, ResourcePatch { name, cost_class, metadata }, ctx.now)
    else {
        return org
            .respond_unchanged(&permit, Response::ok(resource)?.version(resource.version))
            .await;
    };
    let response = Response::ok(change.resource())?.version(change.resource().version);
    org.commit(&permit, &change, response).await
}
