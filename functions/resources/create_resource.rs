//! Creates a resource. A setting of the organization decides which role may create a resource of
//! the cost class `high`.

use orgs_domain::Resource;
use orgs_domain::Role;
use orgs_domain::name::Metadata;
use orgs_domain::resource::{self, CostClass, ResourceKind, ResourceName};
use orgs_policies::{ActionName, AuthzRequest, ResourceFacts};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action, non_null,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(create_resource, body: CreateResource, returns: Resource)
    .summary("Create a resource")
    .description(
        "The organization's setting `high_cost_creators` decides which role may create a resource \
         of the cost class `high`.",
    )
    .post("/v1/orgs/{org_id}/resources", Caller::Member(Role::Administrator))
    .created()
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::HighCostRestricted,
        ProblemCode::OrgNotActive,
    ])
    .event("Created a resource", Shape::Nothing, Shape::Object("Resource"));

/// The resource to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateResource {
    /// The kind of the resource, which cannot change.
    kind: ResourceKind,
    /// The name: 1 to 128 characters after trimming. It must not contain control, bidirectional or
    /// zero-width characters. It is not unique.
    #[schema(value_type = String, min_length = 1, max_length = 128, example = "Support agent")]
    name: ResourceName,
    /// The cost class of the resource: `standard` by default.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = CostClass, required = false)]
    cost_class: Option<CostClass>,
    /// Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
    /// characters and a value at most 500; together they have at most 12 KiB. The field is
    /// optional.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"model": "large"}))]
    metadata: Metadata,
}

async fn create_resource(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    org.require_capability(ActionName::CreateResource)?;
    let CreateResource { kind, name, cost_class, metadata } = ctx.body()?;
    let cost_class = cost_class.unwrap_or(CostClass::Standard);
    let facts = ResourceFacts { kind, cost_class };
    let permit = org.authorize(&AuthzRequest::create_resource(facts))?;
    let create = resource::create(Resource {
        id: ctx.generate_resource_id(),
        org_id: org.org.id,
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
    org.commit(&permit, &create, response).await
}
