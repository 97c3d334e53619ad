//! Changes the name, description, metadata or settings of an organization. Only owners can change
//! the settings.

use orgs_domain::OrgName;
use orgs_domain::Role;
use orgs_domain::name::{Description, Metadata};
use orgs_domain::org::Settings;
use orgs_domain::org_update::{self, OrgPatch};
use orgs_domain::patch::Patch;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action, non_null,
};
use orgs_views::OrgView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(update_org, body: UpdateOrg, returns: OrgView)
    .summary("Update an organization")
    .description(
        "Changes the fields that the body contains. Only owners can change `settings`. A request \
         without changes leaves the version as it is.",
    )
    .patch("/v1/orgs/{org_id}", Caller::Member(Role::Administrator))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::VersionMismatch,
    ])
    .event("Changed the organization", Shape::Object("Org"), Shape::Object("Org"));

/// The changes of an organization. Absent fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateOrg {
    /// The new name: 1 to 64 characters after trimming. It must not contain control, bidirectional
    /// or zero-width characters, links (`://`, `www.`, `a.example/`), `@` or `=?`.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64, example = "Acme")]
    name: Option<OrgName>,
    /// The new description: at most 500 characters; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "Makers of everything")]
    description: Patch<Description>,
    /// The new metadata, which replaces all of the current metadata: at most 20 entries. A key has 1
    /// to 40 characters and a value at most 500; together they have at most 12 KiB.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = std::collections::BTreeMap<String, String>, required = false, example = json!({"crm": "42"}))]
    metadata: Option<Metadata>,
    /// The new settings, which only owners can change.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = Settings, required = false)]
    settings: Option<Settings>,
}

async fn update_org(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let role = org.caller_member()?.role;
    org.require_capability(ActionName::UpdateOrg)?;
    let UpdateOrg { name, description, metadata, settings } = ctx.body()?;
    let permit = org.authorize(&AuthzRequest::update_org(settings.is_some()))?;
    ctx.if_match(org.org.version)?;
    let patch = OrgPatch { name, description, metadata, settings };
    let Some(change) = org_update::update(&org.org, patch, ctx.now) else {
        return org
            .respond_unchanged(
                &permit,
                Response::ok(&OrgView::of(&org.org, role))?.version(org.org.version),
            )
            .await;
    };
    let response =
        Response::ok(&OrgView::of(change.after(), role))?.version(change.after().version);
    org.commit(&permit, &change, response).await
}
