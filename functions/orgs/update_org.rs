//! Changes an organization's own fields. Settings are the owners'.

use orgs_runtime::domain::OrgName;
use orgs_runtime::domain::name::{Description, Metadata};
use orgs_runtime::domain::org::{OrgView, Settings};
use orgs_runtime::domain::org_update::{self, OrgPatch};
use orgs_runtime::domain::patch::Patch;
use orgs_runtime::policies::Ask;
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result, non_null};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(update_org, "Changes an organization's name, description, metadata or settings", handle, body: UpdateOrg, answer: OrgView);

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateOrg {
    /// 1 to 64 characters after trimming; no control, bidirectional or zero-width character, no
    /// link (`://`, `www.`, `a.example/`), no `@`, no `=?`.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64, example = "Acme")]
    name: Option<OrgName>,
    /// At most 500 characters; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "Makers of everything")]
    description: Patch<Description>,
    /// All of the metadata: what is not in it is gone.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = std::collections::BTreeMap<String, String>, required = false, example = json!({"crm": "42"}))]
    metadata: Option<Metadata>,
    /// The owners' settings.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = Settings, required = false)]
    settings: Option<Settings>,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let (org, role) = (scene.facts(), scene.caller_member()?.role);
    scene.require_capability(&Ask::UpdateOrg { org, settings: false })?;
    let UpdateOrg { name, description, metadata, settings } = ctx.body()?;
    let permit = scene.authorize(&Ask::UpdateOrg { org, settings: settings.is_some() })?;
    ctx.if_match(scene.org.version)?;
    let patch = OrgPatch { name, description, metadata, settings };
    let Some(change) = org_update::update(&scene.org, patch, ctx.now) else {
        return scene
            .respond_unchanged(
                &permit,
                Response::ok(&scene.org.view(role))?.version(scene.org.version),
            )
            .await;
    };
    let response = Response::ok(&change.after().view(role))?.version(change.after().version);
    scene.commit(&permit, &change, response).await
}
